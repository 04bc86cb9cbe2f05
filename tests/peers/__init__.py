"""Other programs over the same passages with the same model, measured beside ImpactQA (see compare.py)."""
