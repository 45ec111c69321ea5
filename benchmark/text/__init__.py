"""Finding words in a text, and printing values as a text prints them."""
