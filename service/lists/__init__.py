"""Complete lists: every member that fits, found over all facts and all sentences."""
