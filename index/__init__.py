"""How it is found: embeddings in FAISS, BM25 over the same texts, one fused ranking."""
