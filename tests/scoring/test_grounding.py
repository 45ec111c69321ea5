"""Quotations: do they stand in the text, and do they overlap gold's?"""

import pytest
from support.tasks import EVIDENCE, INTEGER, KEY, STRING, compared, obj, scored, table

from benchmark.schema.tree.reader import read_schema
from benchmark.scoring.verdicts.grounding import Grounding
from benchmark.text.search import Squeezed
from benchmark.text.spans import quote

TEXT = "On Monday rebels\n  attacked Kayes. On Tuesday they attacked Niono, killing 5."
SCHEMA = obj(rows=table(place=KEY, low=INTEGER, quote=EVIDENCE))
GOLD = {"rows": [{"place": "Kayes"}, {"place": "Niono", "low": 5}]}


def span(words):
    start = TEXT.index(words)
    return [start, start + len(words)]


SPANS = {
    "rows[0].quote": [span("rebels\n  attacked Kayes")],
    "rows[1].quote": [span("they attacked Niono")],
    "rows[1].low": [span("5")],
}


def grounding(*rows, text=TEXT, spans=SPANS, schema=SCHEMA, gold=GOLD):
    prediction = {"rows": [{"place": place, "quote": words} for place, words in rows]}
    return scored(schema, gold, prediction, text=text, spans=spans).grounding


@pytest.mark.parametrize(
    ("words", "verbatim"),
    [
        ("rebels attacked Kayes", 1),
        ("rebels\n  attacked Kayes", 1),
        ("  rebels\tattacked   Kayes ", 1),
        ("rebels\u00a0attacked Kayes", 1),
        (TEXT, 1),
        ("R", 0),
        ("Rebels attacked Kayes", 0),
        ("rebels attackedKayes", 0),
        ("rebels attacked Kayes ...", 0),
        ("rebels shelled Kayes", 0),
        ("", 0),
        ("  ", 0),
    ],
)
def test_a_quotation_is_verbatim_with_white_space_squeezed_and_nothing_else_folded(words, verbatim):
    assert grounding(("Mopti", words)) == {"rows": Grounding(1, verbatim, 0, 0)}


@pytest.mark.parametrize(
    ("place", "words", "paired", "overlapping"),
    [
        ("Kayes", "rebels attacked Kayes", 1, 1),
        ("Kayes", "On Monday rebels", 1, 1),
        ("Kayes", "On Monday", 1, 0),
        ("Kayes", "On Monday ", 1, 0),
        ("Kayes", ". On Tuesday", 1, 0),
        ("Kayes", "Kayes. On Tuesday", 1, 1),
        ("Kayes", "they attacked Niono", 1, 0),
        ("Niono", "they attacked Niono", 1, 1),
        ("Niono", "killing 5", 1, 1),
        ("Niono", "killing", 1, 0),
        ("Niono", "they shelled Niono", 1, 0),
        ("Mopti", "rebels attacked Kayes", 0, 0),
    ],
)
def test_of_a_paired_record_a_quotation_may_overlap_a_span_of_its_partner(
    place, words, paired, overlapping
):
    assert grounding((place, words))["rows"][2:] == (paired, overlapping)


def test_a_quotation_that_stands_twice_overlaps_with_either_place():
    assert grounding(("Niono", "attacked"))["rows"] == Grounding(1, 1, 1, 1)
    assert grounding(("Kayes", "attacked"))["rows"] == Grounding(1, 1, 1, 1)


def test_quotations_are_summed_over_the_records_of_a_table():
    rows = [("Kayes", "rebels"), ("Niono", "nowhere"), ("Mopti", "Tuesday"), ("Gao", None)]
    assert grounding(*rows) == {"rows": Grounding(3, 2, 2, 1)}


def test_a_value_that_is_no_string_is_no_quotation():
    assert grounding(("Kayes", 5), ("Niono", ["rebels"])) == {}


def test_without_a_text_nothing_is_grounded():
    assert grounding(("Kayes", "rebels"), text=None) == {}


def test_without_an_evidence_property_nothing_is_grounded():
    plain = obj(rows=table(place=KEY, low=INTEGER, quote=compared(STRING, score=False)))
    assert grounding(("Kayes", "rebels"), schema=plain) == {}


def test_nested_tables_are_grounded_apart():
    schema = obj(rows=table(place=KEY, quote=EVIDENCE, hurt=table(group=KEY, quote=EVIDENCE)))
    gold = {"rows": [{"place": "Niono", "hurt": [{"group": "a"}]}]}
    hurt = [{"group": "a", "quote": "killing 5"}, {"group": "b", "quote": "killing 9"}]
    prediction = {"rows": [{"place": "Niono", "quote": "they attacked Niono", "hurt": hurt}]}
    spans = {"rows[0].hurt[0].quote": [span("killing 5")]}
    result = scored(schema, gold, prediction, text=TEXT, spans=spans)
    assert result.grounding["rows.hurt"] == Grounding(2, 1, 1, 1)
    assert result.grounding["rows"][:3] == (1, 1, 1)


