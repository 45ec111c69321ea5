"""MUC-4's official base test (TST3, 1992), scored by Fieldmark.

`python tests/published/muc4_report.py` prints the figures, docs/published-scores/muc4.md explains
them.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from muc4_figures import (
    VARIANTS,
    correlation,
    counts_of,
    decisions,
    f1,
    figures,
    official_pairs,
)
from muc4_official import read_pairs, read_totals
from muc4_reader import FOLDER, read_key, read_responses
from muc4_report import report

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the reference data (../shared/reference/muc4) is not here"
)

SET_FILLS = ("inc-type", "inc-stage", "perp-inc-cat")
DOC = Path(__file__).parents[2] / "docs/published-scores/muc4.md"


@pytest.fixture(scope="module")
def key():
    return read_key()


@pytest.fixture(scope="module")
def responses():
    return read_responses()


@pytest.fixture(scope="module")
def pairs():
    return read_pairs()


@pytest.fixture(scope="module")
def official_f():
    return {system: total["F_measures"]["P&R"] for system, total in read_totals().items()}


@pytest.fixture(scope="module")
def decided(key, responses, pairs):
    return decisions(key, responses, pairs)


@pytest.fixture(scope="module")
def made(key, responses):
    return {name: figures(key, responses, **options) for name, options in VARIANTS.items()}


# Fieldmark, given the official pairing.


def test_set_fills_reproduce_every_official_decision(decided):
    """Without an exception: those of the next test are told by `optional`."""
    compared = _set_fills(decided)
    assert len(compared) == 9435
    assert [d for d in compared if d.ours != d.official] == []
    assert sum((d.official for d in compared), Counter()) == {
        "COR": 2417,
        "PAR": 93,
        "INC": 140,
        "MIS": 2171,
        "SPU": 3833,
    }


def test_the_known_exceptions_are_optional_templates_without_a_response(key, responses, pairs):
    """A comparison that does not know which templates are optional gets these six, and no more."""
    required = {
        document: [replace(template, optional=False) for template in templates]
        for document, templates in key.items()
    }
    exceptions = [
        (d.pair.system, d.pair.document, d.pair.key, d.slot)
        for d in _set_fills(decisions(required, responses, pairs))
        if d.ours != d.official
    ]
    assert exceptions == [
        (system, "TST3-MUC4-0070", "1", slot) for system in ("LSI", "USC") for slot in SET_FILLS
    ]


def _set_fills(decided):
    return [d for d in decided if d.slot in SET_FILLS and d.slot in d.pair.rows]


def test_most_decisions_on_the_other_slots_are_the_official_ones(decided):
    """Where both templates say something: people judged strings, dates and places."""
    both = [d for d in decided if d.pair.key and d.pair.response and (d.official or d.ours)]
    same = sum(d.official == d.ours for d in both)
    assert len(both) == 13_677
    assert same / len(both) > 0.91


def test_given_the_official_pairing_the_ranks_are_nearly_the_official_ones(decided, official_f):
    ours = {system: f1(counts_of(decided, system), partial=True) for system in official_f}
    assert correlation(ours, official_f) > 0.99
    assert max(abs(ours[system] - official_f[system]) for system in official_f) < 1.5


# Fieldmark's own pairing.


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("partial", [False, True], ids=["strict", "partial credit"])
def test_the_ranks_of_the_systems_are_nearly_the_official_ones(made, official_f, variant, partial):
    ours = {system: f1(counts, partial) for system, counts in made[variant].counts.items()}
    assert correlation(ours, official_f) >= 0.98


@pytest.mark.parametrize(
    ("variant", "made_pairs", "both"), [("shipped", 1025, 808), ("muc4", 1093, 870)]
)
def test_most_templates_are_paired_as_they_were_officially(made, pairs, variant, made_pairs, both):
    official, ours = official_pairs(pairs), made[variant].pairs
    assert (len(official), len(ours), len(official & ours)) == (1026, made_pairs, both)


def test_the_documented_tables_are_those_of_the_report(decided, made):
    fences = DOC.read_text("utf-8").split("```")[1::2]
    shown = [line.rstrip() for fence in fences[1:] for line in fence.splitlines() if line.strip()]
    assert len(shown) > 40
    assert set(shown) <= {line.rstrip() for line in report(decided, made)}
