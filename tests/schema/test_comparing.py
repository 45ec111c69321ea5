"""Dates, instants, decimals, words and JSON: folded and graded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tasks import DATE, NUMBER, STRING, array, compared, obj, outcomes, scored

from benchmark import Grade, SchemaError
from benchmark.reports.schema_table import rows
from benchmark.schema.comparators import COMPARATORS
from benchmark.schema.comparing.values import canonical, decimal
from benchmark.schema.field_comparator import bind
from benchmark.schema.fields import Leaf
from benchmark.schema.kinds import KINDS, is_json
from benchmark.schema.tree.reader import read_schema


def verdict(node, gold, predicted):
    return outcomes(scored(obj(f=node), {"f": gold}, {"f": predicted})).get("f")


def graded(leaf, gold, predicted):
    bound = bind("f", leaf, ())
    assert bound.is_valid(gold)
    assert bound.is_valid(predicted)
    return bound.grade(bound.fold(gold), bound.fold(predicted)).name


LESS = [
    ("2025-05-16", "2025-05-16", "COR"),
    ("2025-05-16", "2025-05", "PAR"),
    ("2025-05", "2025-05-16", "PAR"),
    ("2025-05-16", "2025", "PAR"),
    ("2025-05", "2025", "PAR"),
    ("2025-05", "2025-05", "COR"),
    ("2025", "2025", "COR"),
    ("2025", "2024", "INC"),
    ("2025-05", "2025-06", "INC"),
    ("2025-05-16", "2025-06", "INC"),
    ("2025-05-16", "2025-05-17", "INC"),
    ("1970-01-00", "1970-01", "COR"),
    ("1970-00-00", "1970", "COR"),
    ("1970-00-01", "1970", "INC"),
    ("1970-01-00", "1970-01-05", "PAR"),
    ("2025-13", "2025", "INC"),
    ("2025-02-30", "2025-02", "INC"),
    ("0000", "0000", "COR"),
    ("in spring", "In  Spring", "COR"),
    ("in spring", "2025", "INC"),
    (" 2025-05", "2025-05", "COR"),
]


@pytest.mark.parametrize(("gold", "predicted", "expected"), LESS)
def test_dates_of_less_precision_agree_in_part_as_far_as_both_say(gold, predicted, expected):
    node = compared(STRING, by="date")
    assert verdict(node, gold, predicted) == expected
    assert verdict(node, predicted, gold) == expected
    assert verdict(array(node), [gold], [predicted]) == expected


FORMATS = ["%d %B %Y", "%d/%m/%Y", "%B %Y", "%Y年"]
WRITTEN = [
    ("2025-05-16", "16 May 2025", "COR"),
    ("2025-05-16", "16/05/2025", "COR"),
    ("16 may  2025", "16/5/2025", "COR"),
    ("2025-05-16", "17/05/2025", "PAR"),
    ("2025-05-16", "18/05/2025", "INC"),
    ("2025-05-16", "May 2025", "PAR"),
    ("2025年", "May 2025", "PAR"),
    ("2025年", "2025", "COR"),
    ("2025-05-16", "05/16/2025", "INC"),
]


@pytest.mark.parametrize(("gold", "predicted", "expected"), WRITTEN)
@pytest.mark.parametrize("node", [STRING, DATE])
def test_dates_may_be_written_in_other_formats(node, gold, predicted, expected):
    node = compared(node, by="date", formats=FORMATS, days=1)
    assert verdict(node, gold, predicted) == expected


def test_what_no_format_reads_is_no_date():
    node = compared(DATE, formats=["%d.%m.%Y"])
    result = scored(obj(f=node), {"f": "2025-05-16"}, {"f": "May"})
    assert (outcomes(result), result.invalid) == ({"f": "INC"}, {"f": 1})


DECIMALS = [
    ({}, "12.50", "12.5", "COR"),
    ({}, "12.50", "12.51", "INC"),
    ({}, "10", "10.00", "COR"),
    ({}, "1E-7", "0.0000001", "COR"),
    ({}, "+5", "5.", "COR"),
    ({}, "−5", "-5", "COR"),
    ({}, "-0", "0.0", "COR"),
    ({}, ".5", "0.5", "COR"),
    ({}, "١٢", "12", "COR"),
    ({}, "1,078", "1078", "INC"),
    ({}, "n/a", "N/A", "COR"),
    ({}, "n/a", "5", "INC"),
    ({}, "", ".", "INC"),
    ({}, "1e999999", "1e999998", "INC"),
    ({}, "9" * 30_000 + "8", "9" * 30_001, "INC"),
    ({"abs": 0.01}, "n/a", "5", "INC"),
    ({"abs": 0.01}, "12.50", "12.51", "COR"),
    ({"abs": 1e300}, "1e999999", "1", "INC"),
    ({"rel": 0.1}, "100", "110.0", "COR"),
    ({"thousands": ","}, "1,078", "1078.0", "COR"),
    ({"thousands": ","}, "12,34,567", "1234567", "COR"),
    ({"thousands": ","}, "1,07", "107", "INC"),
    ({"thousands": ",", "abs": 1}, "1,078", "1079", "COR"),
    ({"thousands": " "}, "1\u202f078", "1078", "COR"),
    ({"thousands": ".", "point": ","}, "1.078,50", "1078,5", "COR"),
    ({"point": ","}, "5,52", "5,520", "COR"),
    ({"point": ","}, "5.52", "5,52", "INC"),
]


@pytest.mark.parametrize(("options", "gold", "predicted", "expected"), DECIMALS)
def test_decimal_compares_the_numbers_that_strings_hold(options, gold, predicted, expected):
    assert verdict(compared(STRING, by="decimal", **options), gold, predicted) == expected


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("12.50", 12.5, "ACCEPTED"),
        (12, "12.00", "ACCEPTED"),
        (0.1, "0.1", "ACCEPTED"),
        (1, "x", "NOT"),
    ],
)
def test_a_decimal_may_be_a_string_or_a_number(gold, predicted, expected):
    assert graded(Leaf("decimal"), gold, predicted) == expected
    assert not bind("f", Leaf("decimal"), ()).is_valid(True)


def test_a_number_takes_decimal_too():
    assert verdict(compared(NUMBER, by="decimal"), 12.5, 12.50) == "COR"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.floats(-1e9, 1e9))
def test_a_decimal_is_folded_to_its_value_and_one_form_of_it(number):
    folded = decimal(str(number))
    assert folded == Decimal(str(number))
    assert repr(folded) == repr(decimal(f"{folded:f}0" if "." in f"{folded:f}" else f"{folded}"))


INSTANTS = [
    ({}, "2025-05-16T10:00:00Z", "2025-05-16T10:00:00+00:00", "ACCEPTED"),
    ({}, "2025-05-16T10:00:00Z", "2025-05-16T12:00:00+02:00", "ACCEPTED"),
    ({}, "2025-05-16t10:00:00z", "2025-05-16 05:30:00.000-04:30", "ACCEPTED"),
    ({}, "2024-12-31T23:00:00-02:00", "2025-01-01T01:00Z", "ACCEPTED"),
    ({}, "2025-05-16T10:00:00Z", "2025-05-16T10:00:01Z", "NOT"),
    ({}, "2025-05-16T10:00:00.1234567891Z", "2025-05-16T10:00:00.1234567892Z", "NOT"),
    ({}, "2025-05-16T10:00:00", "2025-05-16T10:00:00.0", "ACCEPTED"),
    ({"seconds": 1e9}, "2025-05-16T10:00:00", "2025-05-16T10:00:00Z", "NOT"),
    ({"seconds": 60}, "2025-05-16T10:00:00Z", "2025-05-16T10:01:00Z", "PARTLY"),
    ({"seconds": 60}, "2025-05-16T10:00:00", "2025-05-16T10:01:00", "PARTLY"),
    ({"seconds": 60}, "2025-05-16T10:00:00Z", "2025-05-16T10:01:01Z", "NOT"),
    ({"seconds": 60}, "2025-05-16T10:00:00Z", "noon", "NOT"),
    ({}, "noon", "Noon", "ACCEPTED"),
    ({}, "2016-12-31T23:59:60Z", "2016-12-31T23:59:60+00:00", "ACCEPTED"),
    ({}, "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "NOT"),
    ({}, "2025-02-30T10:00:00Z", "2025-02-30T10:00:00+00:00", "NOT"),
]


@pytest.mark.parametrize(("options", "gold", "predicted", "expected"), INSTANTS)
@pytest.mark.parametrize("kind", ["date-time", "string"])
def test_instant_is_the_same_moment_and_partly_within_seconds(
    kind, options, gold, predicted, expected
):
    for one, other in ((gold, predicted), (predicted, gold)):
        assert graded(Leaf(kind, by="instant", options=options), one, other) == expected


@pytest.mark.parametrize("by", ["exact", "text", "fuzzy", "name", "tokens"])
def test_a_date_time_may_be_compared_as_a_string(by):
    assert graded(Leaf("date-time", by=by), "2025-05-16T10:00:00Z", "2025-05-16T10:00:00Z")


TOKENS = [
    ({}, "The roof is dry.", "the ROOF, is dry", "ACCEPTED"),
    ({}, "a b", "b a", "ACCEPTED"),
    ({}, "a a b", "a b", "NOT"),
    ({"accept": 0.8}, "a a b", "a b", "ACCEPTED"),
    ({"accept": 0.9, "partial": 0.5}, "a b c d", "a b x y", "PARTLY"),
    ({"accept": 0.9, "partial": 0.51}, "a b c d", "a b x y", "NOT"),
    ({"partial": 0.1}, "", "a", "NOT"),
    ({"partial": 0.1}, "!", "?", "NOT"),
    ({"partial": 0.1}, "", "", "ACCEPTED"),
    ({"partial": 0.5}, "北京市", "北京", "PARTLY"),
    ({"partial": 0.5}, "हिन्दी भाषा", "हिन्दी", "PARTLY"),
]


@pytest.mark.parametrize(("options", "gold", "predicted", "expected"), TOKENS)
def test_tokens_is_the_overlap_of_words(options, gold, predicted, expected):
    leaf = Leaf("string", by="tokens", options=options)
    assert graded(leaf, gold, predicted) == expected
    assert graded(leaf, predicted, gold) == expected


def nested(depth, inner):
    for _ in range(depth):
        inner = [inner]
    return inner


SAME = [
    ({"a": 1, "b": [1, 2]}, {"b": [1.0, 2], "a": 1.0}, True),
    ([1, 2], [2, 1], False),
    (True, 1, False),
    ([True], [1], False),
    ({"a": False}, {"a": 0}, False),
    (1, "1", False),
    ({"a": None}, {}, False),
    ([[], []], [[[]]], False),
    ([{}], [[]], False),
    ([[1], 2], [[1, 2]], False),
    ("a", "A", False),
    (10**30, 1e30, True),
    (nested(5_000, 1), nested(5_000, 1.0), True),
    (nested(5_000, 1), nested(5_001, 1), False),
]


@pytest.mark.parametrize(("gold", "predicted", "same"), SAME)
def test_json_is_compared_by_value(gold, predicted, same):
    expected = "ACCEPTED" if same else "NOT"
    assert graded(Leaf("json"), gold, predicted) == expected
    assert graded(Leaf("json"), predicted, gold) == expected


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {1: 2}, {"a": {1}}, object()])
def test_what_is_no_json_is_no_value(value):
    assert not is_json(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0, "", "a", "list"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=6,
)


def same_json(one, other):
    """Equality of JSON by its definition."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


