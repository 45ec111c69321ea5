"""JSON Schemas read into the field tree: keywords united, every kind of place given a node."""
