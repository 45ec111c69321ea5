"""Mentions in a text: acts, parties, places, people, and attributions."""
