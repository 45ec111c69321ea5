"""Intervals and significance, from counts alone."""
