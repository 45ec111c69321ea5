"""Frames in reading order -> the lists of a report."""
