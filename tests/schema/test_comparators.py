"""Two values of one type -> accepted (COR), partly accepted (PAR) or not (INC)."""

import math
from decimal import Decimal
from importlib.metadata import EntryPoint

import pytest
from support.tasks import (
    BOOLEAN,
    DATE,
    INTEGER,
    NUMBER,
    STRING,
    array,
    compared,
    obj,
    outcomes,
    scored,
)

from benchmark import Comparator, DataError, Grade, SchemaError, UnknownNameError
from benchmark.schema import comparators
from benchmark.schema.aliases import read_aliases
from benchmark.schema.comparators import find
from benchmark.schema.field_comparator import FieldComparator, bind
from benchmark.schema.fields import Leaf

NAME = compared(STRING, by="name")


def verdict(node, gold, predicted, aliases=()):
    return outcomes(scored(obj(f=node), {"f": gold}, {"f": predicted}, aliases)).get("f")


ENUM = {"enum": ["a", "b", "A"]}
EXACT = [
    (ENUM, "a", "a", "COR"),
    (ENUM, "a", "b", "INC"),
    (ENUM, "a", "A", "INC"),
    (ENUM, "a", "c", "INC"),
    ({"enum": [0, 1]}, 1, 1, "COR"),
    ({"enum": [0, 1]}, 1, 1.0, "COR"),
    ({"enum": [0, 1]}, 1, True, "INC"),
    ({"enum": [0, 1]}, 0, False, "INC"),
    ({"enum": [0, 1]}, 1, "1", "INC"),
    ({"const": "a"}, "a", "a", "COR"),
    ({"const": "a"}, "a", "b", "INC"),
    ({"const": True}, True, True, "COR"),
    ({"const": True}, True, 1, "INC"),
    (BOOLEAN, True, True, "COR"),
    (BOOLEAN, False, False, "COR"),
    (BOOLEAN, True, False, "INC"),
    (BOOLEAN, True, 1, "INC"),
    (BOOLEAN, False, 0, "INC"),
    (BOOLEAN, True, "true", "INC"),
    (INTEGER, 1, 1, "COR"),
    (INTEGER, 1, 1.0, "COR"),
    (INTEGER, 1, True, "INC"),
    (INTEGER, 1, "1", "INC"),
    (INTEGER, 1, 1.5, "INC"),
    (INTEGER, 1, -1, "INC"),
    (INTEGER, 0, False, "INC"),
    (INTEGER, 0, -0.0, "COR"),
    (INTEGER, 2**53 + 1, 2**53, "INC"),
    (INTEGER, 10**18, 1e18, "COR"),
    (INTEGER, 1, math.nan, "INC"),
    (INTEGER, 1, math.inf, "INC"),
    (compared(STRING, by="exact"), "Mali", "Mali", "COR"),
    (compared(STRING, by="exact"), "Mali", "mali", "INC"),
    (compared(STRING, by="exact"), "a  b", "a b", "INC"),
    (compared(NUMBER, by="exact"), 1, 1.0, "COR"),
    (compared(NUMBER, by="exact"), 1, 1.01, "INC"),
    (compared(DATE, by="exact"), "2025-07-01", "2025-07-02", "INC"),
]


@pytest.mark.parametrize(("node", "gold", "predicted", "expected"), EXACT)
def test_exact_is_equal_and_of_the_same_json_type(node, gold, predicted, expected):
    assert verdict(node, gold, predicted) == expected


NUMBERS = [
    ({}, 1, 1.0, "COR"),
    ({}, 1.0, 1, "COR"),
    ({}, 1, 1.0000001, "INC"),
    ({}, 0.1, 0.1, "COR"),
    ({}, 0.3, 0.1 + 0.2, "INC"),
    ({}, 5, -5, "INC"),
    ({}, 1, True, "INC"),
    ({}, 1, "1", "INC"),
    ({}, 10, 90, "INC"),
    ({}, 1, math.nan, "INC"),
    ({}, 1, math.inf, "INC"),
    ({"abs": 1}, 10, 11, "COR"),
    ({"abs": 1}, 10, 9, "COR"),
    ({"abs": 1}, 10, 11.001, "INC"),
    ({"abs": 0.1}, 1.0, 1.1, "COR"),
    ({"abs": 0.1}, 0.3, 0.2, "COR"),
    ({"abs": 0.1}, 1.0, 1.1000001, "INC"),
    ({"abs": 0.01}, 1.02, 1.01, "COR"),
    ({"rel": 0.1}, 100, 110, "COR"),
    ({"rel": 0.1}, 100, 90, "COR"),
    ({"rel": 0.1}, 100, 111, "INC"),
    ({"rel": 0.1}, 110, 100, "COR"),
    ({"rel": 0.1}, 90, 100, "INC"),
    ({"rel": 0.1}, -100, -110, "COR"),
    ({"rel": 0.1}, 0, 0.001, "INC"),
    ({"rel": 0.1}, 0, 0, "COR"),
    ({"rel": 0.1, "abs": 5}, 10, 15, "COR"),
    ({"rel": 0.1, "abs": 5}, 100, 110, "COR"),
    ({"rel": 0.1, "abs": 5}, 10, 15.5, "INC"),
    ({"rel": 0.1, "abs": 5}, 100, 112, "INC"),
    ({"abs": 1}, 10**18, 10**18 + 1, "COR"),
    ({"abs": 1}, 10**18, 10**18 + 2, "INC"),
]


