"""Empty, missing, null, zero, false, "" and the wrong type on either side: the whole policy."""

import pytest
from support.tasks import (
    BOOLEAN,
    DATE,
    INTEGER,
    KEY,
    NUMBER,
    STRING,
    array,
    obj,
    outcomes,
    scored,
    table,
    write_task,
)

from benchmark import DataError, Status, load_task

NULL = {"type": "null"}


def nullable(node):
    return {"anyOf": [node, NULL]}


NODES = {
    "string": nullable(STRING),
    "integer": nullable(INTEGER),
    "number": nullable(NUMBER),
    "boolean": nullable(BOOLEAN),
    "date": nullable(DATE),
    "enum": nullable({"enum": ["a", ""]}),
    "object": nullable(obj(x=nullable(STRING))),
    "bag": nullable(array(nullable(STRING))),
    "numbers": nullable(array(nullable(INTEGER))),
    "set": nullable(array(nullable(STRING), **{"as": "set"})),
    "table": nullable(array(nullable(obj(k=KEY, n=nullable(INTEGER))))),
    "nested": nullable(table(k=KEY, sub=nullable(table(m=nullable(STRING))))),
}
ABSENT = object()

A = [{"k": "a", "n": 1}]
A0 = [{"k": "a", "n": 0}]
A_ = [{"k": "a"}]
N = [{"k": "a", "sub": [{"m": "x"}]}]

