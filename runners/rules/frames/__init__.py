"""Frames: the content of each clause, read from its mentions."""
