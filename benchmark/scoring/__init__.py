"""The engine: gold and predictions -> counts and verdicts."""
