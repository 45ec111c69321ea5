"""Date expressions, and the days that they denote."""
