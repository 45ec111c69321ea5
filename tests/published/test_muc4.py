"""MUC-4's official base test (TST3, 1992) against Fieldmark.

`python tests/published/muc4_report.py` prints the figures, docs/published-scores/muc4.md explains
them.
"""

from collections import Counter
from fractions import Fraction

import pytest
from muc4_figures import (
    correlation,
    counts_of,
    decisions,
    f1,
    figures,
    official_pairs,
)
from muc4_history import read_matches
from muc4_official import (
    OUTCOMES,
    SUMMARIES,
    actual,
    by_number,
    f_measure,
    percentages,
    possible,
    printed,
    read_pairs,
    read_totals,
    summed,
)
from muc4_reader import FOLDER, SLOTS, read_key, read_responses

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the reference data (../shared/reference/muc4) is not here"
)

SET_FILLS = ("inc-type", "inc-stage", "perp-inc-cat")
VARIANTS = {
    "shipped comparators": {"shipped": True},
    "MUC-4 comparators": {},
    "shipped comparators, and matches by people": {"shipped": True, "matches": True},
    "MUC-4 comparators, and matches by people": {"matches": True},
}


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
def totals():
    return read_totals()


@pytest.fixture(scope="module")
def official_f(totals):
    return {system: report["F_measures"]["P&R"] for system, report in totals.items()}


@pytest.fixture(scope="module")
def decided(key, responses, pairs):
    return decisions(key, responses, pairs)


@pytest.fixture(scope="module", params=VARIANTS.values(), ids=VARIANTS)
def made(request, key, responses):
    return figures(key, responses, **request.param)


# The format.


def test_the_key_has_the_documents_and_templates_of_tst3(key):
    templates = [template for found in key.values() for template in found]
    assert (len(key), len(templates)) == (100, 123)
    assert sum(template.optional for template in templates) == 21
    assert sum(not found for found in key.values()) == 31
    fills = [fill for template in templates for slot in template.slots.values() for fill in slot]
    assert (len(fills), sum(fill.optional for fill in fills)) == (1908, 175)
    first, last = templates[0], templates[-1]
    assert first.slots["hum-tgt-desc"][0].values == ("JESUIT PRIESTS",)
    assert (last.document, last.number) == ("TST3-MUC4-0100", "1")


def test_a_fill_with_alternatives_brackets_quotes_and_a_tag(key):
    sixth = by_number(key["TST3-MUC4-0006"])["2"]
    accuser = sixth.slots["perp-ind-id"][0].values[-1]
    assert accuser.endswith('ACCUSED HIM OF BEING AN "ACCOMPLICE" OF THE REBELS')
    assert sixth.slots["perp-inc-cat"][0].optional
    assert sixth.slots["hum-tgt-type"][0].tags == ("HECTOR OQUELI",)
    seventh = by_number(key["TST3-MUC4-0007"])["1"]
    places = ("HONDURAS: TEGUCIGALPA (CITY)", "HONDURAS")
    assert seventh.slots["inc-loc"][0].values == places
    assert seventh.slots["inc-instr-type"][0].values == ("GUN",)
    assert not seventh.slots["inc-instr-type"][0].tags


def test_the_responses_have_as_many_templates_as_were_scored(responses, pairs):
    read = {
        (system, document, template.number)
        for system, documents in responses.items()
        for document, templates in documents.items()
        for template in templates
    }
    scored = Counter((p.system, p.document, p.response) for p in pairs if p.response)
    assert (len(responses), len(read)) == (17, 2323)
    assert read - set(scored) == {("NYU", "TST3-MUC4-0046", "6")}
    assert set(scored) <= read
    assert {one for one, times in scored.items() if times > 1} == {
        ("LSI", "TST3-MUC4-0005", "1"),
        ("LSI", "TST3-MUC4-0006", "3"),
        ("SRI", "TST3-MUC4-0060", "1"),
    }


def test_as_many_fills_are_read_as_the_official_scorer_counted(responses, pairs):
    """In all but 51 of 72,335 slots; there, people mapped one fill of a response onto several of
    the key, or two onto one."""
    seen, other = 0, Counter()
    for pair in pairs:
        found = by_number(responses[pair.system].get(pair.document, []))
        template = found[pair.response] if pair.response else None
        for slot in SLOTS if pair.rows.keys() & SLOTS else ():
            fills = len(template.slots[slot]) if template else 0
            seen += 1
            other[slot] += fills != actual(pair.rows[slot])
    assert seen == 72_335
    assert +other == {"hum-tgt-desc": 29, "hum-tgt-num": 19, "phys-tgt-id": 2, "perp-ind-id": 1}


