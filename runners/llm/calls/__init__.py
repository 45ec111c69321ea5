"""Calls of a model: sent, retried, limited, priced and kept."""
