"""CSV and parquet as gold and predictions: a row for each record of the one table."""

import datetime
import json
from decimal import Decimal

import pyarrow
import pyarrow.parquet
import pytest
from support.tasks import BOOLEAN, DATE, INTEGER, NUMBER, STRING, array, obj, table

from benchmark import Task, load_task, make_task, read_predictions, score
from benchmark.data.documents import Document
from benchmark.errors import DataError

EVENT = {
    "place": STRING,
    "dates": obj(start=DATE, end=DATE),
    "dead": INTEGER,
    "cost": NUMBER,
    "claimed": BOOLEAN,
    "targets": array(STRING),
    "sizes": array(INTEGER),
    "kind": {"enum": ["raid", 1]},
    "level": {"type": ["integer", "string", "null"]},
    "extra": {},
    "parts": table(n=INTEGER),
}
SCHEMA = obj(events=table(**EVENT))


def read(tmp_path, content, schema=SCHEMA, name="p.csv"):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return dict(read_predictions(file, tree=Task("t", schema, ()).tree))


def test_rows_are_records_of_their_documents(tmp_path):
    content = "id,place,dates.start\na,Kidal,2024-01-05\nb,,\na,Gao,\n"
    assert read(tmp_path, content) == {
        "a": {"events": [{"place": "Kidal", "dates": {"start": "2024-01-05"}}, {"place": "Gao"}]},
        "b": {"events": []},  # nothing but an id: a document without records
    }


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("dead", "3", 3),
        ("dead", "3.0", 3.0),
        ("dead", " 3", 3),
        ("dead", "3.5", "3.5"),
        ("dead", "007", "007"),
        ("dead", '"1,000"', "1,000"),
        ("dead", "three", "three"),
        ("dead", "true", "true"),
        ("dead", "9007199254740993", 9007199254740993),
        ("cost", "1e3", 1000.0),
        ("cost", "NaN", "NaN"),
        ("cost", '"5,52"', "5,52"),
        ("claimed", "True", True),
        ("claimed", "FALSE", False),
        ("claimed", "1", "1"),
        ("claimed", "yes", "yes"),
        ("dates.start", "2024", "2024"),
        ("place", "12", "12"),
        ("place", "null", "null"),
        ("place", '" a\u2028b\nc"', " a\u2028b\nc"),
        ("targets", "camp | 12|", ["camp", "12"]),
        ("targets", '"[""a|b"", 1]"', ["a|b", 1]),
        ("targets", "[a|b", ["[a", "b"]),
        ("sizes", "1|2|x", [1, 2, "x"]),
        ("kind", "raid", "raid"),
        ("kind", "1", 1),
        ("kind", "2", "2"),
        ("level", "2", 2),
        ("level", "high", "high"),
        ("extra", '"{""a"": [1]}"', {"a": [1]}),
        ("extra", "words", "words"),
        ("parts", '"[{""n"": 1}]"', [{"n": 1}]),
        ("parts", "1", "1"),
        ("invented", "1", "1"),
        ("a.b", "1", "1"),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_field(tmp_path, column, cell, value):
    (record,) = read(
        tmp_path, f"id,place,{column}\na,x,{cell}\n".replace("place,place", "z,place")
    )["a"]["events"]
    record = record.get("dates", {}) if column.startswith("dates") else record
    found = record[column.removeprefix("dates.")]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "raw",
    [
        "id;place;dead\na;Sévaré;3\n".encode("utf-8-sig"),
        "id\tplace\tdead\r\na\tSévaré\t3\r\n".encode("utf-16"),
        "sep=;\nid;place;dead\na;Sévaré;3\n".encode(),
        "id|place|dead\ra|Sévaré|3\r".encode(),
        '\n"id", place ,"dead"\n\n"a","Sévaré",3'.encode(),
        "dead,events.place,doc_id,id\n3,Sévaré,a,\n".encode(),
    ],
)
def test_csv_as_people_have_it(tmp_path, raw):
    assert read(tmp_path, raw) == {"a": {"events": [{"place": "Sévaré", "dead": 3}]}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"p\.csv: it is empty"),
        ("place\nGao\n", r"p\.csv: no column has the document's id; call it doc_id or"),
        ("id,town\na,Gao\n", r"p\.csv: no column is a field; .*: place, dates\.start"),
        ("id,place\na,Gao\n,Kidal\n", r"p\.csv:3: it has no id"),
        ("id,place\na,Gao,Mali\n", r"p\.csv:2: 3 cells where there are 2 columns"),
        ("id,place\na\n", r"p\.csv:2: 1 cells where there are 2"),
        ('id,place\na,"Gao\n', r"p\.csv:2: no CSV: "),
        ("id,place,events.place\na,b,c\n", "'place' and 'events.place' hold the same"),
        ("id,dates,dates.start\na,b,c\n", r"'dates' and 'dates.start' hold the same"),
        (b"id,place\nb,x\na,S\xe9var\xe9\n", r"p\.csv:3: byte 0xe9 is not UTF-8; save"),
        ("id,place\n", "there is no prediction in it"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read(tmp_path, content)


@pytest.mark.parametrize(
    "schema",
    [
        obj(events=table(place=STRING), place=STRING),
        obj(events=table(place=STRING), more=table(place=STRING)),
        obj(events={"type": "object", "additionalProperties": INTEGER}),
        obj(events=array(array(INTEGER))),
        array(STRING),
    ],
)
def test_a_schema_of_which_rows_are_no_records(tmp_path, schema):
    with pytest.raises(DataError, match=r"^/.*p\.csv: rows "):
        read(tmp_path, "id,place\na,b\n", schema)


def test_without_a_table_a_row_is_a_document(tmp_path):
    schema = obj(total=NUMBER, by=obj(name=STRING))
    content = "id,total,by.name\na,1.5,Ann\nb,,\n"
    assert read(tmp_path, content, schema) == {"a": {"total": 1.5, "by": {"name": "Ann"}}, "b": {}}
    with pytest.raises(DataError, match=r"p\.csv:4: a second row of 'a'"):
        read(tmp_path, f"{content}a,2,\n", schema)


def test_a_list_at_the_top_and_a_table_in_an_object(tmp_path):
    content = "id,place\na,Gao\nb,\n"
    at_top = read(tmp_path, content, table(place=STRING))
    assert at_top == {"a": [{"place": "Gao"}], "b": []}
    inside = read(tmp_path, content, obj(data=obj(rows=table(place=STRING))))
    assert inside == {"a": {"data": {"rows": [{"place": "Gao"}]}}, "b": {"data": {"rows": []}}}


def test_parquet_has_values_with_types(tmp_path):
    columns = {
        "document": ["a", "a", "b"],
        "place": ["Gao", None, None],
        "dates": [{"start": datetime.date(2024, 1, 5), "end": None}, None, None],
        "dead": [3, None, None],
        "cost": [Decimal("1.50"), None, None],
        "targets": [["x"], [], None],
        "level": ["3", None, None],
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "p.parquet")
    predictions = dict(read_predictions(tmp_path / "p.parquet", tree=Task("t", SCHEMA, ()).tree))
    record = {
        "place": "Gao",
        "dates": {"start": "2024-01-05", "end": None},
        "dead": 3,
        "cost": 1.5,
        "targets": ["x"],
        "level": "3",
    }
    assert predictions == {"a": {"events": [record, {"targets": []}]}, "b": {"events": []}}


def test_parquet_that_is_none(tmp_path):
    with pytest.raises(DataError, match=r"p\.parquet: no parquet file"):
        read(tmp_path, b"PAR1 not really", name="p.parquet")
    pyarrow.parquet.write_table(
        pyarrow.table({"id": ["a"], "place": [b"\xff"]}), tmp_path / "b.parquet"
    )
    with pytest.raises(DataError, match=r"b\.parquet: row 1, place: a bytes is no JSON value"):
        read_predictions(tmp_path / "b.parquet", tree=Task("t", SCHEMA, ()).tree)


def test_rows_need_a_schema_and_hold_no_answers(tmp_path):
    (tmp_path / "p.csv").write_text("id,place\na,Gao\n")
    with pytest.raises(DataError, match="give its field tree"):
        read_predictions(tmp_path / "p.csv")
    with pytest.raises(DataError, match="nothing at data"):
        read_predictions(tmp_path / "p.csv", "data", Task("t", SCHEMA, ()).tree)


def test_what_is_not_of_its_type_is_counted_as_invalid(tmp_path):
    task = Task("t", SCHEMA, (Document("a", {"events": [{"place": "Gao", "dead": 3}]}),))
    (tmp_path / "p.csv").write_text("id,place,dead,town\na,Gao,three,x\n")
    result = score(task, read_predictions(tmp_path / "p.csv", tree=task.tree))
    assert result.statuses == {"a": "invalid"}
    assert result.invalid == {"events.dead": 1}
    assert result.unknown == {"events.town": 1}


def test_gold_and_predictions_on_the_command_line(fieldmark, tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "gold.csv").write_text("id,place,dead\na,Gao,3\na,Kidal,\nb,,\n")
    (tmp_path / "p.csv").write_text("id;place;dead\na;Kidal;\na;Gao;4\nb;Gao;\n")
    files = ("score", "p.csv", "--gold", "gold.csv", "--schema", "schema.json")
    status, out, _ = fieldmark(*files, "--format", "json")
    micro = json.loads(out)["micro"]
    assert status == 0
    assert [micro[name] for name in ("pos", "act", "cor", "inc", "spu")] == [3, 4, 2, 1, 1]
    status, out, _ = fieldmark("score", "p.csv", "--task", ".", "--format", "json")
    assert json.loads(out)["micro"] == micro
    assert fieldmark("compare", "p.csv", "gold.csv", "--task", ".")[0] == 0
    (tmp_path / "gold.csv").write_text("id,place,dead\na,Gao,three\n")
    status, _, err = fieldmark(*files)
    assert status == 2
    assert "breaks the schema at events[0].dead" in err


def test_gold_in_parquet_is_a_tasks_gold(tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    rows = pyarrow.table({"id": ["a", "b"], "place": ["Gao", None]})
    pyarrow.parquet.write_table(rows, tmp_path / "gold.parquet")
    expected = {"a": {"events": [{"place": "Gao"}]}, "b": {"events": []}}
    assert {d.id: d.gold for d in load_task(tmp_path).documents} == expected
    made = make_task(tmp_path / "gold.parquet", tmp_path / "schema.json")
    assert {d.id: d.gold for d in made.documents} == expected
    assert made.name == "gold"
