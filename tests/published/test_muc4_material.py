"""MUC-4's official material (TST3, 1992) is read in full, and its totals follow from its tallies.

How Fieldmark scores it is in test_muc4.py.
"""

from collections import Counter
from fractions import Fraction

import pytest
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
from muc4_task import STRINGS

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the reference data (../shared/reference/muc4) is not here"
)

SET_FILLS = ("type", "stage", "cat", "conf", "nation", "effect")

FILLS = {
    "STRING FILLS ONLY": [slot for slot in SLOTS if slot in STRINGS],
    "SET FILLS ONLY": [slot for slot in SLOTS if slot.endswith(SET_FILLS)],
}
"""The rows that sum up several slots, without spurious templates."""

GROUPS = {
    f"{group}-total": [slot for slot in SLOTS if slot.startswith(group)]
    for group in ("inc", "perp", "phys-tgt", "hum-tgt")
}
"""The rows that sum up several slots over all templates."""


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
        for group, slots in GROUPS.items():
            assert _tally(summed(mine, slots)) == _tally(report["rows"][group])
        known = [pair for pair in mine if pair.flag != "[spurious]"]
        for group, slots in FILLS.items():
            assert _tally(summed(known, slots)) == _tally(report["rows"][group])
        for row, flags in SUMMARIES.items():
            flagged = [pair for pair in mine if pair.flag in flags]
            assert _tally(summed(flagged)) == _tally(report["rows"][row])


def test_the_template_pairs_sum_to_the_tallies_of_templates(pairs, totals):
    """An optional template without a response stands as missing in its pair, and counts nothing."""
    for system, report in totals.items():
        mine = [p for p in pairs if p.system == system and p.flag != "[optional]"]
        ours, printed_row = summed(mine, ["template-id"]), report["rows"]["template-id"]
        assert {n: ours[n] for n in ("COR", "MIS", "SPU")} == {
            n: printed_row[n] for n in ("COR", "MIS", "SPU")
        }


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
