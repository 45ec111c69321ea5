"""Labels as people write them: YAML that states values and quotes words.

A file holds an instance of the schema. What is null or empty may be left out, an evidence property
quotes the text, and three keys that no value has say more of the record that they stand in:

    events:
    - event_type: armed_clash
      place: Dioura
      start: 2025-05-23
      evidence: overran the army base at Dioura
      $quotes: {start: on 23 May}      # the words that support a value
      $or: {place: [Diura]}            # what else is accepted there
      $optional: true                  # the record may be left out

Values that stand in the text verbatim, in the plural, by an alias, as a day of a month or as a
number in words are found without being quoted. In place of words, offsets may be given
([start, end]), for a text that is not shipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmark.data.documents import Document
from benchmark.data.strict_yaml import parse_yaml
from benchmark.data.task_files import read_utf8
from benchmark.errors import DataError, hint
from benchmark.labels.support import printed_as, stands, tell_again
from benchmark.schema.aliases import Aliases
from benchmark.schema.fields import Bag, Field, Json, Leaf, Record
from benchmark.schema.paths import join, value_at
from benchmark.text.search import Span, find
from benchmark.text.surface_forms import languages

QUOTES, OR, OPTIONAL = "$quotes", "$or", "$optional"

EXTRA = {QUOTES: dict, OR: dict, OPTIONAL: bool}


def read_labels(file: Path) -> dict[str, Json]:
    """The labels of one document."""
    labels = parse_yaml(read_utf8(file), str(file))
    if not isinstance(labels, dict):
        raise DataError(f"{file}: labels are an object with the properties of the schema")
    return labels


def compile_labels(
    bare: Document, labels: Mapping[str, Json], tree: Record, aliases: Aliases = ()
) -> tuple[Document, list[str]]:
    """A document without gold, with that of its labels; and all that is wrong with these, each
    with the path where."""
    names = {line[0]: line for line in aliases if line}
    compiler = _Compiler(bare.text, names, languages(bare.meta.get("lang")))
    gold = compiler.record(tree, labels, "")
    found = compiler.found
    tell_again(tree, gold, found.spans)
    made = replace(
        bare,
        gold=gold,
        alternatives=found.alternatives,
        optional=tuple(found.optional),
        spans=found.spans,
    )
    return made, found.problems


@dataclass
class _Found:
    alternatives: dict[str, Json] = field(default_factory=dict)
    optional: list[str] = field(default_factory=list)
    spans: dict[str, list[list[int]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class _Compiler:
    """The labels of one text; what is wrong with them is collected."""

    def __init__(
        self, text: str | None, aliases: Mapping[str, tuple[str, ...]], langs: Sequence[str]
    ) -> None:
        self.text, self.aliases, self.langs = text, aliases, langs
        self.found = _Found()

    def record(
        self, node: Record, value: Json, path: str, around: Span | None = None
    ) -> dict[str, Json]:
        """A record's values; `around` is the evidence of the record that holds it."""
        if not isinstance(value, dict):
            self._wrong(path, "an object is expected")
            return {}
        extra = {key: self._extra(key, value.get(key), path) for key in EXTRA}
        stated = {key: below for key, below in value.items() if key not in EXTRA}
        quotes = extra[QUOTES] or {}
        evidence = self._evidence(node, stated, path, around) or around
        made = self._object(node, stated, (), path, evidence)
        self._quoted(made, quotes, path, evidence)
        self._unquoted(node, made, path, evidence)
        for below, others in (extra[OR] or {}).items():
            listed = others if isinstance(others, list) else [others]
            self.found.alternatives[join(path, str(below))] = listed
        if extra[OPTIONAL] and path:
            self.found.optional.append(path)
        return made

    def _extra(self, key: str, value: Json, path: str) -> Any:
        if value is None or isinstance(value, EXTRA[key]):
            return value
        kind = "true or false" if EXTRA[key] is bool else "an object, a path for each entry"
        self._wrong(join(path, key), f"{kind} is expected")
        return None

    def _object(
        self,
        node: Record,
        value: Mapping[str, Json],
        steps: tuple[str, ...],
        path: str,
        evidence: Span | None,
    ) -> dict[str, Json]:
        """One object of a record: all its scored properties, in the schema's order."""
        fields = {item.steps: item for item in node.fields}
        for name in value.keys() - node.known[steps]:
            self._wrong(path, f"no field '{name}'; {hint(str(name), node.known[steps])}")
        made: dict[str, Json] = {}
        for name in [*_names(node, steps), *sorted(node.known[steps])]:
            below, where = (*steps, name), join(path, name)
            if name in made or below in node.evidence:
                continue
            given = value.get(name)
            if below in fields:
                made[name] = self._field(fields[below], given, where, evidence)
            elif below in node.known:
                inner = given if isinstance(given, dict) else {}
                if given is not None and inner is not given:
                    self._wrong(where, "an object is expected")
                made[name] = self._object(node, inner, below, where, evidence)
            elif name in value:
                made[name] = given
        return made

    def _field(self, item: Field, given: Json, path: str, evidence: Span | None) -> Json:
        if isinstance(item.node, Leaf):
            return given
        rows = [] if given is None else given
        if not isinstance(rows, list):
            self._wrong(path, "a list is expected")
            return []
        if isinstance(item.node, Bag):
            return rows
        node = item.node.record
        return [self.record(node, row, join(path, n), evidence) for n, row in enumerate(rows)]

    def _evidence(
        self, node: Record, value: Mapping[str, Json], path: str, around: Span | None
    ) -> Span | None:
        """The first quotation of the record; its words must tell which place is meant."""
        first = None
        for steps in node.evidence:
            quoted, where = value_at(value, steps), join(path, *steps)
            if quoted is not None and (spans := self._find_all(quoted, where, around)):
                self.found.spans[where] = spans
                first = first or (spans[0][0], spans[0][1])
        return first

    def _quoted(
        self, record: Json, quotes: Mapping[str, Json], path: str, evidence: Span | None
    ) -> None:
        near = evidence or (0, 0)
        for below, words in quotes.items():
            where = join(path, str(below))
            if value_at(record, str(below)) is None:
                self._wrong(where, "quoted, but there is no such value")
                continue
            self.found.spans[where] = self._find_all(words, where, near)

    def _unquoted(self, node: Record, made: Json, path: str, evidence: Span | None) -> None:
        """Spans of values that stand in the text as they are."""
        for item in node.fields:
            value = value_at(made, item.steps)
            where = join(path, *item.steps)
            if isinstance(item.node, Leaf):
                self._verbatim(item.node, value, where, evidence)
            elif isinstance(item.node, Bag):
                for n, element in enumerate(value if isinstance(value, list) else ()):
                    self._verbatim(item.node.element, element, join(where, n), evidence)

    def _verbatim(self, leaf: Leaf, value: Json, path: str, evidence: Span | None) -> None:
        if path not in self.found.spans and self.text is not None and value is not None:
            forms = printed_as(leaf, value, self.aliases, self.langs)
            if span := stands(self.text, leaf, forms, evidence):
                self.found.spans[path] = [[*span]]

    def _find_all(self, quotes: Json, path: str, near: Span | None) -> list[list[int]]:
        """Where one quotation stands, or each of a list."""
        listed = quotes if isinstance(quotes, list) and not _is_span(quotes) else [quotes]
        return [[*span] for one in listed if (span := self._find(one, path, near))]

    def _find(self, quote: Json, path: str, near: Span | None) -> Span | None:
        if _is_span(quote):
            return quote[0], quote[1]
        if self.text is None:
            return None
        try:
            return find(self.text, str(quote), near)
        except DataError as error:
            self._wrong(path, str(error))
            return None

    def _wrong(self, path: str, reason: str) -> None:
        self.found.problems.append(f"{path or 'the top'}: {reason}")


def _names(node: Record, steps: tuple[str, ...]) -> Iterator[str]:
    """Properties of an object that lead to scored fields, in the schema's order."""
    for item in node.fields:
        if item.steps[: len(steps)] == steps and len(item.steps) > len(steps):
            yield item.steps[len(steps)]


def _is_span(value: Json) -> bool:
    return isinstance(value, list) and [type(offset) for offset in value] == [int, int]
