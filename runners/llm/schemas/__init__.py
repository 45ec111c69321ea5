"""A task's JSON Schema as models are sent it, and their answers read back to it."""
