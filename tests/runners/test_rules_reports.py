"""The rule-based extractor on whole invented reports, and on texts that are none."""

from datetime import date

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gold.sitrep.schema import Report

JNIM = "Jama'at Nusrat al-Islam wal-Muslimin"
ARMY = "Malian Armed Forces"
VALID = jsonschema_rs.validator_for(Report.model_json_schema())

WIRE = """\
Gunmen kill at least 20 in village raid

TONDI, Mali (AP) - Gunmen on motorcycles attacked the village of Kolimba in the Tondi region on \
Tuesday, killing at least 20 people and wounding a dozen others, local officials said.

The attackers burned houses and stole cattle before fleeing, according to residents. No group has \
claimed responsibility.

Last month, jihadists from JNIM killed 11 soldiers in an ambush near Boni, the army said.

Read more: Who are the jihadists?
Leave a comment
"""

COMMUNIQUE = """\
The General Staff of the Armed Forces informs the public that on Sunday 29 February units of the \
FAMa repelled a terrorist attack on the Kolimba military camp. The provisional toll is 5 soldiers \
killed and 8 wounded on our side, and 32 terrorists neutralised. Weapons were recovered.

The same day, an air strike destroyed a terrorist base in the forest of Sama. Three suspects were \
arrested in Tinkare two days later.
"""

WAVE = """\
JNIM fighters launched assaults on military posts in Kolimbo, Sarafin and Tinkare in western Mali \
on 11 February, the group said in a statement. The group claimed responsibility for all the \
attacks and said it had captured three barracks. The Malian army said its soldiers had killed over \
80 militants and recovered vehicles.

The attacks came days after the group raided the Dirou base in northern Burkina Faso, where more \
than 40 soldiers were killed. JNIM also claimed to have seized the town of Gorga in late January, \
killing between 10 and 15 soldiers.

In response, the governor of Sarafin imposed a night-time curfew on 12 February for one month.
"""


def rows(report, table, *fields):
    """The chosen fields of each record of a table."""
    return [tuple(row[field] for field in fields) for row in report[table]]


def test_wire_report(rules):
    report = rules(WIRE, date(2024, 3, 14))
    assert rows(report, "events", "place", "event_type", "country", "start", "initiators") == [
        ("Kolimba", "violence_against_civilians", "MLI", "2024-03-12", ["unidentified gunmen"]),
        ("Boni", "armed_clash", "MLI", "2024-02-01", [JNIM]),
    ]
    first, second = report["events"]
    assert rows(first, "casualties", "group", "harm", "low", "bound", "source") == [
        ("civilians", "killed", 20, "at_least", "local officials"),
        ("civilians", "injured", 12, "exact", "local officials"),
    ]
    assert rows(second, "casualties", "group", "low", "source") == [(ARMY, 11, ARMY)]
    assert first["claimed_by"] == []
    assert rows(report, "tallies", "what", "outcome", "source") == [
        ("house", "destroyed", "residents"),
        ("cattle", "seized", "residents"),
    ]


def test_communique(rules):
    """The party whose communique it is is the source of all (N3)."""
    report = rules(COMMUNIQUE)
    assert rows(report, "events", "place", "event_type", "outcome", "start", "sources") == [
        ("Kolimba", "armed_clash", "repelled", "2004-02-29", [ARMY]),
        ("Sama", "air_strike", None, "2004-02-29", [ARMY]),
        ("Tinkare", "arrest", None, "2004-03-02", [ARMY]),
    ]
    assert rows(report["events"][0], "casualties", "group", "harm", "low") == [
        (ARMY, "killed", 5),
        (ARMY, "injured", 8),
        ("jihadist militants", "killed", 32),
    ]
    assert rows(report, "tallies", "what", "outcome", "by")[0] == ("weapon", "seized", [ARMY])


def test_wave_of_attacks(rules):
    """A series goes to its towns; the claim to all of them; what came before stands apart."""
    report = rules(WAVE, date(2025, 2, 20))
    events = rows(report, "events", "place", "country", "start", "end", "initiators", "claimed_by")
    assert events[:3] == [
        (place, "MLI", "2025-02-11", "2025-02-11", [JNIM], [JNIM])
        for place in ("Kolimbo", "Sarafin", "Tinkare")
    ]
    assert events[3:] == [
        ("Dirou", "BFA", "2025-02-04", "2025-02-10", [JNIM], []),
        ("Gorga", "BFA", "2025-01-21", "2025-01-31", [JNIM], []),
    ]
    assert rows(report["events"][3], "casualties", "group", "low", "bound") == [
        ("Burkinabe Armed Forces", 40, "more_than")
    ]
    assert (JNIM, "killed", 80, [ARMY]) in rows(report, "tallies", "what", "outcome", "low", "by")
    assert rows(report, "measures", "kind", "place", "night_only", "duration_days") == [
        ("curfew", "Sarafin", True, 30)
    ]


def check(rules, text, published=None):
    """What holds for every text: valid, the same twice, evidence verbatim."""
    report = rules(text, published)
    VALID.validate(report)
    assert report == rules(text, published)
    for record in (record for table in report.values() for record in table):
        assert record["evidence"]
        assert record["evidence"] in text


PIECES = st.sampled_from(
    [
        "JNIM",
        "attacked",
        "killed",
        "killing",
        "20",
        "at least",
        "soldiers",
        "civilians",
        "in Gao",
        "Tondi",
        ",",
        ".",
        "\n",
        "on Friday 31 February",
        "since 2023",
        "days after",
        "the army said",
        "according to",
        "claimed responsibility",
        "curfew imposed",
        "for 30 days",
        '"',
        "Colonel Ali",
        "between",
        "and",
        "The General Staff informs the public",
        "Chad",
        "were",
        "by",
        "two weapons",
        "seized",
        "99999999999 people",
        "May",
        "later",
        "retook the town",
        "(ABC)",
        "\ud800",
        "é",
    ]
)
RELAXED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@RELAXED
@given(st.text(max_size=400))
def test_any_text(rules, text):
    check(rules, text)


@RELAXED
@given(st.lists(PIECES, max_size=60).map(" ".join), st.none() | st.dates())
def test_any_mixture(rules, text, published):
    check(rules, text, published)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n" * 20_000,
        "A b " * 5_000,
        "(" * 20_000,
        "Gao, " * 5_000,
        "12 to " * 5_000,
        "JNIM killed 3 in Gao. " * 500,
        "\x00\x01\x7f",
        "Mali" * 5_000,
    ],
)
def test_hostile_text(rules, text):
    check(rules, text)


def test_practice_reports_hold_what_always_holds(rules):
    for text in (WIRE, COMMUNIQUE, WAVE):
        check(rules, text, date(2025, 2, 20))
