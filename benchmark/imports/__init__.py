"""Tasks of the files in which others publish their benchmarks."""
