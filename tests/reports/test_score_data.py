"""A score as JSON, CSV, Markdown and text."""

import csv
import io
import json
import re

import pytest
from rich.console import Console
from support.tasks import (
    DATE,
    EVIDENCE,
    INTEGER,
    KEY,
    STRING,
    array,
    compared,
    obj,
    scored,
    table,
    task,
)

from benchmark import Document, Failure, load_task, score
from benchmark.reports.score_data import as_csv, as_dict
from benchmark.reports.score_tables import as_markdown, as_table, notes, print_tables, sheets
from benchmark.statistics.intervals import how_made

EVENTS = obj(
    events=table(place=KEY, low=INTEGER, targets=array(STRING), hurt=table(group=STRING)),
    title=STRING,
)
GOLD = {
    "events": [
        {"place": "a", "low": 1, "targets": ["x", "y"], "hurt": [{"group": "g"}]},
        {"place": "b", "low": 2},
    ]
}
PREDICTED = {
    "events": [
        {"place": "A", "low": 3, "targets": ["x"], "hurt": [{"group": "h"}], "odd": 1},
        {"place": "c", "low": "2"},
        {"place": "d"},
    ]
}
RATES = ["precision", "recall", "f1"]
COUNTS = ["pos", "act", "cor", "par", "inc", "mis", "spu"]
FIELD = [*COUNTS, *RATES, "partial", "interval"]


@pytest.fixture(scope="module")
def result():
    return scored(EVENTS, GOLD, PREDICTED)


@pytest.fixture(scope="module")
def report(result):
    return as_dict(result)


def test_json_begins_with_what_the_architecture_promises(report):
    assert list(report)[:6] == ["signature", "documents", "fields", "tables", "micro", "macro"]
    assert list(report["documents"]) == ["ok", "missing", "failed", "unparsable", "invalid"]
    assert list(report["fields"]) == [
        "events.place",
        "events.low",
        "events.targets",
        "events.hurt.group",
        "title",
    ]
    assert list(report["tables"]) == ["events", "events.hurt"]


def test_each_field_has_exactly_its_counts_rates_partial_rates_and_intervals(report):
    for field in [*report["fields"].values(), report["micro"], *report["splits"].values()]:
        assert list(field) == FIELD
        assert list(field["partial"]) == RATES
        assert list(field["interval"]) == RATES
        assert all(len(bounds) == 2 for bounds in field["interval"].values())


def test_each_table_has_its_records_and_micro_and_macro(report):
    for one in report["tables"].values():
        assert list(one) == [
            *("gold", "predicted", "paired", "perfect"),
            *("records", "micro", "macro"),
        ]
        assert list(one["records"]) == [*RATES, "interval"]
        assert list(one["micro"]) == FIELD
        assert list(one["macro"]) == [*RATES, "partial"]
    assert list(report["macro"]) == [*RATES, "partial", "interval"]


def test_the_interval_of_a_single_document_is_over_its_records(report):
    assert report["intervals"] == {
        "unit": "records",
        "level": 0.95,
        "method": "Student's t on logits of the linearised ratio",
    }
    # Too few records bear on it.
    assert report["fields"]["events.place"]["interval"]["f1"] == [None, None]
    gold = {"t": [{"k": str(n), "v": "a"} for n in range(8)]}
    predicted = {"t": [{"k": str(n), "v": "ab"[n % 2]} for n in range(8)]}
    schema = obj(t=table(k=KEY, v=STRING))
    value = as_dict(scored(schema, gold, predicted))["fields"]["t.v"]
    low, high = value["interval"]["f1"]
    assert 0 < low < value["f1"] == 0.5 < high < 1


def test_the_interval_of_many_documents_is_over_them():
    schema = obj(f=STRING)
    many = task(schema, {}).only(Document(str(n), {"f": "a"}) for n in range(30))
    report = as_dict(score(many, {str(n): {"f": "a" if n % 3 else "b"} for n in range(30)}))
    assert report["intervals"]["unit"] == "documents"
    low, high = report["micro"]["interval"]["f1"]
    assert 0.4 < low < report["micro"]["f1"] < high < 0.9
    assert report["macro"]["interval"]["f1"] == pytest.approx([low, high])


