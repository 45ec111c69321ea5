"""Every verdict on one document: it adds up to the counts, and says why in words."""

from collections import Counter

import pytest
from hypothesis import given
from support.strategies import annotated_cases
from support.tasks import (
    BOOLEAN,
    DATE,
    INTEGER,
    KEY,
    NUMBER,
    STRING,
    array,
    compared,
    obj,
    scored,
    table,
    write_lines,
    write_task,
)

from benchmark import (
    Document,
    Failure,
    Outcome,
    Task,
    UnknownNameError,
    make_task,
    read_predictions,
    score,
)


def slots_by_outcome(result, name, paired=(True, False)):
    """Counts made from the verdicts on a document: of each field, by outcome."""
    slots = result.verdicts(name).slots
    found = Counter((slot.field, slot.outcome) for slot in slots if slot.paired in paired)
    assert {path for path, _ in found} <= set(result.fields)
    return [[found[path, outcome] for outcome in Outcome] for path in result.fields]


def records(result, name):
    """Records made from the pairings of a document: gold, predicted, paired and perfect."""
    found = []
    for path in result.tables:
        pairings = [one for one in result.verdicts(name).pairings if one.table == path]
        both = [one for one in pairings if one.gold and one.predicted]
        gold = [one for one in pairings if one.gold and (one.predicted or not one.gold.optional)]
        predicted = [one for one in pairings if one.predicted]
        perfect = [one for one in both if one.perfect]
        assert not any(one.perfect for one in pairings if one not in both)
        found.append(list(map(len, (gold, predicted, both, perfect))))
    return found


@given(annotated_cases())
def test_verdicts_add_up_to_the_counts(case):
    schema, gold, predicted, alternatives, optional = case
    one = Document("d", gold, alternatives=alternatives, optional=optional)
    task = Task("t", schema, (Document("before", gold), one, Document("after", gold)))
    result = score(task, dict.fromkeys(task.ids, predicted))
    for row, name in enumerate(task.ids):
        assert slots_by_outcome(result, name) == result.counts[row].tolist()
        assert slots_by_outcome(result, name, {True}) == result.matched_counts[row].tolist()
        assert records(result, name) == result.records[row].tolist()


ROWS = obj(title=STRING, rows=table(k=KEY, n=INTEGER))


@pytest.mark.parametrize("prediction", [None, Failure("why"), "{", [], {"title": None}])
def test_so_they_do_where_there_is_no_prediction(prediction):
    gold = {"title": "t", "rows": [{"k": "a", "n": 1}]}
    result = scored(ROWS, gold, prediction)
    assert slots_by_outcome(result, "d") == result.counts[0].tolist()
    assert records(result, "d") == result.records[0].tolist() == [[1, 0, 0, 0]]
    assert {slot.outcome for slot in result.verdicts("d").slots} == {Outcome.MIS}


@pytest.fixture
def lazily(tmp_path):
    """A score of many documents, all read from files when they are asked for."""
    names = [f"d{n}" for n in range(300)]
    gold = [{"id": name, "gold": {"title": name, "rows": [{"k": name}]}} for name in names]
    lines = [{"id": name, "prediction": {"title": name, "rows": []}} for name in names]
    lines[150]["prediction"]["title"] = "other"
    folder = write_task(tmp_path, ROWS, gold)
    task = make_task(folder / "gold.jsonl", folder / "schema.json")
    return score(task, read_predictions(write_lines(tmp_path / "p.jsonl", lines[::-1])))


@pytest.mark.parametrize(("n", "first"), [(0, Outcome.COR), (150, Outcome.INC), (299, Outcome.COR)])
def test_a_document_in_the_middle_of_a_file_has_its_own_verdicts(lazily, n, first):
    title, k = lazily.verdicts(f"d{n}").slots
    assert (title.field, title.outcome, title.gold.raw) == ("title", first, f"d{n}")
    assert (k.field, k.outcome, k.gold.raw) == ("rows.k", Outcome.MIS, f"d{n}")
    assert slots_by_outcome(lazily, f"d{n}") == lazily.counts[n].tolist()


def test_a_document_that_the_task_lacks_is_named_with_those_near_it(lazily):
    with pytest.raises(UnknownNameError, match="unknown document 'd1500'; did you mean d150"):
        lazily.verdicts("d1500")


def test_verdicts_leave_the_counts_as_they_are(lazily):
    before = lazily.counts.copy(), dict(lazily.statuses), lazily.invalid.copy()
    lazily.verdicts("d150")
    assert (lazily.counts == before[0]).all()
    assert (lazily.statuses, lazily.invalid) == before[1:]


def test_slots_and_pairings_tell_where_both_values_stand():
    gold = {"rows": [{"k": "a", "n": 1}, {"k": "b"}]}
    predicted = {"rows": [{"k": "c"}, None, {"k": "A", "n": 2}]}
    found = scored(ROWS, gold, predicted).verdicts("d")

    def path(side):
        return side.path if side else None

    assert [(one.table, path(one.gold), path(one.predicted)) for one in found.pairings] == [
        ("rows", "rows[0]", "rows[2]"),
        ("rows", "rows[1]", None),
        ("rows", None, "rows[0]"),
    ]
    assert [(s.outcome.name, s.paired, path(s.gold), path(s.predicted)) for s in found.slots] == [
        ("COR", True, "rows[0].k", "rows[2].k"),
        ("INC", True, "rows[0].n", "rows[2].n"),
        ("MIS", False, "rows[1].k", None),
        ("SPU", False, None, "rows[0].k"),
    ]


