"""Runs: their folders written, read again and ranked."""
