"""The rule-based extractor on dates (D1 to D5) and figures."""

from datetime import date

import pytest

FRIDAY = date(2024, 3, 15)


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("on 3 March 2024", "2024-03-03", "2024-03-03"),
        ("on March 3", "2024-03-03", "2024-03-03"),
        ("on 20 December", "2023-12-20", "2023-12-20"),
        ("from 3 to 5 March", "2024-03-03", "2024-03-05"),
        ("on the night of 3 to 4 March", "2024-03-03", "2024-03-04"),
        ("on Tuesday", "2024-03-12", "2024-03-12"),
        ("on Friday", "2024-03-15", "2024-03-15"),
        ("overnight between Tuesday and Wednesday", "2024-03-12", "2024-03-13"),
        ("in January", "2024-01-01", "2024-01-31"),
        ("in late February", "2024-02-21", "2024-02-29"),
        ("in mid-January", "2024-01-11", "2024-01-20"),
        ("in early May 2023", "2023-05-01", "2023-05-10"),
        ("in 2022", "2022-01-01", "2022-12-31"),
        ("last week", "2024-03-04", "2024-03-10"),
        ("last month", "2024-02-01", "2024-02-29"),
        ("yesterday", "2024-03-14", "2024-03-14"),
        ("three days ago", "2024-03-12", "2024-03-12"),
    ],
)
def test_dates(rules, when, start, end):
    """D1, D2, D3 and the weeks of D4, with a publication date."""
    (event,) = rules(f"Gunmen attacked the village of Tondi in Mali {when}.", FRIDAY)["events"]
    assert (event["start"], event["end"]) == (start, end)


def test_year_from_a_printed_weekday(rules):
    """D3: the latest year in which the weekday fits, and it holds for the other dates."""
    report = rules(
        "JNIM attacked the town of Tondi in Mali on Sunday 29 February. "
        "It attacked the town of Sirba on 3 March."
    )
    assert [event["start"] for event in report["events"]] == ["2004-02-29", "2004-03-03"]


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("on 29 February", "2020-02-29", "2020-02-29"),
        ("from 31 to 2 February", "2023-01-31", "2023-02-02"),
        ("from 3 to 31 February", None, None),
        ("on 31 February 2022", None, None),
        ("on 0 March", None, None),
        ("over the holiday and Monday", "2023-03-13", "2023-03-13"),
        ("on Sunday 3 \u017feptember", None, None),
    ],
)
def test_days_that_not_every_calendar_has(rules, when, start, end):
    """D3 looks back to a year that has the day; D5 for days that no year has."""
    text = f"Gunmen attacked the village of Tondi in Mali {when}."
    (event,) = rules(text, date(2023, 3, 15))["events"]
    assert (event["start"], event["end"]) == (start, end)


@pytest.mark.parametrize("published", [date.min, date.max])
def test_the_ends_of_the_calendar(rules, published):
    """Days beyond them are null (D5)."""
    tellings = ("yesterday", "last week", "last year", "in December", "on 29 February", "on Sunday")
    for when in (*tellings, "999 weeks ago", "today. 999 weeks later, they raided Sirba in Mali"):
        assert rules(f"Gunmen attacked the village of Tondi in Mali {when}.", published)["events"]


def test_year_from_a_full_date_with_its_weekday(rules):
    """D3: the printed year holds for the other dates, whatever later year the weekday fits."""
    report = rules(
        "JNIM attacked the town of Tondi in Mali on Friday, 1 March 2019. "
        "It attacked the town of Sirba on 3 March."
    )
    assert [event["start"] for event in report["events"]] == ["2019-03-01", "2019-03-03"]


def test_only_the_year_of_today_matters(rules, monkeypatch):
    """D3: the same answer on every day of a year."""
    text = "Gunmen attacked the village of Tondi in Mali on Monday, 28 December."

    def start(today):
        monkeypatch.setattr("runners.rules.dates.years.date", today)
        return rules(text)["events"][0]["start"]

    assert start(_on(2026, 1, 1)) == start(_on(2026, 12, 31)) == "2026-12-28"
    assert start(_on(2025, 12, 31)) == "2020-12-28"


def _on(*day):
    """The class of dates, on this day."""
    return type("Fixed", (date,), {"today": classmethod(lambda cls: date(*day))})


@pytest.mark.parametrize(
    ("lead", "start", "end"),
    [
        ("The same day,", "2024-03-04", "2024-03-04"),
        ("The next day,", "2024-03-05", "2024-03-05"),
        ("Three days later,", "2024-03-07", "2024-03-07"),
        ("A week earlier,", "2024-02-26", "2024-02-26"),
        ("Days later,", "2024-03-05", "2024-03-11"),
    ],
)
def test_dates_that_count_from_another(rules, lead, start, end):
    report = rules(
        f"Jihadists attacked the town of Tondi in Mali on 4 March 2024. "
        f"{lead} they attacked the town of Sirba."
    )
    assert [(event["start"], event["end"]) for event in report["events"]][1] == (start, end)


def test_days_after(rules):
    """D4: the seven days before the dated act, that day left out."""
    report = rules(
        "JNIM attacked the town of Tondi in Mali on 20 March 2024. The attack came "
        "days after the group raided the Sirba base."
    )
    assert [(event["place"], event["start"], event["end"]) for event in report["events"]] == [
        ("Tondi", "2024-03-20", "2024-03-20"),
        ("Sirba", "2024-03-13", "2024-03-19"),
    ]


@pytest.mark.parametrize(
    ("figure", "low", "high", "bound"),
    [
        ("41", 41, 41, "exact"),
        ("twenty-five", 25, 25, "exact"),
        ("a dozen", 12, 12, "exact"),
        ("1,200", 1200, 1200, "exact"),
        ("at least 100", 100, None, "at_least"),
        ("more than 30", 30, None, "more_than"),
        ("over thirty", 30, None, "more_than"),
        ("about 41", 41, 41, "about"),
        ("up to 20", None, 20, "at_most"),
        ("10 to 12", 10, 12, "between"),
        ("between 10 and 12", 10, 12, "between"),
        ("dozens of", None, None, "vague"),
        ("several", None, None, "vague"),
    ],
)
def test_figures(rules, figure, low, high, bound):
    (event,) = rules(f"Gunmen attacked the village of Tondi in Mali, killing {figure} villagers.")[
        "events"
    ]
    (row,) = event["casualties"]
    assert (row["group"], row["harm"]) == ("civilians", "killed")
    assert (row["low"], row["high"], row["bound"]) == (low, high, bound)
