"""One document, value by value, in words."""
