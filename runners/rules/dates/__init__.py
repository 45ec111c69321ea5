"""Date expressions, and the days that they stand for."""
