"""Which records go together."""
