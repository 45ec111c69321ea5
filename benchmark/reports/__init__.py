"""Results as tables, JSON, CSV, LaTeX and trees."""
