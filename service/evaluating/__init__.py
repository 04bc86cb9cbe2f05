"""How good and how fast: questions with known answers, scores, the bench, the fit of the support."""
