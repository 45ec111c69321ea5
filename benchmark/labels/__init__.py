"""Gold: written, built, checked, agreed upon."""
