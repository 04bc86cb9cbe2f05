"""Questions over the rows of imported project tables."""