@pytest.mark.parametrize(("options", "gold", "predicted", "expected"), NUMBERS)
def test_number_allows_the_larger_tolerance_relative_to_gold(options, gold, predicted, expected):
    assert verdict(compared(NUMBER, by="number", **options), gold, predicted) == expected
    assert verdict(compared(NUMBER, **options), gold, predicted) == expected


def test_number_is_the_default_of_numbers_without_any_tolerance():
    assert verdict(NUMBER, 1, 1.0) == "COR"
    assert verdict(NUMBER, 1, 1.0000001) == "INC"


def test_an_integer_takes_a_tolerance_only_by_number():
    assert verdict(compared(INTEGER, by="number", abs=1), 10, 11) == "COR"
    with pytest.raises(SchemaError, match="'exact' has no option abs"):
        verdict(compared(INTEGER, abs=1), 10, 11)


@pytest.mark.parametrize("tenths", range(1, 30))
def test_a_tolerance_is_taken_in_decimal_not_in_binary(tenths):
    gold = float(Decimal(tenths) / 10)
    predicted = float(Decimal(tenths + 1) / 10)
    assert verdict(compared(NUMBER, abs=0.1), gold, predicted) == "COR"
    assert verdict(compared(NUMBER, abs=0.0999999), gold, predicted) == "INC"


TEXTS = [
    ("Niono", "Niono", "COR"),
    ("Niono", "Nioro", "INC"),
    ("Niono", "NIONO", "COR"),
    (" Niono\n", "Niono", "COR"),
    ("San  Pedro", "San\tPedro", "COR"),
    ("San Pedro", "SanPedro", "INC"),
    ("a b", "a\u00a0b", "COR"),
    ("a b", "a\u3000b", "COR"),
    ("Straße", "STRASSE", "COR"),
    ("café", "cafe\u0301", "COR"),
    ("café", "cafe", "INC"),
    ("ﬁre", "fire", "COR"),
    ("Ｍａｌｉ", "mali", "COR"),
    ("5 ㎒", "5 mhz", "COR"),
    ("10-12", "1012", "INC"),
    ("-5", "5", "INC"),
    ("й", "и", "INC"),
    ("Ménaka", "Menaka", "INC"),
    ("a-b", "a b", "INC"),
    ("Jama'at", "Jamaat", "INC"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος", "COR"),
    ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "COR"),
    ("", "", "COR"),
    ("", "  ", "COR"),
    ("", "a", "INC"),
    ("a", "", "INC"),
    ("1", 1, "INC"),
    ("true", True, "INC"),
]


@pytest.mark.parametrize(("gold", "predicted", "expected"), TEXTS)
def test_text_folds_compatibility_case_and_white_space_only(gold, predicted, expected):
    assert verdict(STRING, gold, predicted) == expected
    assert verdict(compared(STRING, by="text"), gold, predicted) == expected


NAMES = [
    ("Ménaka", "Menaka", "COR"),
    ("Ménaka", "MENAKA", "COR"),
    ("Dioïla", "dioila", "COR"),
    ("Façade", "Facade", "COR"),
    ("Nguyễn", "Nguyen", "COR"),
    ("Jama'at", "Jamaat", "COR"),
    ("Jama’at", "Jamaat", "COR"),
    ("Jamaʿat", "Jama`at", "COR"),
    ("N'Djamena", "N‘Djamena", "COR"),
    ("Al-Qaeda", "al qaeda", "COR"),
    ("Al‑Qaeda", "Al–Qaeda", "COR"),
    ("Al-Qaeda", "AlQaeda", "INC"),
    ("Al - Qaeda", "Al Qaeda", "COR"),
    ("Nioro du Sahel", "Nioro-du-Sahel", "COR"),
    ("Niono", "Nioro", "INC"),
    ("Boulikessi", "Boukessi", "INC"),
    ("й", "и", "COR"),
    ("कि", "का", "INC"),
    ("が", "か", "INC"),
    ("-", "'", "INC"),
    ("-", "-", "COR"),
    ("", "-", "INC"),
    ("Mali", "", "INC"),
]