def test_each_split_has_an_interval_of_its_own():
    schema = obj(f=STRING)
    splits = {str(n): "easy" if n < 15 else "hard" for n in range(30)}
    documents = [Document(name, {"f": "a"}, meta={"split": s}) for name, s in splits.items()]
    predictions = {n: {"f": "a" if s == "easy" or int(n) % 2 else "b"} for n, s in splits.items()}
    report = as_dict(score(task(schema, {}).only(documents), predictions))
    assert report["splits"]["easy"]["interval"]["f1"] == pytest.approx([0.025 ** (1 / 15), 1])
    low, high = report["splits"]["hard"]["interval"]["f1"]
    assert low < report["splits"]["hard"]["f1"] < high


def test_the_figures_of_a_report_by_hand(report):
    counts = {path: [one[word] for word in COUNTS] for path, one in report["fields"].items()}
    assert counts == {
        "events.place": [2, 3, 1, 0, 0, 1, 2],
        "events.low": [2, 2, 0, 0, 1, 1, 1],
        "events.targets": [2, 1, 1, 0, 0, 1, 0],
        "events.hurt.group": [1, 1, 0, 0, 0, 1, 1],
        "title": [0, 0, 0, 0, 0, 0, 0],
    }
    assert [report["micro"][word] for word in COUNTS] == [7, 7, 2, 0, 1, 4, 4]
    assert [report["micro"][rate] for rate in RATES] == [2 / 7, 2 / 7, 2 / 7]
    precision = [1 / 3, 0, 1, 0]
    recall = [1 / 2, 0, 1 / 2, 0]
    assert report["macro"]["precision"] == pytest.approx(sum(precision) / 4)
    assert report["macro"]["recall"] == pytest.approx(sum(recall) / 4)
    records = {
        name: [one[word] for word in ("gold", "predicted", "paired", "perfect")]
        for name, one in report["tables"].items()
    }
    assert records == {"events": [2, 3, 1, 0], "events.hurt": [1, 1, 0, 0]}
    assert report["invalid"] == {"events.low": 1}
    assert report["unknown"] == {"events.odd": 1}


ROWS = obj(rows=table(k=KEY, n=INTEGER, below=table(m=INTEGER)))
WHOLE_GOLD = {
    "rows": [
        {"k": "a", "n": 1, "below": [{"m": 1}, {"m": 2}]},
        {"k": "b", "n": 2},
        {"k": "c", "n": 3, "below": [{"m": 3}]},
        {"k": "d", "n": 4},
    ]
}
WHOLE = {
    "rows": [
        {"k": "a", "n": 1, "below": [{"m": 1}, {"m": 2}]},  # perfect
        {"k": "b", "n": 9},  # its figure is wrong
        {"k": "c", "n": 3, "below": [{"m": 3}, {"m": 4}]},  # one too many below it
        {"k": "e", "n": 4},
        {"k": "f"},
    ]
}


def test_whole_records_have_rates_of_perfect_ones_alone():
    tables = as_dict(scored(ROWS, WHOLE_GOLD, WHOLE))["tables"]
    assert [tables["rows"][n] for n in ("gold", "predicted", "paired", "perfect")] == [4, 5, 3, 1]
    rates = {name: one["records"] for name, one in tables.items()}
    assert [rates["rows"][rate] for rate in RATES] == [1 / 5, 1 / 4, 2 / 9]
    assert [rates["rows.below"][rate] for rate in RATES] == [3 / 4, 1, 6 / 7]


def test_an_optional_record_that_was_left_out_costs_no_recall():
    counts = scored(ROWS, WHOLE_GOLD, WHOLE, optional=("rows[3]",)).whole_records("rows")
    assert (counts.pos, counts.act, counts.cor) == (3, 5, 1)


def test_rates_of_whole_records_are_null_where_there_are_none():
    records = as_dict(scored(ROWS, WHOLE_GOLD, {}))["tables"]["rows"]["records"]
    assert [records[rate] for rate in RATES] == [None, 0, 0]
    assert records["interval"]["precision"] == [None, None]
    nothing = scored(ROWS, {}, {})
    assert [as_dict(nothing)["tables"]["rows"]["records"][rate] for rate in RATES] == [None] * 3
    (sheet,) = [sheet for sheet in sheets(nothing) if "Whole records" in sheet.title]
    assert sheet.rows[0] == ("rows", "0", "0", "0", "0", "n/a", "n/a", "n/a", "n/a")


