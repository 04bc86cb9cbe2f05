"""What is known and where it is written: documents, passages, entities, facts and their store."""