# (node, gold, predicted, slots, how many predicted things are of the wrong type)
LEAVES = [
    # string: "" and blanks are values
    ("string", ABSENT, "", "SPU", 0),
    ("string", None, "", "SPU", 0),
    ("string", None, "a", "SPU", 0),
    ("string", "", ABSENT, "MIS", 0),
    ("string", "", None, "MIS", 0),
    ("string", "", "", "COR", 0),
    ("string", "", " ", "COR", 0),
    ("string", "", "a", "INC", 0),
    ("string", "a", ABSENT, "MIS", 0),
    ("string", "a", None, "MIS", 0),
    ("string", "a", "", "INC", 0),
    ("string", "a", "a", "COR", 0),
    ("string", "0", 0, "INC", 1),
    ("string", "a", False, "INC", 1),
    ("string", "a", [], "INC", 1),
    ("string", "a", ["a"], "INC", 1),
    ("string", "a", {}, "INC", 1),
    ("string", None, 0, "SPU", 1),
    ("string", None, [], "SPU", 1),
    ("string", ABSENT, {}, "SPU", 1),
    # integer: 0 is a value, and neither null nor false nor "0"
    ("integer", None, 0, "SPU", 0),
    ("integer", ABSENT, 0, "SPU", 0),
    ("integer", 0, ABSENT, "MIS", 0),
    ("integer", 0, None, "MIS", 0),
    ("integer", 0, 0, "COR", 0),
    ("integer", 0, 0.0, "COR", 0),
    ("integer", 0, 1, "INC", 0),
    ("integer", 1, 0, "INC", 0),
    ("integer", 0, False, "INC", 1),
    ("integer", 1, True, "INC", 1),
    ("integer", 0, "", "INC", 1),
    ("integer", 0, "0", "INC", 1),
    ("integer", 0, 0.5, "INC", 1),
    ("integer", 0, [], "INC", 1),
    ("integer", None, "", "SPU", 1),
    ("integer", None, False, "SPU", 1),
    # number
    ("number", None, 0.0, "SPU", 0),
    ("number", 0, ABSENT, "MIS", 0),
    ("number", 0, 0.0, "COR", 0),
    ("number", 0.0, -0.0, "COR", 0),
    ("number", 0, False, "INC", 1),
    ("number", 0, "", "INC", 1),
    ("number", None, "0", "SPU", 1),
    # boolean: false is a value, and neither null nor 0
    ("boolean", None, False, "SPU", 0),
    ("boolean", ABSENT, False, "SPU", 0),
    ("boolean", False, ABSENT, "MIS", 0),
    ("boolean", False, None, "MIS", 0),
    ("boolean", False, False, "COR", 0),
    ("boolean", False, True, "INC", 0),
    ("boolean", False, 0, "INC", 1),
    ("boolean", True, 1, "INC", 1),
    ("boolean", False, "", "INC", 1),
    ("boolean", None, 0, "SPU", 1),
    # date
    ("date", None, "2025-07-01", "SPU", 0),
    ("date", "2025-07-01", None, "MIS", 0),
    ("date", "2025-07-01", "2025-07-01", "COR", 0),
    ("date", "2025-07-01", "", "INC", 1),
    ("date", "2025-07-01", 0, "INC", 1),
    ("date", None, "", "SPU", 1),
    # enum: what is not listed is of the wrong type
    ("enum", None, "a", "SPU", 0),
    ("enum", "a", None, "MIS", 0),
    ("enum", "a", "a", "COR", 0),
    ("enum", "a", "", "INC", 0),
    ("enum", "", "", "COR", 0),
    ("enum", "", None, "MIS", 0),
    ("enum", "a", "c", "INC", 1),
    ("enum", None, "c", "SPU", 1),
    ("enum", "a", [], "INC", 1),
    ("enum", "a", {}, "INC", 1),
]
OBJECTS = [
    ("object", {"x": "a"}, ABSENT, "x:MIS", 0),
    ("object", {"x": "a"}, None, "x:MIS", 0),
    ("object", {"x": "a"}, {}, "x:MIS", 0),
    ("object", {"x": "a"}, {"x": "a"}, "x:COR", 0),
    ("object", {"x": "a"}, [], "x:MIS", 1),
    ("object", {"x": "a"}, "a", "x:MIS", 1),
    ("object", {"x": "a"}, 0, "x:MIS", 1),
    ("object", None, {"x": ""}, "x:SPU", 0),
    ("object", ABSENT, {"x": None}, "", 0),
    ("object", None, False, "", 1),
]
BAGS = [
    ("bag", ABSENT, [], "", 0),
    ("bag", [], ABSENT, "", 0),
    ("bag", [], None, "", 0),
    ("bag", [], [], "", 0),
    ("bag", [None], [], "", 0),
    ("bag", [], [None, None], "", 0),
    ("bag", ["a"], [None, "a"], "COR", 0),
    ("bag", [None, "a"], ["a"], "COR", 0),
    ("bag", [], [""], "SPU", 0),
    ("bag", None, ["a", "a"], "SPU SPU", 0),
    ("bag", [""], [], "MIS", 0),
    ("bag", [""], [""], "COR", 0),
    ("bag", [""], [None], "MIS", 0),
    ("bag", ["a"], ABSENT, "MIS", 0),
    ("bag", ["a"], None, "MIS", 0),
    ("bag", ["a"], [""], "INC", 0),
    ("bag", ["a", "b"], ["c"], "INC MIS", 0),
    ("bag", ["a"], ["c", "d"], "INC SPU", 0),
    ("bag", ["a"], "a", "MIS", 1),
    ("bag", ["a"], {}, "MIS", 1),
    ("bag", ["a"], 0, "MIS", 1),
    ("bag", ["a"], False, "MIS", 1),
    ("bag", ["a"], "", "MIS", 1),
    ("bag", [], "a", "", 1),
    ("bag", None, 0, "", 1),
    ("bag", ["a"], [0], "INC", 1),
    ("bag", ["a"], [[]], "INC", 1),
    ("bag", ["a"], ["a", {}], "COR SPU", 1),
    ("bag", [], [0, False], "SPU SPU", 2),
    ("numbers", [0], [0], "COR", 0),
    ("numbers", [0], [], "MIS", 0),
    ("numbers", [], [0], "SPU", 0),
    ("numbers", [0], [None], "MIS", 0),
    ("numbers", [0], [False], "INC", 1),
    ("numbers", [0], ["0"], "INC", 1),
    ("set", ABSENT, [], "", 0),
    ("set", [None, None], [], "", 0),
    ("set", [], ["", " "], "SPU", 0),
    ("set", ["", ""], [], "MIS", 0),
    ("set", ["a", "a"], ["a", None], "COR", 0),
    ("set", ["a"], "a", "MIS", 1),
    ("set", ["a"], {"a": 1}, "MIS", 1),
]
TABLES = [
    ("table", ABSENT, [], "", 0),
    ("table", [], ABSENT, "", 0),
    ("table", None, [], "", 0),
    ("table", [], [{}], "", 0),
    ("table", [], A, "k:SPU n:SPU", 0),
    ("table", None, A0, "k:SPU n:SPU", 0),
    ("table", ABSENT, A_, "k:SPU", 0),
    ("table", A, ABSENT, "k:MIS n:MIS", 0),
    ("table", A, None, "k:MIS n:MIS", 0),
    ("table", A, [], "k:MIS n:MIS", 0),
    ("table", A, [{}], "k:MIS n:MIS", 0),
    ("table", A, [None], "k:MIS n:MIS", 0),
    ("table", A, [None, *A], "k:COR n:COR", 0),
    ("table", A, A, "k:COR n:COR", 0),
    ("table", A, A_, "k:COR n:MIS", 0),
    ("table", A_, A0, "k:COR n:SPU", 0),
    ("table", A0, A_, "k:COR n:MIS", 0),
    ("table", A, A0, "k:COR n:INC", 0),
    ("table", A, {}, "k:MIS n:MIS", 1),
    ("table", A, A[0], "k:MIS n:MIS", 1),
    ("table", A, "a", "k:MIS n:MIS", 1),
    ("table", A, 0, "k:MIS n:MIS", 1),
    ("table", A, False, "k:MIS n:MIS", 1),
    ("table", A, [0, *A], "k:COR n:COR", 1),
    ("table", A, [[], "", *A], "k:COR n:COR", 2),
    ("table", A, ["a"], "k:MIS n:MIS", 1),
    ("table", [], {}, "", 1),
    ("table", A, [{"k": "a", "n": "1"}], "k:COR n:INC", 1),
    ("table", A, [{"k": 0, "n": 1}], "k:MIS k:SPU n:MIS n:SPU", 1),
    ("nested", N, N, "k:COR m:COR", 0),
    ("nested", N, [], "k:MIS m:MIS", 0),
    ("nested", [], N, "k:SPU m:SPU", 0),
    ("nested", N, [{"k": "a"}], "k:COR m:MIS", 0),
    ("nested", N, [{"k": "a", "sub": None}], "k:COR m:MIS", 0),
    ("nested", N, [{"k": "a", "sub": []}], "k:COR m:MIS", 0),
    ("nested", N, [{"k": "a", "sub": [{}]}], "k:COR m:MIS", 0),
    ("nested", N, [{"k": "a", "sub": [{"m": ""}]}], "k:COR m:MIS m:SPU", 0),
    ("nested", [{"k": "a", "sub": []}], [{"k": "a"}], "k:COR", 0),
    ("nested", [{"k": "a"}], N, "k:COR m:SPU", 0),
    ("nested", N, [{"k": "a", "sub": {}}], "k:COR m:MIS", 1),
    ("nested", N, [{"k": "a", "sub": "x"}], "k:COR m:MIS", 1),
    ("nested", N, [{"k": "a", "sub": [0]}], "k:COR m:MIS", 1),
    ("nested", N, [{"k": "a", "sub": [{"m": 0}]}], "k:COR m:MIS m:SPU", 1),
]
NOTHING = [
    (node, gold, predicted, "", 0)
    for node in NODES
    for gold in (ABSENT, None)
    for predicted in (ABSENT, None)
]


