"""Where files are, how they are packed, and what else than JSON Lines they may be."""
