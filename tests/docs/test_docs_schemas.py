"""What docs/comparators-and-schemas.md says is so."""

import json
import re
import tomllib
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import BaseModel, create_model
from support.tasks import ROOT, STRING, compared, obj, scored

from benchmark import Comparator, SchemaError, compare, read_schema
from benchmark.schema.comparators import COMPARATORS, ENTRY_POINTS
from benchmark.schema.fields import value_paths
from benchmark.schema.x_compare import ABSENT, OPTIONS

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
    assert words == {
        ABSENT,
        *OPTIONS,
        *(word for one in COMPARATORS.values() for word in one.options),
    }


@pytest.mark.parametrize(("json_says", "python_says", "default"), SAID)
def test_both_spellings_of_an_option_say_the_same(json_says, python_says, default):
    stated = eval(f"compare({python_says})", {"compare": compare}).options
    assert stated == json.loads(f"{{{json_says}}}")


def test_its_defaults_are_those_of_the_comparators():
    shown = {said.split('"')[1]: default.strip("`") for said, _, default in SAID}
    for one in COMPARATORS.values():
        for word, default in one.options.items():
            if word == "partial":
                assert shown[word] == "accept"
            elif isinstance(default, (int, float)):
                assert float(shown[word]) == default
            else:
                assert shown[word] == (default or "none")


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
    assert (field.node.by, field.key) == ("name", "any")


def test_a_decimal_of_a_model_is_compared_by_its_value():
    class Priced(BaseModel):
        price: Annotated[Decimal, compare(by="decimal")]

    one, same = (Priced(price=price).model_dump(mode="json") for price in ("12.50", "12.5"))
    assert one != same
    assert scored(Priced.model_json_schema(mode="serialization"), one, same).micro().cor == 1


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)", PAGE))
def test_its_links_lead_somewhere(link):
    assert (ROOT / "docs" / link).exists()
