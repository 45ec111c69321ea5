"""Best one-to-one pairings of a matrix of weights: pure numbers."""