def document(value):
    """The value as the property `f`, beside another so that the prediction is never empty."""
    return {"other": "o"} | ({} if value is ABSENT else {"f": value})


def shown(result) -> str:
    """The slots but that of the other property: "COR MIS", of an object or table "k:COR n:MIS"."""
    found = []
    for path, slots in sorted(outcomes(result).items()):
        _, _, name = path.rpartition(".")
        if path != "other":
            found += [slot if path == "f" else f"{name}:{slot}" for slot in slots.split()]
    return " ".join(found)


def name(value):
    return "absent" if value is ABSENT else None


@pytest.mark.parametrize(
    ("node", "gold", "predicted", "slots", "invalid"),
    [*NOTHING, *LEAVES, *OBJECTS, *BAGS, *TABLES],
    ids=name,
)
def test_corner(node, gold, predicted, slots, invalid):
    schema = obj(other=STRING, f=NODES[node])
    result = scored(schema, document(gold), document(predicted))
    assert shown(result) == slots
    assert result.invalid.total() == invalid
    assert (result.statuses["d"] is Status.INVALID) == bool(invalid)
    assert outcomes(result)["other"] == "COR"


@pytest.mark.parametrize(
    ("node", "gold"),
    [
        ("string", 0),
        ("string", []),
        ("integer", "0"),
        ("integer", False),
        ("integer", 0.5),
        ("number", "0"),
        ("boolean", 0),
        ("boolean", ""),
        ("date", ""),
        ("date", "2025-02-30"),
        ("enum", "c"),
        ("object", []),
        ("bag", "a"),
        ("bag", {}),
        ("bag", [0]),
        ("bag", [["a"]]),
        ("set", "a"),
        ("table", {}),
        ("table", ["a"]),
        ("table", [{"k": 0}]),
        ("nested", [{"k": "a", "sub": {}}]),
    ],
)
def test_gold_of_the_wrong_type_is_refused_with_document_and_path(node, gold, tmp_path):
    schema = obj(other=STRING, f=NODES[node])
    folder = write_task(tmp_path, schema, [{"id": "d", "gold": document(gold)}])
    with pytest.raises(DataError, match="gold of 'd' breaks the schema at f"):
        load_task(folder)


@pytest.mark.parametrize("prediction", [None, [], "", 0, False, "[]", "null", "0", '"x"', "{"])
def test_a_prediction_that_is_no_object_leaves_all_gold_missing(prediction):
    schema = obj(f=STRING, rows=NODES["table"])
    result = scored(schema, {"f": "a", "rows": A}, prediction)
    assert outcomes(result) == {"f": "MIS", "rows.k": "MIS", "rows.n": "MIS"}


@pytest.mark.parametrize("gold", [{}, {"rows": []}, {"rows": None}])
def test_what_is_predicted_for_a_document_without_records_is_spurious(gold):
    schema = obj(rows=NODES["table"])
    assert outcomes(scored(schema, gold, {"rows": A})) == {"rows.k": "SPU", "rows.n": "SPU"}
    assert outcomes(scored(schema, gold, {"rows": []})) == {}


def test_an_undefined_rate_is_none_and_neither_zero_nor_one():
    rates = scored(obj(f=STRING), {}, {"f": None}).field_counts("f").strict
    assert (rates.precision, rates.recall, rates.f1) == (None, None, None)
    rates = scored(obj(f=STRING), {}, {"f": "a"}).field_counts("f").strict
    assert (rates.precision, rates.recall, rates.f1) == (0, None, 0)
    rates = scored(obj(f=STRING), {"f": "a"}, {}).field_counts("f").strict
    assert (rates.precision, rates.recall, rates.f1) == (None, 0, 0)