@pytest.mark.parametrize(("gold", "predicted", "expected"), NAMES)
def test_name_drops_accents_and_apostrophes_and_spaces_hyphens(gold, predicted, expected):
    assert verdict(NAME, gold, predicted) == expected
    assert verdict(NAME, predicted, gold) == expected


ALIASES = (("Malian Armed Forces", "FAMa", "Armée malienne"), ("Wagner Group", "Africa Corps"))


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("Malian Armed Forces", "FAMa", "COR"),
        ("FAMa", "Malian Armed Forces", "COR"),
        ("FAMa", "Armée malienne", "COR"),
        ("fama", "ARMEE-MALIENNE", "COR"),
        ("FAMa", "Wagner Group", "INC"),
        ("FAMa", "Africa Corps", "INC"),
        ("FAMa", "FAMas", "INC"),
        ("the FAMa", "FAMa", "INC"),
    ],
)
def test_names_in_one_line_of_the_alias_list_are_one(gold, predicted, expected):
    assert verdict(NAME, gold, predicted, ALIASES) == expected


def test_the_alias_list_means_nothing_to_other_comparators():
    assert verdict(STRING, "FAMa", "Malian Armed Forces", ALIASES) == "INC"
    assert verdict(compared(STRING, by="fuzzy"), "FAMa", "Malian Armed Forces", ALIASES) == "INC"


@pytest.mark.parametrize("twice", ["FAMa", "fama", "FA-Ma", "FÁMÁ"])
def test_a_name_in_two_lines_of_the_alias_list_is_an_error_that_names_both(twice):
    folded_alike = "FA Ma" if "-" in twice else "FAMa"
    aliases = (("Malian Armed Forces", folded_alike), ("Gendarmerie", twice))
    with pytest.raises(DataError, match=f"'{twice}' .*'Malian Armed Forces'.*'Gendarmerie'"):
        verdict(NAME, "a", "b", aliases)


def test_two_spellings_of_one_name_in_one_line_are_no_error():
    assert verdict(NAME, "FAMA", "A", (("A", "FAMa", "Fama"),)) == "COR"


def test_an_alias_file_has_a_line_a_group_and_comments(tmp_path):
    path = tmp_path / "aliases.txt"
    path.write_text("\ufeff# parties\n\nA | B|C d \n  # more\nE |  | F\n", "utf-8")
    assert read_aliases(path) == (("A", "B", "C d"), ("E", "F"))


def test_an_alias_file_that_is_not_utf8_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "aliases.txt"
    path.write_bytes("Armée".encode("latin-1"))
    with pytest.raises(DataError, match=r"aliases\.txt: cannot be read"):
        read_aliases(path)


DATES = [
    ({}, "2025-07-01", "2025-07-01", "COR"),
    ({}, "2025-07-01", "2025-07-02", "INC"),
    ({"days": 1}, "2025-07-01", "2025-07-01", "COR"),
    ({"days": 1}, "2025-07-01", "2025-07-02", "PAR"),
    ({"days": 1}, "2025-07-01", "2025-06-30", "PAR"),
    ({"days": 1}, "2025-07-01", "2025-07-03", "INC"),
    ({"days": 2}, "2024-02-28", "2024-03-01", "PAR"),
    ({"days": 1}, "2024-02-28", "2024-03-01", "INC"),
    ({"days": 1}, "2025-12-31", "2026-01-01", "PAR"),
    ({"days": 366}, "2025-07-01", "01.07.2025", "INC"),
    ({"days": 366}, "2025-03-01", "2025-02-30", "INC"),
    ({"days": 366}, "2025-07-01", "2025-7-1", "INC"),
    ({"days": 366}, "2025-07-01", "20250701", "INC"),
    ({"days": 366}, "2025-07-01", "2025-07", "INC"),
    ({"days": 366}, "2025-07-01", "2025-07-01T00:00:00", "INC"),
    ({"days": 366}, "2025-07-01", "２０２５-07-01", "INC"),
    ({"days": 366}, "2025-07-01", " 2025-07-01", "INC"),
    ({"days": 366}, "2025-07-01", "", "INC"),
    ({"days": 366}, "2025-07-01", 20250701, "INC"),
]


