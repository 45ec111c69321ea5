"""Scoring over several processes, or over the workers of a Dask cluster."""