def test_whole_records_have_a_sheet_with_the_numbers_that_their_rates_are_of():
    sheet = sheets(scored(ROWS, WHOLE_GOLD, WHOLE))[-1]
    assert sheet.title == "Whole records: P, R and F1 of perfect ones"
    assert sheet.rows[0][:-1] == ("rows", "4", "5", "3", "1", "0.200", "0.250", "0.222")
    assert re.fullmatch(r"\[0\.0\d, 0\.\d\d\]", sheet.rows[0][-1])


def test_matched_only_rates_stand_apart_and_leave_unpaired_records_out(report):
    low = report["matched"]["fields"]["events.low"]
    assert [low[word] for word in COUNTS] == [1, 1, 0, 0, 1, 0, 0]
    assert [report["matched"]["micro"][word] for word in COUNTS] == [4, 3, 2, 0, 1, 1, 0]


def test_an_undefined_rate_is_null_in_json_and_left_out_of_the_mean(report):
    title = report["fields"]["title"]
    assert [title[rate] for rate in RATES] == [None, None, None]
    assert title["partial"] == dict.fromkeys(RATES)
    assert report["macro"]["f1"] == pytest.approx((2 / 5 + 0 + 2 / 3 + 0) / 4)


def test_a_rate_may_be_undefined_while_another_is_zero():
    report = as_dict(scored(obj(f=STRING), {"f": "a"}, {}))
    assert [report["fields"]["f"][rate] for rate in RATES] == [None, 0, 0]


def test_all_is_null_where_nothing_was_scored():
    report = as_dict(scored(obj(f=STRING), {}, {}))
    assert [report["micro"][rate] for rate in RATES] == [None, None, None]
    assert [report["macro"][rate] for rate in RATES] == [None, None, None]


def test_partial_rates_give_half_a_credit_for_a_partly_accepted_value():
    schema = obj(f=compared(DATE, days=1), g=STRING)
    gold = {"f": "2025-07-01", "g": "a"}
    report = as_dict(scored(schema, gold, {"f": "2025-07-02", "g": "a"}))
    for part in (report["micro"], report["macro"]):
        assert [part[rate] for rate in RATES] == [0.5, 0.5, 0.5]
        assert part["partial"] == dict.fromkeys(RATES, 0.75)
    assert report["fields"]["f"]["partial"] == dict.fromkeys(RATES, 0.5)


def test_the_report_is_strict_json(report):
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_documents_are_counted_by_status():
    schema = obj(f=STRING)
    many = task(schema, {}).only(Document(name, {"f": "a"}) for name in "abcdef")
    predictions = {"a": {"f": "a"}, "b": Failure("x"), "c": "{", "d": {"f": 1}, "e": {"f": "b"}}
    assert as_dict(score(many, predictions))["documents"] == {
        "ok": 2,
        "missing": 1,
        "failed": 1,
        "unparsable": 1,
        "invalid": 1,
    }


def test_the_frame_of_a_score_sums_to_its_counts(result):
    frame = result.to_frame()
    assert list(frame.columns) == ["document", "field", *COUNTS]
    sums = frame.groupby("field", sort=False)[COUNTS].sum()
    assert list(sums.index) == list(result.fields)
    for path in result.fields:
        counts = result.field_counts(path)
        assert sums.loc[path].tolist() == [getattr(counts, word) for word in COUNTS]
    assert set(frame["document"]) == set(result.documents)


def test_csv_has_a_line_a_field_a_table_and_one_for_all(result):
    rows = list(csv.DictReader(io.StringIO(as_csv(result))))
    partial = [f"partial_{rate}" for rate in RATES]
    bounds = [f"{rate}_{end}" for rate in RATES for end in ("low", "high")]
    assert list(rows[0]) == ["level", "name", *COUNTS, *RATES, *partial, *bounds]
    assert [(row["level"], row["name"]) for row in rows] == [
        ("field", "events.place"),
        ("field", "events.low"),
        ("field", "events.targets"),
        ("field", "events.hurt.group"),
        ("field", "title"),
        ("table", "events"),
        ("table", "events.hurt"),
        ("records", "events"),
        ("records", "events.hurt"),
        ("all", "micro"),
        ("mean", "documents"),
    ]
    assert [rows[0][word] for word in COUNTS] == ["2", "3", "1", "0", "0", "1", "2"]
    assert [rows[-1][word] for word in COUNTS] == [""] * 7  # a mean has no counts
    assert float(rows[0]["precision"]) == 1 / 3


