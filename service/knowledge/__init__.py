"""What the store knows, in memory: entities under all their names, words, facts, where things are."""