@given(JSON, JSON)
def test_json_is_folded_to_the_same_if_and_only_if_it_is_the_same(one, other):
    assert (canonical(one) == canonical(other)) == same_json(one, other)
    assert hash(canonical(one)) == hash(canonical(one))


VALUES = {
    "string": st.text()
    | st.sampled_from(["2025-05-16", "2025-05", "2025", "12.50", "12.5", "a b"]),
    "date": st.dates().map(str),
    "date-time": st.datetimes().map(lambda d: d.isoformat() + "Z") | st.text(),
    "decimal": st.sampled_from(["1", "1.0", "x", 1, 1.5, "1.50"]),
    "integer": st.integers(),
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "json": JSON,
}
LOOSE = {"abs": 1, "days": 3, "seconds": 1e6, "accept": 0.8, "partial": 0.4}
PAIRS = [
    (kind, by)
    for by, one in COMPARATORS.items()
    for kind in one.kinds
    if kind != "enum" and kind in VALUES
]


@pytest.mark.parametrize(("kind", "by"), PAIRS)
@given(data=st.data())
def test_every_comparator_is_reflexive_and_symmetric(kind, by, data):
    stated = data.draw(st.sets(st.sampled_from(sorted(LOOSE))))
    options = {word: LOOSE[word] for word in stated if word in COMPARATORS[by].options}
    if options.get("partial"):
        options["accept"] = LOOSE["accept"]
    bound = bind("f", Leaf(kind, by=by, options=options), ())
    one, other = data.draw(VALUES[kind]), data.draw(VALUES[kind])
    assert bound.is_valid(one)
    one, again, other = bound.fold(one), bound.fold(one), bound.fold(other)
    assert bound.grade(one, again) is Grade.ACCEPTED
    assert bound.grade(one, other) is bound.grade(other, one)
    if bound.by_equality:
        assert (bound.grade(one, other) is Grade.ACCEPTED) == (one == other)


