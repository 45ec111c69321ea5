"""Tasks, documents and predictions: files -> objects."""