def test_the_decisions_of_people_are_read():
    matches = read_matches()
    assert len({match[:4] for match in matches}) == 92
    example = ("TST3-MUC4-0002", "1", "hum-tgt-desc", "THEIR MAIDS", "MAIDS")
    assert example in matches


# The official totals, from their own tallies.


def test_the_template_pairs_sum_to_the_official_tallies(pairs, totals):
    for system, report in totals.items():
        mine = [pair for pair in pairs if pair.system == system]
        for slot in SLOTS:
            assert _tally(summed(mine, [slot])) == _tally(report["rows"][slot])
        for group in ("inc", "perp", "phys-tgt", "hum-tgt"):
            slots = [slot for slot in SLOTS if slot.startswith(group)]
            assert _tally(summed(mine, slots)) == _tally(report["rows"][f"{group}-total"])
        for row, flags in SUMMARIES.items():
            flagged = [pair for pair in mine if pair.flag in flags]
            assert _tally(summed(flagged)) == _tally(report["rows"][row])


def _tally(counts):
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def test_the_printed_rates_follow_from_the_tallies(totals):
    """All 1,565 of them: cut to a tenth of a per cent, then rounded half to even."""
    seen = 0
    for report in totals.values():
        for row in report["rows"].values():
            assert (row["POS"], row["ACT"]) == (possible(row), actual(row))
            for name, value in percentages(row).items():
                assert row[name] == ("*" if value is None else str(printed(value)))
                seen += value is not None
    assert seen == 1565


@pytest.mark.parametrize(
    ("name", "beta"), [("P&R", Fraction(1)), ("2P&R", Fraction(1, 2)), ("P&2R", Fraction(2))]
)
def test_the_printed_f_measures_follow_from_the_printed_rates(totals, name, beta):
    for report in totals.values():
        row = report["rows"]["ALL TEMPLATES"]
        value = f_measure(int(row["REC"]), int(row["PRE"]), beta)
        assert round(float(value), 2) == report["F_measures"][name]


# Fieldmark, given the official pairing.


def test_set_fills_reproduce_every_official_decision(decided):
    """Without an exception. What a plain comparison of values gets wrong in TST3 is two optional
    templates without a response (the next test); `optional` says that they count nothing."""
    compared = [d for d in decided if d.slot in SET_FILLS and d.slot in d.pair.rows]
    assert len(compared) == 9435
    assert [d for d in compared if d.ours != d.official] == []
    assert sum((d.official for d in compared), Counter()) == {
        "COR": 2417,
        "PAR": 93,
        "INC": 140,
        "MIS": 2171,
        "SPU": 3833,
    }


def test_the_known_exceptions_are_optional_templates_without_a_response(decided):
    unanswered = [
        d
        for d in decided
        if d.slot in d.pair.rows and d.pair.flag == "[optional]" and d.slot in SET_FILLS
    ]
    assert {(d.pair.system, d.pair.document, d.pair.key) for d in unanswered} == {
        ("LSI", "TST3-MUC4-0070", "1"),
        ("USC", "TST3-MUC4-0070", "1"),
    }
    assert len(unanswered) == 6
    assert not any(d.official or d.ours for d in unanswered)


def test_most_decisions_on_the_other_slots_are_the_official_ones(decided):
    """Where both templates say something: people judged strings, dates and places."""
    both = [d for d in decided if d.pair.key and d.pair.response and (d.official or d.ours)]
    same = sum(d.official == d.ours for d in both)
    assert len(both) == 13_677
    assert same / len(both) > 0.91


def test_given_the_official_pairing_the_ranks_are_nearly_the_official_ones(decided, official_f):
    ours = {system: f1(counts_of(decided, system), partial=True) for system in official_f}
    assert correlation(ours, official_f) > 0.99
    assert max(abs(ours[system] - official_f[system]) for system in official_f) < 2


# Fieldmark's own pairing.


@pytest.mark.parametrize("partial", [False, True], ids=["strict", "partial credit"])
def test_the_ranks_of_the_systems_are_nearly_the_official_ones(made, official_f, partial):
    ours = {system: f1(counts, partial) for system, counts in made.counts.items()}
    assert correlation(ours, official_f) >= 0.98


def test_most_templates_are_paired_as_they_were_officially(made, pairs):
    official = official_pairs(pairs)
    assert len(official) == 1026
    assert len(official & made.pairs) / len(official) > 0.78
    assert len(official & made.pairs) / len(made.pairs) > 0.78