def test_every_kind_has_a_default_comparator_that_takes_it():
    assert not KINDS["union"].comparator  # each of its members has one
    for kind, one in KINDS.items() - {("union", KINDS["union"])}:
        assert kind in COMPARATORS[one.comparator].kinds


PUNCTUATION = [
    ("Bern - Thun", "Bern-Thun"),
    ("0 - 20", "0 – 20"),
    ("1−1−1", "1-1-1"),
    ("12 Elm St, Rye", "12 Elm St Rye"),
    ("sent home.", "sent home"),
    ("34 ° E", "34° E"),
    ("O'Hara", "O’Hara"),
    ("U.S.A.", "USA"),
]


@pytest.mark.parametrize(("gold", "predicted"), PUNCTUATION)
@pytest.mark.parametrize("by", ["text", "name", "fuzzy"])
def test_punctuation_makes_no_difference_where_it_is_folded(by, gold, predicted):
    node = compared(STRING, by=by, fold=["punctuation"])
    assert verdict(node, gold, predicted) == "COR"
    assert verdict(node, gold, predicted + "x") == "INC"
    assert verdict(compared(STRING, by="exact"), gold, predicted) == "INC"


def test_a_text_of_nothing_but_punctuation_stays_what_it_is():
    node = compared(STRING, fold=["punctuation"])
    assert verdict(node, "?", "!") == "INC"
    assert verdict(node, "?", "") == "INC"
    assert verdict(node, "?!", "?!") == "COR"
    assert verdict(node, "कि", "का") == "INC"


