"""A question in its conversation: what it leans on, said in full."""