def test_a_value_is_shown_as_given_and_as_compared():
    (slot,) = (
        scored(obj(f=compared(STRING, by="name")), {"f": "Ségou"}, {"f": "SEGOU "})
        .verdicts("d")
        .slots
    )
    assert (slot.gold.raw, slot.predicted.raw) == ("Ségou", "SEGOU ")
    assert slot.gold.accepted == slot.predicted.accepted == ("segou",)


ALIASES = (("Army", "Troops"),)
NAME = compared(STRING, by="name")
FUZZY = compared(STRING, by="fuzzy", accept=0.8, partial=0.5)
DAY = compared(DATE, days=1)


@pytest.mark.parametrize(
    ("node", "gold", "predicted", "reason"),
    [
        (STRING, "Niono", "Nioro", "'niono' and 'nioro' differ"),
        (STRING, "Niono", "Niono", "the same"),
        (STRING, "Niono", "niono ", "the same as compared, 'niono'"),
        (NAME, "Ségou", "Segou", "the same as compared, 'segou'"),
        (NAME, "Army", "troops", "the same as compared, 'army'"),
        (STRING, "Niono", None, "nothing is predicted"),
        (STRING, None, "Niono", "gold has nothing here"),
        (STRING, "a", 5, "5 is no string"),
        (STRING, None, ["a"], "['a'] is no string"),
        (INTEGER, 1, True, "true is no integer"),
        (INTEGER, 1, "1", "'1' is no integer"),
        (INTEGER, 1, 1.0, "the same as compared, 1"),
        (INTEGER, 10, 90, "10 and 90 differ"),
        (NUMBER, 1, 2.5, "1 and 2.5 differ"),
        (compared(NUMBER, abs=2), 1, 2.5, "1 and 2.5 are close enough"),
        (BOOLEAN, True, False, "true and false differ"),
        (BOOLEAN, False, 0, "0 is no boolean"),
        (DATE, "2025-07-01", "2025-02-30", "'2025-02-30' is no date"),
        (DATE, "2025-07-01", "2025-07-02", "'2025-07-01' and '2025-07-02' differ"),
        (DAY, "2025-07-01", "2025-07-02", "'2025-07-01' and '2025-07-02' agree in part"),
        (FUZZY, "abcdef", "ABCDEX", "'abcdef' and 'abcdex' are close enough"),
        (FUZZY, "abcdef", "abcxyz", "'abcdef' and 'abcxyz' agree in part"),
        ({"enum": ["a", "b"]}, "a", "b", "'a' and 'b' differ"),
        ({"enum": ["a", "b"]}, "a", "c", "'c' is no value of the list"),
        (STRING, "a", 200 * "b", "'a' and '" + 79 * "b" + " differ"),
    ],
)
def test_the_reason_is_told_in_words(node, gold, predicted, reason):
    (slot,) = scored(obj(f=node), {"f": gold}, {"f": predicted}, ALIASES).verdicts("d").slots
    assert slot.reason == reason
    assert slot.alternative is None


@pytest.mark.parametrize(
    ("node", "others", "predicted", "outcome", "alternative", "reason"),
    [
        (STRING, ["Kay"], "KAY", "COR", "Kay", "gold accepts 'Kay' as well"),
        (STRING, ["Kay"], "Kayes", "COR", None, "the same"),
        (STRING, ["Kay"], "Kidal", "INC", None, "'kayes' or 'kay' and 'kidal' differ"),
        (STRING, ["Kay", None], "Kidal", "INC", None, "'kayes' or 'kay' and 'kidal' differ"),
        (
            FUZZY,
            ["abcdef"],
            "abcxyz",
            "PAR",
            "abcdef",
            "gold accepts what agrees in part, 'abcdef' as well",
        ),
    ],
)
def test_the_alternative_that_earned_the_credit_is_told(
    node, others, predicted, outcome, alternative, reason
):
    given = {"f": others}
    result = scored(obj(f=node), {"f": "Kayes"}, {"f": predicted}, alternatives=given)
    (slot,) = result.verdicts("d").slots
    assert (slot.outcome.name, slot.alternative, slot.reason) == (outcome, alternative, reason)


def test_an_alternative_may_be_told_where_gold_has_nothing():
    result = scored(obj(f=STRING), {}, {"f": "Kay"}, alternatives={"f": [None, "Kay"]})
    (slot,) = result.verdicts("d").slots
    assert (slot.outcome, slot.alternative) == (Outcome.COR, "Kay")
    assert slot.reason == "gold accepts 'Kay' as well"


def test_the_alternative_of_an_element_is_told_at_its_place():
    schema, given = obj(f=array(STRING)), {"f[1]": ["beta"]}
    result = scored(schema, {"f": ["a", "b"]}, {"f": ["Beta", "a"]}, alternatives=given)
    in_words = {
        slot.gold.path: (slot.predicted.path, slot.alternative)
        for slot in result.verdicts("d").slots
    }
    assert in_words == {"f[0]": ("f[1]", None), "f[1]": ("f[0]", "beta")}
