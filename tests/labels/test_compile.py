"""Labels as people write them -> documents."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tasks import DATE, EVIDENCE, INTEGER, KEY, STRING, array, compared, obj, table

from benchmark import DataError, Document, read_schema
from benchmark.data.strict_yaml import parse_yaml
from benchmark.data.task_files import read_text
from benchmark.labels.compile import compile_labels, read_labels

SCHEMA = obj(
    rows=table(
        place=KEY,
        dead=INTEGER,
        day=DATE,
        who=array(compared(STRING, by="name")),
        sub=table(harm=STRING, n=INTEGER),
        evidence=EVIDENCE,
    ),
    head=obj(title=STRING),
)
TREE = read_schema(SCHEMA)
TEXT = "Rebels took Kayes on 3 May; 1,200 fled. Niono fell to the FLA. Kayes was calm; 4 died."
WORDS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]))
"""Words without what YAML takes for the end of a line."""
ALIASES = (("Azawad Liberation Front", "FLA"),)


def made(labels, text=TEXT):
    return compile_labels(Document("d", {}, text), labels, TREE, ALIASES)


def sound(labels, text=TEXT):
    document, problems = made(labels, text)
    assert problems == []
    return document


def row(**values):
    return {"rows": [{"place": "Kayes", "evidence": "Rebels took Kayes", **values}]}


def shown(document, path):
    return [TEXT[start:end] for start, end in document.spans[path]]


def test_what_is_left_out_is_null_or_empty():
    assert sound({}).gold == {"rows": [], "head": {"title": None}}
    assert sound(row()).gold["rows"][0] == {
        "place": "Kayes",
        "dead": None,
        "day": None,
        "who": [],
        "sub": [],
    }


def test_evidence_becomes_a_span_and_is_no_value():
    document = sound(row())
    assert shown(document, "rows[0].evidence") == ["Rebels took Kayes"]
    assert "evidence" not in document.gold["rows"][0]


def test_evidence_may_be_in_pieces():
    assert shown(sound(row(evidence=["Rebels took", "1,200 fled"])), "rows[0].evidence") == [
        "Rebels took",
        "1,200 fled",
    ]


def test_quotes_support_values_that_the_text_says_in_other_words():
    document = sound(row(day="2025-05-03", **{"$quotes": {"day": "on 3 May"}}))
    assert shown(document, "rows[0].day") == ["on 3 May"]


def test_a_value_may_have_several_quotes():
    document = sound(row(day="2025-05-03", **{"$quotes": {"day": ["on 3", "May"]}}))
    assert shown(document, "rows[0].day") == ["on 3", "May"]


def test_a_value_that_stands_in_the_evidence_needs_no_quote():
    labels = {"rows": [{"place": "Kayes", "dead": 4, "evidence": "Kayes was calm; 4 died"}]}
    document = sound(labels)
    assert document.spans["rows[0].place"][0][0] == TEXT.rindex("Kayes")
    assert shown(document, "rows[0].dead") == ["4"]


def test_an_alias_or_a_number_with_separators_needs_none_either():
    labels = row(
        dead=1200,
        who=["Azawad Liberation Front"],
        evidence="Rebels took Kayes on 3 May; 1,200 fled. Niono fell to the FLA",
    )
    document = sound(labels)
    assert shown(document, "rows[0].dead") == ["1,200"]
    assert shown(document, "rows[0].who[0]") == ["FLA"]


def test_a_text_outside_the_evidence_is_found_where_it_is_nearest():
    document = sound({"rows": [{"place": "Niono", "evidence": "Kayes was calm"}]})
    assert shown(document, "rows[0].place") == ["Niono"]


def test_a_number_outside_the_evidence_is_not_guessed():
    assert "rows[0].dead" not in sound(row(dead=4)).spans


def test_values_of_a_nested_record_are_sought_in_the_evidence_of_the_outer_one():
    labels = {
        "rows": [
            {
                "place": "Kayes",
                "evidence": "Kayes was calm; 4 died",
                "sub": [{"harm": "died", "n": 4}],
            }
        ]
    }
    document = sound(labels)
    assert shown(document, "rows[0].sub[0].n") == ["4"]
    assert shown(document, "rows[0].sub[0].harm") == ["died"]


def test_alternatives_and_optional_records_get_their_paths():
    extra = {"$or": {"dead": [None, 5], "who[0]": "FLA"}, "$optional": True}
    document = sound(row(dead=4, who=["x"], sub=[{"n": 1, "$or": {"n": [2]}}], **extra))
    assert document.alternatives == {
        "rows[0].dead": [None, 5],
        "rows[0].who[0]": ["FLA"],
        "rows[0].sub[0].n": [2],
    }
    assert document.optional == ("rows[0]",)


def test_offsets_take_the_place_of_words_where_there_is_no_text():
    labels = row(evidence=[0, 17], day="2025-05-03", **{"$quotes": {"day": [18, 26]}})
    document = sound(labels, text=None)
    assert document.spans == {"rows[0].evidence": [[0, 17]], "rows[0].day": [[18, 26]]}


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ({"row": []}, "the top: no field 'row'; did you mean rows?"),
        (row(plaec="x"), "rows[0]: no field 'plaec'; did you mean place?"),
        ({"rows": {}}, "rows: a list is expected"),
        ({"rows": [5]}, "rows[0]: an object is expected"),
        ({"head": []}, "head: an object is expected"),
        (row(evidence="Troops"), "rows[0].evidence: the text has no 'Troops'"),
        (row(evidence="Kayes"), "rows[0].evidence: 'Kayes' stands in the text 2 times"),
        (row(**{"$quotes": {"dead": "4"}}), "rows[0].dead: quoted, but there is no such value"),
        (row(**{"$quotes": {".place": "Kayes"}}), "rows[0]..place: quoted, but there is no such"),
        (row(**{"$quotes": {"place": "Gao"}}), "rows[0].place: the text has no 'Gao'"),
        (row(**{"$or": [5]}), "rows[0].$or: an object, a path for each entry is expected"),
        (row(**{"$optional": "yes"}), "rows[0].$optional: true or false is expected"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(labels, problem):
    (found,) = made(labels)[1]
    assert found.startswith(problem)


def test_all_that_is_wrong_is_told():
    assert len(made(row(evidence="x", plaec=1, **{"$quotes": {"place": "Gao"}}))[1]) == 3


@pytest.mark.parametrize("value", [["Kayes"], {"name": "Kayes"}])
def test_a_value_that_is_no_scalar_is_left_for_the_schema_to_refuse(value):
    document = sound({"rows": [{"place": value, "who": ["FLA"]}]})
    assert document.gold["rows"][0]["place"] == value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda below: (
            st.lists(below, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["rows", "place", "sub", "$or", "$quotes", "$optional", "evidence"]
                ),
                below,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_labels_of_any_form_are_compiled_or_told_to_be_wrong(value):
    document, problems = made(value)
    assert isinstance(document.gold, dict)
    assert all(isinstance(one, str) for one in problems)


# Files.


def test_a_text_may_have_a_header(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("---\nlang: en\npublished: 2025-07-01\n---\nOne\n---\ntwo\n", "utf-8")
    assert read_text(file) == ({"lang": "en", "published": "2025-07-01"}, "One\n---\ntwo\n")
    file.write_text("no header\n---\n", "utf-8")
    assert read_text(file) == ({}, "no header\n---\n")


def test_line_ends_and_spaces_of_a_text_are_kept(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(b"---\r\nlang: en\r\n---\r\n\r\n One\r\n\n")
    assert read_text(file) == ({"lang": "en"}, "\r\n One\r\n\n")
    file.write_bytes(b"---\nsha256: ab\n---")
    assert read_text(file) == ({"sha256": "ab"}, "")


def test_what_is_wrong_with_a_header_is_told_with_its_line_in_the_file(tmp_path):
    (tmp_path / "a.txt").write_text("---\nlang: en\na: b: c\n---\ntext", "utf-8")
    with pytest.raises(DataError, match=r"a\.txt: not YAML: .* line 3, column 5"):
        read_text(tmp_path / "a.txt")


@pytest.mark.parametrize(
    "header", ["---\nlang: en\n", "---\n---\n", "---\n- a\n---\n", "---\na: [\n---\n"]
)
def test_a_header_that_is_none_is_an_error_that_names_the_file(tmp_path, header):
    (tmp_path / "a.txt").write_text(header + "text", "utf-8")
    with pytest.raises(DataError, match=r"a\.txt: "):
        read_text(tmp_path / "a.txt")


def test_labels_that_are_no_object_are_an_error_that_names_the_file(tmp_path):
    (tmp_path / "a.yaml").write_text("- 1\n", "utf-8")
    with pytest.raises(DataError, match=r"a\.yaml: labels are an object"):
        read_labels(tmp_path / "a.yaml")
    (tmp_path / "a.yaml").write_bytes(b"\xff")
    with pytest.raises(DataError, match=r"a\.yaml: not UTF-8"):
        read_labels(tmp_path / "a.yaml")
    with pytest.raises(DataError, match=r"none\.yaml: cannot be read"):
        read_labels(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-07-01", "2025-07-01"),
        ("12:30", "12:30"),
        ("no", "no"),
        ("on", "on"),
        ("0012", "0012"),
        ("1_000", "1_000"),
        ("41", 41),
        ("-1.5", -1.5),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ('"41"', "41"),
        (".nan", ".nan"),
    ],
)
def test_scalars_are_read_as_json_has_them(written, read):
    value = parse_yaml(f"a: {written}", "x")["a"]
    assert (value, type(value)) == (read, type(read))


def test_shared_values_may_be_merged():
    read = parse_yaml("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}", "x")
    assert read["b"] == {"x": 1, "y": 3}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("a: 1\na: 2", "`a` stands twice in the object of line 1"),
        ("a: [", "not YAML"),
        ("a: !!python/object/apply:os.system [ls]", "not YAML"),
        ("a: &a [*a]", "more than 250,000 values"),
        ("a: " + "[" * 3000, "not YAML"),
        ("a: 1\n---\nb: 2", "not YAML"),
        (r'a: "\ud800"', "not YAML"),
        ("a: !!binary aGk=", "no form for: b'hi'"),
        ("a: !!set {b}", "no form for"),
        ("a: !!timestamp 2025-07-01", "no form for"),
        ("a: !!timestamp soon", "not YAML"),
        ("a: !!int ''", "not YAML"),
        ("a: !!bool maybe", "not YAML"),
        ("a: 99999999999999999999", "no form for: 99999999999999999999"),
        ("a: 1.0e999", "no form for: inf"),
        ("1: a", "the key `1` is no text; quote it"),
    ],
)
def test_yaml_that_cannot_be_used_is_an_error(written, reason):
    with pytest.raises(DataError, match=reason):
        parse_yaml(written, "x")


def test_aliases_that_grow_without_end_are_an_error():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(DataError, match="more than 250,000 values"):
        parse_yaml("\n".join(lines), "x")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(1 - 2**63, 2**63 - 1) | WORDS,
        lambda below: st.lists(below, max_size=3) | st.dictionaries(WORDS, below, max_size=3),
    )
)
def test_json_is_yaml(value):
    assert parse_yaml(json.dumps(value, ensure_ascii=False), "x") == value
