"""What docs/comparators-and-schemas.md says is so."""

import json
import re
import tomllib
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import BaseModel, PlainSerializer, create_model
from support.tasks import ROOT, STRING, compared, obj, scored

from benchmark import Comparator, SchemaError, compare, read_schema
from benchmark.schema.comparators import COMPARATORS, ENTRY_POINTS
from benchmark.schema.fields import Leaf, value_paths
from benchmark.schema.x_compare import OPTIONS

PAGE = (ROOT / "docs" / "comparators-and-schemas.md").read_text("utf-8")
KINDS = re.findall(r"^\| `(\{.*\})` \| [^|]* \| (`.*`) \|$", PAGE, re.MULTILINE)
SAID = re.findall(r'^\| `("\w+": \S+)` \| `(\w+=\S+)` \|.*\| (\S.*) \|$', PAGE, re.MULTILINE)


def block(marker, language):
    (code,) = re.findall(rf"<!-- {marker} -->\n```{language}\n(.*?)```", PAGE, re.DOTALL)
    return code


def block_table(marker):
    (table,) = re.findall(rf"<!-- {marker} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    return table


def test_its_example_is_explained_as_it_shows(fieldmark, tmp_path):
    (tmp_path / "schema.py").write_text(block("schema.py", "python"), "utf-8")
    status, out, _ = fieldmark("schema", "--explain", "schema.py")
    shown = "\n".join(line.rstrip() for line in out.splitlines())
    assert status == 0
    assert block("explain", "").strip("\n") == shown.strip("\n")


def test_its_example_prints_what_compare_says(fieldmark, tmp_path):
    (tmp_path / "schema.py").write_text(block("schema.py", "python"), "utf-8")
    _, out, _ = fieldmark("schema", "schema.py")
    assert json.loads(out)["properties"]["ordered"]["x-compare"] == {"days": 1}


def test_its_table_has_every_option():
    words = {key for said, _, _ in SAID for key in json.loads(f"{{{said}}}")}
    assert words == {*OPTIONS, *(word for one in COMPARATORS.values() for word in one.options)}


@pytest.mark.parametrize(("json_says", "python_says", "default"), SAID)
def test_both_spellings_of_an_option_say_the_same(json_says, python_says, default):
    stated = eval(f"compare({python_says})", {"compare": compare}).options
    assert stated == json.loads(f"{{{json_says}}}")


def test_its_defaults_are_those_of_the_comparators():
    stated = {**COMPARATORS["number"].options, **COMPARATORS["date"].options}
    stated["accept"] = COMPARATORS["fuzzy"].options["accept"]
    shown = {said.split('"')[1]: default.strip("`") for said, _, default in SAID}
    assert {word: float(shown[word]) for word in stated} == stated


def test_its_comparator_runs_and_is_registered_as_it_says(fieldmark, tmp_path, monkeypatch):
    (tmp_path / "fieldmark_phone.py").write_text(block("fieldmark_phone.py", "python"), "utf-8")
    (snippet,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    ((name, target),) = tomllib.loads(snippet)["project"]["entry-points"][ENTRY_POINTS].items()
    info = tmp_path / "fieldmark_phone-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\n{name} = {target}\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    node = compared(STRING, by=name, last=7)
    outcomes = {
        predicted: scored(obj(f=node), {"f": "+49 431 5500 11"}, {"f": predicted})
        .counts.reshape(-1)
        .tolist()
        for predicted in ("+49 (431) 550011", "0431/550011", "unknown")
    }
    assert list(outcomes.values()) == [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0]]


def test_its_table_names_every_part_of_a_comparator():
    (table,) = re.findall(r"<!-- parts -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    parts = re.findall(r"^\| `(\w+)` \| ", table, re.MULTILINE)
    assert set(parts) == set(Comparator.__dataclass_fields__)


@pytest.mark.parametrize(("schema", "fields"), KINDS)
def test_schemas_of_every_kind_have_the_fields_it_says(schema, fields):
    tree = read_schema(obj(a=STRING, f=json.loads(schema)))
    assert [path for path in value_paths(tree) if path != "a"][:2] == re.findall("`(.+?)`", fields)


def test_every_row_of_its_kinds_was_tested():
    assert len(KINDS) == block_table("kinds").count("\n| `{") > 5


def test_a_reference_to_another_file_is_refused_as_it_says():
    with pytest.raises(SchemaError, match="copy it under"):
        read_schema(obj(f={"$ref": "address.json"}))


def test_nested_annotations_add_up():
    scope = {}
    exec(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[1], scope)
    (field,) = read_schema(create_model("M", f=(scope["Key"], ...))).fields
    assert (field.node.by, field.key) == ("name", True)


def test_a_decimal_is_a_string_unless_it_is_made_a_number():
    class Priced(BaseModel):
        plain: Decimal
        number: Annotated[Decimal, PlainSerializer(float, return_type=float), compare(abs=0.01)]

    plain, number = read_schema(Priced).fields
    assert plain.node.kind == "string"
    assert number.node == Leaf("number", options={"abs": 0.01})


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)", PAGE))
def test_its_links_lead_somewhere(link):
    assert (ROOT / "docs" / link).exists()