def test_csv_counts_each_record_as_one_slot():
    text = as_csv(scored(ROWS, WHOLE_GOLD, WHOLE))
    (row,) = [
        row
        for row in csv.DictReader(io.StringIO(text))
        if (row["level"], row["name"]) == ("records", "rows")
    ]
    # Of 4 gold and 5 predicted records 3 are paired, one of them perfect.
    assert [row[word] for word in COUNTS] == ["4", "5", "1", "0", "2", "1", "2"]
    assert [float(row[rate]) for rate in RATES] == [1 / 5, 1 / 4, 2 / 9]
    assert 0 < float(row["f1_low"]) < 0.02


def test_csv_leaves_an_undefined_rate_empty(result):
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(as_csv(result)))}
    assert [rows["title"][rate] for rate in RATES] == ["", "", ""]


def test_csv_quotes_a_name_that_holds_a_comma_a_quote_or_a_line_break():
    names = ["a,b", 'say "x"', "one\ntwo"]
    result = scored(obj(**dict.fromkeys(names, STRING)), {}, {})
    rows = list(csv.reader(io.StringIO(as_csv(result))))
    assert [row[1] for row in rows[1:-2]] == names


def test_tables_for_people_show_an_undefined_rate_as_not_available(result):
    fields = {row[0]: row for row in sheets(result)[0].rows}
    assert fields["title"] == ("title", "0", "0", "0", "n/a", "n/a", "n/a", "n/a")
    place = ("events.place", "2", "3", "1", "0.333", "0.500", "0.400")
    assert fields["events.place"][:-1] == place
    assert fields["events.place"][-1] == "too few"
    assert fields["micro"][:-1] == ("micro", "7", "7", "2", "0.286", "0.286", "0.286")


def test_tables_matched_only_rates_and_records_have_a_sheet_each(result):
    tables, matched, records = sheets(result)[1:]
    whole = result.micro("events")
    assert tables.rows[0][:4] == ("events", str(whole.pos), str(whole.act), str(whole.cor))
    assert records.rows[0][:5] == ("events", "2", "3", "1", "0")
    assert matched.header[0] == "matched-only"
    paired = result.micro("events", matched=True)
    assert matched.rows[0][:4] == ("events", str(paired.pos), str(paired.act), str(paired.cor))
    assert matched.rows[-1][0] == "micro"


@pytest.mark.parametrize("columns", [20, 60, 200])
def test_no_figure_is_cut_on_a_narrow_terminal(result, columns):
    text = io.StringIO()
    print_tables(Console(file=text, width=columns), result, fields=True)
    assert "…" not in text.getvalue()
    assert "0.333   0.500   0.400" in text.getvalue()
    assert "events." in text.getvalue()


def test_the_short_table_has_the_properties_at_the_top_and_totals(result):
    (short,) = sheets(result, fields=False)
    names = [row[0] for row in short.rows]
    assert names == ["events (all fields)", "title", "micro", "macro", "mean over documents"]
    assert short.strong == {2, 3, 4}
    whole = sheets(result)
    assert short.rows[2:] == whole[0].rows[-3:]
    assert short.rows[1] == next(row for row in whole[0].rows if row[0] == "title")
    assert short.rows[0][1:] == whole[1].rows[0][1:]
    assert int(short.rows[0][1]) == result.micro("events").pos


@pytest.mark.parametrize("fields", [False, True])
def test_a_terminal_of_100_columns_has_room_for_it(fields):
    text = io.StringIO()
    print_tables(Console(file=text, width=100), score(load_task("sitrep"), {}), fields)
    lines = text.getvalue().splitlines()
    tables = lines[: next(n for n, line in enumerate(lines) if line.startswith("documents: "))]
    assert max(map(len, tables)) <= 100