def test_grounding_never_enters_precision_or_recall():
    with_quote = {"rows": [{"place": "Kayes", "quote": "no such words"}]}
    without = {"rows": [{"place": "Kayes"}]}
    one, other = (scored(SCHEMA, GOLD, p, text=TEXT, spans=SPANS) for p in (with_quote, without))
    assert one.micro() == other.micro()
    assert one.grounding != other.grounding


@pytest.mark.parametrize(
    ("quotation", "span", "overlaps"),
    [
        ("a b", (2, 3), True),
        ("a b", (7, 8), True),
        ("a b", (8, 11), False),
        ("b c", (0, 7), False),
        ("b c", (7, 8), True),
        ("b\nc", (10, 11), True),
        (" ", (0, 11), False),
        ("x", (0, 11), False),
    ],
)
def test_a_quotation_overlaps_a_span_if_they_share_a_character(quotation, span, overlaps):
    squeezed = Squeezed("  a \n\n b\u00a0 c")
    assert squeezed.text == " a b c"
    assert squeezed.overlaps(quotation, [span]) is overlaps


def test_every_place_of_a_quotation_counts():
    assert Squeezed("ab ab ab").overlaps("ab", [(6, 7)])
    assert Squeezed("aaa").overlaps("aa", [(2, 3)])


# Evidence that gold states as spans.


def test_an_evidence_that_gold_leaves_out_is_quoted_from_its_first_span():
    spans = {**SPANS, "rows[0].quote": [span("Monday"), span("Tuesday")]}
    filled = quote(read_schema(SCHEMA), GOLD, spans, TEXT)
    assert filled == {
        "rows": [
            {"place": "Kayes", "quote": "Monday"},
            {"place": "Niono", "low": 5, "quote": "they attacked Niono"},
        ]
    }
    assert "quote" not in GOLD["rows"][0]


def test_an_evidence_that_gold_states_stays():
    gold = {"rows": [{"place": "Kayes", "quote": "mine"}, {"place": "Niono", "quote": None}]}
    assert quote(read_schema(SCHEMA), gold, SPANS, TEXT) == gold


def test_an_evidence_without_a_span_stays_out():
    assert quote(read_schema(SCHEMA), GOLD, {}, TEXT) == GOLD


def test_without_the_text_a_quotation_is_empty():
    filled = quote(read_schema(SCHEMA), GOLD, SPANS, None)
    assert [row["quote"] for row in filled["rows"]] == ["", ""]


def test_evidence_of_the_document_and_of_nested_records_is_quoted_too():
    schema = obj(quote=EVIDENCE, rows=table(k=STRING, sub=table(n=STRING, quote=EVIDENCE)))
    gold = {"rows": [{"k": "a", "sub": [{"n": "x"}, {"n": "y"}]}]}
    spans = {"quote": [span("On Monday")], "rows[0].sub[1].quote": [span("Niono")]}
    assert quote(read_schema(schema), gold, spans, TEXT) == {
        "quote": "On Monday",
        "rows": [{"k": "a", "sub": [{"n": "x"}, {"n": "y", "quote": "Niono"}]}],
    }


def test_grounding_does_not_depend_on_the_order_of_gold():
    schema = obj(rows=table(k=KEY, quote=EVIDENCE))
    places = [[[0, 5]], [[6, 10]]]
    predicted = {"rows": [{"k": "a", "quote": "alpha"}, {"k": "a", "quote": "beta"}]}
    found = []
    for spans in (places, places[::-1]):
        document = {
            "text": "alpha beta",
            "spans": {f"rows[{n}].quote": place for n, place in enumerate(spans)},
        }
        result = scored(schema, {"rows": [{"k": "a"}, {"k": "a"}]}, predicted, **document)
        found.append(result.grounding["rows"])
    assert found[0] == found[1]


def test_a_span_of_a_record_is_a_span_of_its_evidence():
    document = {"text": "alpha beta", "spans": {"rows[0]": [[0, 10]]}}
    schema = obj(rows=table(k=KEY, quote=EVIDENCE))
    predicted = {"rows": [{"k": "a", "quote": "beta"}]}
    result = scored(schema, {"rows": [{"k": "a"}]}, predicted, **document)
    assert result.grounding["rows"].overlapping == 1


def test_evidence_is_quoted_at_any_depth():
    schema = obj(report=obj(rows=table(k=KEY, at=obj(quote=EVIDENCE))))
    tree = read_schema(schema)
    gold = {"report": {"rows": [{"k": "a", "at": {}}]}}
    spans = {"report.rows[0].at.quote": [[0, 5]]}
    filled = quote(tree, gold, spans, "alpha beta")
    assert filled == {"report": {"rows": [{"k": "a", "at": {"quote": "alpha"}}]}}
    assert gold == {"report": {"rows": [{"k": "a", "at": {}}]}}
