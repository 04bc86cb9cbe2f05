"""Tests, one file per noun; this package puts the checkout first on the import path."""