@pytest.mark.parametrize(("options", "gold", "predicted", "expected"), DATES)
def test_date_is_the_same_day_and_partly_within_days_of_it(options, gold, predicted, expected):
    assert verdict(compared(DATE, **options), gold, predicted) == expected


FUZZY = [
    ({}, "abcd", "ABCD ", "COR"),
    ({}, "abcd", "abce", "INC"),
    ({"accept": 0.75}, "abcd", "abce", "COR"),
    ({"accept": 0.76}, "abcd", "abce", "INC"),
    ({"accept": 0.9, "partial": 0.75}, "abcd", "abce", "PAR"),
    ({"accept": 0.9, "partial": 0.75}, "abcd", "abef", "INC"),
    ({"accept": 0.9, "partial": 0.5}, "abcd", "abef", "PAR"),
    ({"partial": 0.5}, "abcd", "abcd", "COR"),
    ({"partial": 0.5}, "abcd", "abcdefgh", "PAR"),
    ({"partial": 0.5}, "abcd", "abcdefghi", "INC"),
    ({"accept": 0.5, "partial": 0.5}, "abcd", "abef", "COR"),
    ({"accept": 0.1}, "abcd", "", "INC"),
    ({"accept": 0.1}, "", "", "COR"),
    ({"accept": 0.1}, "abcd", 4, "INC"),
]


@pytest.mark.parametrize(("options", "gold", "predicted", "expected"), FUZZY)
def test_fuzzy_is_accepted_and_partly_from_its_two_thresholds_on(
    options, gold, predicted, expected
):
    assert verdict(compared(STRING, by="fuzzy", **options), gold, predicted) == expected


@pytest.mark.parametrize("length", [9_000, 12_000, 150_000])
@pytest.mark.parametrize("node", [STRING, NAME, compared(STRING, by="fuzzy", accept=0.9)])
def test_strings_of_any_length_are_compared_by_the_same_rules(node, length):
    clauses = ("The lessee keeps the roof dry. " * length)[:length].strip()
    assert verdict(node, clauses, clauses.upper().replace("ROOF", "ROOF ", 1)) == "COR"
    assert verdict(node, clauses, "x" * length) == "INC"


@pytest.mark.parametrize("node", [STRING, NAME, compared(STRING, by="exact")])
@pytest.mark.parametrize(("gold", "predicted"), [("Niono", "Nioro"), ("10", "90")])
def test_nothing_is_fuzzy_unless_the_schema_says_so(node, gold, predicted):
    assert verdict(node, gold, predicted) == "INC"


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (compared(STRING, by="number"), "'number' compares number, integer; this field is string"),
        (compared(NUMBER, by="text"), "'text' compares string; this field is number"),
        (compared(NUMBER, by="date"), "'date' compares date, string; this field is number"),
        (compared(BOOLEAN, by="name"), "'name' compares string; this field is boolean"),
        (compared(DATE, by="fuzzy"), "'fuzzy' compares string; this field is date"),
        (compared(STRING, by="nmae"), "unknown comparator 'nmae'; did you mean name"),
        (compared(STRING, days=1), "'text' has no option days"),
        (compared(NUMBER, abs=1, percent=2), "'number' has no option percent"),
        (compared(NUMBER, abs="1"), "`abs` is a number"),
        (compared(NUMBER, abs=True), "`abs` is a number"),
        (compared(NUMBER, rel=None), "`rel` is a number"),
        (compared(NUMBER, abs=math.nan), "`abs` is a number"),
        (compared(NUMBER, abs=-1), "a tolerance is 0 or more"),
        (compared(DATE, days=-1), "a tolerance is 0 or more"),
        (compared(STRING, by="fuzzy", accept=1.5), "thresholds go 0 < partial <= accept <= 1"),
        (compared(STRING, by="fuzzy", accept=0), "thresholds go 0 < partial <= accept <= 1"),
        (compared(STRING, by="fuzzy", accept=0.5, partial=0.6), "thresholds go"),
    ],
)
@pytest.mark.parametrize("wrap", [lambda node: node, array], ids=["leaf", "bag"])
def test_a_comparator_that_does_not_fit_is_refused_with_path_and_reason(node, reason, wrap):
    with pytest.raises(SchemaError) as error:
        scored(obj(f=wrap(node)), {}, {})
    assert str(error.value).startswith("schema, at f: ")
    assert reason in str(error.value)


# A comparator of another package, through its entry point.

soundalike = Comparator(
    lambda value: value[0].casefold(),
    ("string",),
    lambda gold, predicted, *, near: (
        Grade.PARTLY if abs(ord(gold) - ord(predicted)) <= near else Grade.NOT
    ),
    {"near": 1},
)
no_comparator = str.casefold


