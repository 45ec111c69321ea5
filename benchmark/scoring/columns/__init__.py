"""One side of a chunk of documents as columns."""
