"""What a text mentions: acts, parties, places, people, and who says so."""
