"""Where the scores that others published lie: data beside the project, never a part of it."""

import gzip
import json
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"

needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="no published scores beside the project (../shared/reference)"
)


def read(name):
    """A JSON file of the reference data, gzipped or not."""
    raw = (REFERENCE / name).read_bytes()
    return json.loads(gzip.decompress(raw) if name.endswith(".gz") else raw)


def percent(*rates):
    """Rates as published: percentages with two decimals, 0 where nothing is defined."""
    return [round(100 * (rate or 0), 2) for rate in rates]