def test_a_schema_without_tables_has_no_sheet_of_records():
    assert len(sheets(scored(obj(f=STRING), {"f": "a"}, {"f": "a"}))) == 1


def test_quotations_have_a_sheet_where_there_are_any():
    schema = obj(rows=table(k=STRING, quote=EVIDENCE))
    rows = {"rows": [{"k": "a", "quote": "seen"}]}
    grounded = scored(schema, rows, rows, text="as seen", spans={"rows[0].quote": [[3, 7]]})
    assert sheets(grounded)[-1].rows == [("rows", "1", "1", "1", "1")]
    assert "not part of any rate" in sheets(grounded)[-1].title


def test_the_notes_tell_documents_invalid_and_unknown_values_and_the_signature(result):
    assert notes(result) == [
        ("documents", "1 invalid"),
        ("invalid", 'd: events[1].low: "2" is not of type "integer"'),
        ("invalid predicted values", "1 (events.low 1)"),
        ("unknown predicted values", "1 (events.odd 1)"),
        ("intervals", how_made(result)),
        ("signature", result.signature),
    ]


def test_text_holds_every_field_table_and_note(result):
    text = as_table(result, fields=True)
    for part in (*result.fields, *result.tables, "micro", "macro", result.signature):
        assert part in text


def cells(line):
    """The cells of a row of GitHub's Markdown, where a pipe after a backslash is no border."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_markdown_has_a_row_for_each_field_and_table(result):
    lines = as_markdown(result).splitlines()
    assert lines[:2] == ["**Precision and recall by field**", ""]
    header = ["field", "gold", "predicted", "correct", "P", "R", "F1", "95% of F1"]
    assert cells(lines[2]) == header
    assert cells(lines[3]) == ["---"] + ["---:"] * 7
    assert cells(lines[4])[:-1] == ["`events.place`", "2", "3", "1", "0.333", "0.500", "0.400"]
    assert cells(lines[9])[:2] == ["**micro**", "**7**"]
    assert "- documents: `1 invalid`" in lines


HOSTILE = [
    "a|b",
    "a\nb",
    "a\r\n\r\n# b",
    "a\u2028b",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- a",
    "| --- |",
    "a\\|b",
    "a`b",
    "![x](http://example.org/x.png)",
    "\x1b[2J\x1b[31mred",
]


def bare(line):
    """A line of Markdown without its code spans, in which nothing is obeyed."""
    return re.sub(r"`[^`]*`", "", line)


@pytest.mark.parametrize("name", [name for name in HOSTILE if not set(name) & set(".[]")])
def test_a_hostile_name_of_a_property_stays_in_its_cell(name):
    schema = obj(rows={**table(**{name: STRING, "k": STRING})}, **{name: STRING})
    lines = as_markdown(scored(schema, {name: "a"}, {name: "a"})).splitlines()
    tables = [line for line in lines if line.startswith("|")]
    widths = {len(cells(line)) for line in tables[:7]}
    assert widths == {8}
    assert all(line == "" or line.startswith(("| ", "- ", "**")) for line in lines)
    assert not set("<!\x1b`") & set("".join(map(bare, lines)))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_in_a_prediction_stays_in_its_line(name):
    lines = as_markdown(scored(obj(f=STRING), {"f": "a"}, {"f": "a", name: 1})).splitlines()
    (line,) = [line for line in lines if line.startswith("- unknown")]
    assert line.startswith("- unknown predicted values: `1 (")
    assert line.endswith(" 1)`")
    assert len([line for line in lines if line.startswith("- ")]) == 4
    assert not set("<!\x1b`") & set("".join(map(bare, lines)))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_commands_no_terminal(name):
    text = as_table(scored(obj(f=STRING), {"f": "a"}, {"f": "a", name: 1}))
    assert all(character.isprintable() or character == "\n" for character in text)
    plain = as_table(scored(obj(f=STRING), {"f": "a"}, {"f": "a", "b": 1}))
    assert len(text.splitlines()) == len(plain.splitlines())


@pytest.mark.parametrize("name", ["[bold]a[/bold]", "[red]a", "[/]"])
def test_text_shows_the_markup_in_a_name_as_it_stands(name):
    result = scored(obj(f=STRING, c=compared(STRING, score=False)), {}, {"f": None, name: 1})
    assert name in as_table(result)
