"""Who did what to whom: read in questions and in sentences, and weighed against each other."""