def test_aliases_are_folded_as_the_names_that_they_are_held_against():
    node = compared(STRING, by="name", fold=["punctuation"])
    aliases = (("Acme, Inc.", "ACME"),)
    result = scored(obj(f=node), {"f": "Acme Inc"}, {"f": "acme!"}, aliases)
    assert outcomes(result) == {"f": "COR"}


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (compared(STRING, fold="punctuation"), "`fold` is a list of strings"),
        (compared(STRING, fold=["case"]), '`fold` is ["punctuation"]'),
        (compared(STRING, by="fuzzy", fold=["x"]), '`fold` is ["punctuation"]'),
        (compared(DATE, formats=["%d.%m."]), "`formats`: '%d.%m.' states no year"),
        (compared(DATE, formats=["%Q %Y"]), "`formats`: '%Q %Y': "),
        (compared(DATE, formats="%Y"), "`formats` is a list of strings"),
        (compared(DATE, formats=[1]), "`formats` is a list of strings"),
        (compared(DATE, format="%Y"), "'date' has no option format; it has days, formats"),
        (compared(STRING, by="decimal", point=1), "`point` is a string"),
        (compared(STRING, by="decimal", point=""), "`thousands` and `point` are a sign each"),
        (compared(STRING, by="decimal", thousands="0"), "are a sign each"),
        (compared(STRING, by="decimal", thousands="."), "`thousands` and `point` are two signs"),
        (compared(STRING, by="decimal", abs=-1), "a tolerance is 0 or more"),
        (compared(STRING, by="instant", seconds=-1), "a tolerance is 0 or more"),
        (compared(STRING, by="tokens", accept=2), "thresholds go"),
        (compared(STRING, by="json"), "'json' compares json; this field is string"),
    ],
)
def test_options_that_do_not_fit_are_refused(node, reason):
    with pytest.raises(SchemaError) as error:
        scored(obj(f=node), {}, {})
    assert str(error.value).startswith("schema, at f: ")
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("node", "shown"),
    [
        (compared(STRING), "text"),
        (compared(STRING, fold=["punctuation"]), 'text fold=["punctuation"]'),
        (compared(STRING, by="date"), "date days=0"),
        (compared(DATE, formats=["%d %B %Y", "%Y年"]), 'date days=0 formats=["%d %B %Y", "%Y年"]'),
        (compared(STRING, by="decimal"), 'decimal abs=0 rel=0 point="."'),
        (
            compared(STRING, by="decimal", thousands=".", point=","),
            'decimal abs=0 rel=0 thousands="." point=","',
        ),
    ],
)
def test_the_explanation_of_a_schema_shows_options(node, shown):
    (row,) = rows(read_schema(obj(f=node)))
    assert row.compared == shown
