"""An answer in words: composed, cited, checked word by word against what it cites."""