@pytest.fixture
def installed(monkeypatch):
    """Register objects of this file as comparators of an installed package."""

    def install(**objects):
        points = [
            EntryPoint(name, f"{__name__}:{value}", comparators.ENTRY_POINTS)
            for name, value in objects.items()
        ]
        monkeypatch.setattr(
            comparators,
            "entry_points",
            lambda *, group: [point for point in points if point.group == group],
        )

    return install


@pytest.mark.parametrize(
    ("options", "predicted", "expected"),
    [
        ({}, "Apple", "COR"),
        ({}, "Bee", "PAR"),
        ({}, "Cat", "INC"),
        ({"near": 2}, "Cat", "PAR"),
    ],
)
def test_a_third_party_adds_a_comparator_by_name(installed, options, predicted, expected):
    installed(sound="soundalike")
    node = compared(STRING, by="sound", **options)
    assert verdict(node, "ant", predicted) == expected


def test_a_third_party_comparator_is_held_to_its_types_and_options(installed):
    installed(sound="soundalike")
    with pytest.raises(SchemaError, match="'sound' compares string; this field is integer"):
        verdict(compared(INTEGER, by="sound"), 1, 1)
    with pytest.raises(SchemaError, match="'sound' has no option far"):
        verdict(compared(STRING, by="sound", far=1), "a", "b")


def test_a_third_party_cannot_take_the_name_of_a_built_in_comparator(installed):
    installed(text="soundalike")
    assert verdict(STRING, "ant", "apple") == "INC"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("missing", "has no attribute 'missing'"),
        ("no_comparator", "is no benchmark.Comparator but method_descriptor"),
    ],
)
def test_a_comparator_that_does_not_load_is_an_error_that_names_it(installed, target, reason):
    installed(sound=target)
    with pytest.raises(DataError, match=f"comparator 'sound'.*{reason}"):
        find("sound")


def test_an_unknown_comparator_is_told_which_there_are(installed):
    installed(sound="soundalike")
    with pytest.raises(UnknownNameError, match="unknown comparator 'sounds'; did you mean sound"):
        find("sounds")


def test_a_comparator_that_breaks_in_folding_is_named_with_the_value(installed):
    installed(sound="soundalike")
    with pytest.raises(DataError, match="comparator 'sound' broke on '': IndexError"):
        verdict(compared(STRING, by="sound"), "ant", "")


def crash(gold, predicted):
    raise ZeroDivisionError("no way")


broken_grade = Comparator(str.casefold, ("string",), crash)
not_a_grade = Comparator(str.casefold, ("string",), lambda gold, predicted: 0.7)


@pytest.mark.parametrize(
    ("target", "reason"), [("broken_grade", "ZeroDivisionError: no way"), ("not_a_grade", "0.7")]
)
def test_a_comparator_that_breaks_in_grading_is_named_with_both_values(installed, target, reason):
    installed(sound=target)
    with pytest.raises(DataError, match=f"comparator 'sound' broke on 'ant' and 'bee': .*{reason}"):
        verdict(compared(STRING, by="sound"), "Ant", "Bee")


def test_values_can_be_shown_as_compared():
    bound = bind("f", Leaf("string", by="name"), ALIASES)
    assert bound.fold("  Ménaka-Ville ") == "menaka ville"
    assert bound.fold("ARMEE malienne") == "malian armed forces"


@pytest.mark.parametrize("sign", "'’‘`´ʼ＇")
def test_name_drops_every_apostrophe(sign):
    bound = bind("f", Leaf("string", by="name"), ())
    assert bound.fold(f"Jama{sign}at") == "jamaat"


def test_an_option_is_a_finite_number():
    with pytest.raises(SchemaError, match="`abs` is a number"):
        bind("f", Leaf("number", options={"abs": 10**400}), ())


def many(golds, predicted):
    return [Grade.NOT] * len(golds)


def too_few(golds, predicted):
    return [Grade.NOT]


def broken(golds, predicted):
    raise ValueError


@pytest.mark.parametrize(
    ("grades", "other"), [(many, Grade.NOT), (too_few, Grade.PARTLY), (broken, Grade.PARTLY)]
)
def test_many_pairs_at_once_accept_what_is_equal_and_fall_back_to_one_by_one(grades, other):
    comparator = Comparator(str.lower, ("string",), lambda g, p: Grade.PARTLY, grades=grades)
    bound = FieldComparator(Leaf("string"), "mine", comparator, {}, {})
    assert bound.grades(["a", "b"], ["a", "c"]) == [Grade.ACCEPTED, other]
