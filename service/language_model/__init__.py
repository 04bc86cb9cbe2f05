"""The optional language model: it may say a sentence of an answer otherwise, and is never trusted."""
