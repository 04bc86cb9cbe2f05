"""What a question asks: its intent, the noun, names, conditions and topic that it gives."""
