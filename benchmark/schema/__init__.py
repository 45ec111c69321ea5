"""JSON Schema -> fields, and how each field is compared."""
