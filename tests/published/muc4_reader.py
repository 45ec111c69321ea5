"""MUC-4's answer key and responses, as they were exchanged in 1992 -> templates of fills.

A template is a block of 25 numbered lines; further fills of a slot stand on lines of their own
below its first:

    18. HUM TGT: NAME      "HECTOR OQUELI"
                           ? "GILDA FLORES" / "FLORES"
    20. HUM TGT: TYPE      POLITICAL FIGURE / CIVILIAN: "GILDA FLORES" / "FLORES"

`/` separates what the key accepts, `?` marks a fill that may be left out, and a quotation after a
colon is a cross-reference: the fill of another slot that this one speaks of, its tag.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2].parent / "shared" / "reference" / "muc4"

SLOTS = (
    *("inc-date", "inc-loc", "inc-type", "inc-stage", "inc-instr-id", "inc-instr-type"),
    *("perp-inc-cat", "perp-ind-id", "perp-org-id", "perp-org-conf"),
    *("phys-tgt-id", "phys-tgt-type", "phys-tgt-num"),
    *("phys-tgt-nation", "phys-tgt-effect", "phys-tgt-total-num"),
    *("hum-tgt-name", "hum-tgt-desc", "hum-tgt-type", "hum-tgt-num"),
    *("hum-tgt-nation", "hum-tgt-effect", "hum-tgt-total-num"),
)
"""Slots 2 to 24 of a template, by the names that the official score reports use."""

UNTAGGED = {"inc-date", "inc-loc"}
"""A colon leads to the next smaller place in inc-loc; dates have none."""

LINE = re.compile(r"(\d+)\. +[A-Z]+(?: [A-Z]+)?: [A-Z]+(?: [A-Z]+)*\s*(.*)")
QUOTED = r'"(?:\\.|[^"\\])*"'
BLANK = {"-", "*", '"-"', "* * *", ""}
"""Unknown, not applicable, and a cross-reference to nothing. The scorer counts all as blank."""


@dataclass(frozen=True)
class Fill:
    """What the key accepts as one fill of a slot, with the tags that may stand behind it."""

    values: tuple[str, ...]
    tags: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Template:
    """One incident of a document. `number` tells the templates of a document apart."""

    document: str
    number: str
    optional: bool
    slots: dict[str, tuple[Fill, ...]]


def read_key() -> dict[str, list[Template]]:
    """The templates of each document of the answer key; none for an irrelevant document."""
    return _by_document(gzip.decompress((FOLDER / "key-tst3.v2.gz").read_bytes()).decode("ascii"))


def read_responses() -> dict[str, dict[str, list[Template]]]:
    """The same for the responses of each system."""
    texts = json.loads(gzip.decompress((FOLDER / "responses.json.gz").read_bytes()))
    return {system.removeprefix("tst3/"): _by_document(text) for system, text in texts.items()}


def _by_document(text: str) -> dict[str, list[Template]]:
    documents: dict[str, list[Template]] = {}
    for block in _blocks(text):
        (document,), (number,) = block[0], block[1]
        templates = documents.setdefault(document, [])
        if number != "*":  # an irrelevant document has one template, of asterisks
            templates.append(_template(document, number, block))
    return documents


def _blocks(text: str) -> Iterator[dict[int, list[str]]]:
    """The lines of each template by the number of their slot."""
    block: dict[int, list[str]] = {}
    number = 0
    for line in text.splitlines():
        found = LINE.match(line)
        if found:
            number = int(found[1])
            if number == 0 and block:
                yield block
                block = {}
        # The official scorer reads no further fill that is not indented, as its counts show.
        fill = found[2] if found else line if line[:1].isspace() else ""
        if fill.strip():
            block.setdefault(number, []).append(fill.strip())
    yield block


def _template(document: str, number: str, block: dict[int, list[str]]) -> Template:
    slots = {}
    for position, slot in enumerate(SLOTS, 2):
        fills = (_fill(line, slot not in UNTAGGED) for line in block.get(position, []))
        slots[slot] = tuple(fill for fill in fills if fill)
    return Template(document, number.split(maxsplit=1)[0], number.endswith("(OPTIONAL)"), slots)


def _fill(line: str, tagged: bool) -> Fill | None:
    line, optional = re.subn(r"^\?+ *", "", line)
    values, tags = _split_tags(line) if tagged else (line, "")
    read = Fill(_alternatives(values), _alternatives(tags), bool(optional))
    if read.tags and not read.values:  # `-: "CARS"`: counted as a fill, and never right
        read = Fill((values,), read.tags)
    return read if read.values else None


def _split_tags(line: str) -> tuple[str, str]:
    """A fill in front of the first colon outside quotes, and its tags behind it."""
    found = re.fullmatch(rf'((?:{QUOTED}|[^":])*):(.*)', line)
    return (found[1].strip(), found[2].strip()) if found else (line, "")


def _alternatives(text: str) -> tuple[str, ...]:
    """`A / B` -> A, B; where an alternative has parts of its own, it stands in brackets."""
    parts = re.findall(rf"((?:{QUOTED}|[^\"/])+)(?:/|$)", text)
    return tuple(bare for part in parts if (bare := _bare(part.strip())) not in BLANK)


def _bare(value: str) -> str:
    """Without brackets around the whole, and without the quotes of a string."""
    if value.startswith("(") and value.endswith(")"):
        value = value[1:-1].strip()
    if re.fullmatch(QUOTED, value):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
