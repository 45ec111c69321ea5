"""Documents changed on purpose, text and gold together."""
