"""Figures: found, compared, added up, ranked."""
