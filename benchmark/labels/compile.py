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
from benchmark.labels.support import find_value, share_spans, value_forms
from benchmark.schema.aliases import Aliases
from benchmark.schema.fields import Bag, Field, Json, Leaf, Record
from benchmark.schema.paths import concat, join, value_at
from benchmark.text.search import Span, find
from benchmark.text.surface_forms import languages

QUOTES, OR, OPTIONAL = "$quotes", "$or", "$optional"

EXTRA = {QUOTES: dict, OR: dict, OPTIONAL: bool}
"""The keys that no value has, and the type of what each holds."""


def read_labels(file: Path) -> dict[str, Json]:
    """The labels of one document. Raises DataError for a file that is no YAML object."""
    labels = parse_yaml(read_utf8(file), str(file))
    if not isinstance(labels, dict):
        raise DataError(f"{file}: labels are an object with the properties of the schema")
    return labels


def compile_labels(
    bare: Document, labels: Mapping[str, Json], tree: Record, aliases: Aliases = ()
) -> tuple[Document, list[str]]:
    """The document with the gold that its labels state, and the problems of the labels.

    `bare` is the document without gold. A problem is a line that begins with a path; labels with
    problems still make a document, so that all problems are reported at once.
    """
    names = {line[0]: line for line in aliases if line}
    compiler = _Compiler(bare.text, names, languages(bare.meta.get("lang")))
    gold = compiler.record(tree, labels, "")
    annotations = compiler.annotations
    share_spans(tree, gold, annotations.spans)
    document = replace(
        bare,
        gold=gold,
        alternatives=annotations.alternatives,
        optional=tuple(annotations.optional),
        spans=annotations.spans,
    )
    return document, compiler.problems


@dataclass
class _Annotations:
    """What labels say besides values, by path (see Document)."""

    alternatives: dict[str, Json] = field(default_factory=dict)
    optional: list[str] = field(default_factory=list)
    spans: dict[str, list[list[int]]] = field(default_factory=dict)


class _Compiler:
    """Compiles the labels of one text, collecting annotations and problems on the way."""

    def __init__(
        self, text: str | None, aliases: Mapping[str, tuple[str, ...]], langs: Sequence[str]
    ) -> None:
        self.text, self.aliases, self.langs = text, aliases, langs
        self.annotations = _Annotations()
        self.problems: list[str] = []

    def record(
        self, node: Record, labels: Json, path: str, outer_evidence: Span | None = None
    ) -> dict[str, Json]:
        """The values of a record; `outer_evidence` is the span of the record that holds it."""
        if not isinstance(labels, dict):
            self._report(path, "an object is expected")
            return {}
        extra = {key: self._extra(key, labels.get(key), path) for key in EXTRA}
        stated = {key: value for key, value in labels.items() if key not in EXTRA}
        evidence = self._evidence(node, stated, path, outer_evidence) or outer_evidence
        values = self._object(node, stated, (), path, evidence)
        # Quotes come first: the search for values passes over those that have spans.
        self._quotes(values, extra[QUOTES] or {}, path, evidence)
        self._verbatim_values(node, values, path, evidence)
        for below, accepted in (extra[OR] or {}).items():
            listed = accepted if isinstance(accepted, list) else [accepted]
            self.annotations.alternatives[concat(path, str(below))] = listed
        if extra[OPTIONAL] and path:
            self.annotations.optional.append(path)
        return values

    def _extra(self, key: str, value: Json, path: str) -> Any:
        """What a record has at one of the EXTRA keys; None for nothing and for another type."""
        if value is None or isinstance(value, EXTRA[key]):
            return value
        expected = "true or false" if EXTRA[key] is bool else "an object, a path for each entry"
        self._report(join(path, key), f"{expected} is expected")
        return None

    def _object(
        self,
        node: Record,
        labels: Mapping[str, Json],
        steps: tuple[str, ...],
        path: str,
        evidence: Span | None,
    ) -> dict[str, Json]:
        """One object of a record, at some steps in it: all its scored properties, in the schema's
        order, and those that are not scored if labels state them."""
        fields = {item.steps: item for item in node.fields}
        for name in labels.keys() - node.known[steps]:
            self._report(path, f"no field '{name}'; {hint(str(name), node.known[steps])}")
        values: dict[str, Json] = {}
        for name in [*_scored_names(node, steps), *sorted(node.known[steps])]:
            inner_steps, inner_path = (*steps, name), join(path, name)
            if name in values or inner_steps in node.evidence:
                continue
            label = labels.get(name)
            if inner_steps in fields:
                values[name] = self._field(fields[inner_steps], label, inner_path, evidence)
            elif inner_steps in node.known:
                if label is not None and not isinstance(label, dict):
                    self._report(inner_path, "an object is expected")
                inner = label if isinstance(label, dict) else {}
                values[name] = self._object(node, inner, inner_steps, inner_path, evidence)
            elif name in labels:  # not scored
                values[name] = label
        return values

    def _field(self, item: Field, label: Json, path: str, evidence: Span | None) -> Json:
        """The value of a scored field. Scalars are taken as they are: the schema judges them."""
        if isinstance(item.node, Leaf):
            return label
        elements = [] if label is None else label
        if not isinstance(elements, list):
            self._report(path, "a list is expected")
            return []
        if isinstance(item.node, Bag):
            return elements
        record = item.node.record
        return [
            self.record(record, row, join(path, index), evidence)
            for index, row in enumerate(elements)
        ]

    def _evidence(
        self, node: Record, labels: Json, path: str, outer_evidence: Span | None
    ) -> Span | None:
        """The span of a record's first quotation. Puts the spans of all of them on their paths."""
        first = None
        for steps in node.evidence:
            quotes, quotes_path = value_at(labels, steps), join(path, *steps)
            if quotes is None:
                continue
            if spans := self._find_all(quotes, quotes_path, outer_evidence):
                self.annotations.spans[quotes_path] = spans
                first = first or (spans[0][0], spans[0][1])
        return first

    def _quotes(
        self, values: Json, quotes: Mapping[str, Json], path: str, evidence: Span | None
    ) -> None:
        """Put the spans of what `$quotes` holds on the paths of the values they support."""
        # Unlike evidence, words that are quoted for a value need not be told apart from the same
        # words elsewhere: without evidence, the first place is taken.
        near = evidence or (0, 0)
        for below, words in quotes.items():
            value_path = concat(path, str(below))
            if value_at(values, str(below)) is None:
                self._report(value_path, "quoted, but there is no such value")
                continue
            self.annotations.spans[value_path] = self._find_all(words, value_path, near)

    def _verbatim_values(
        self, node: Record, values: Json, path: str, evidence: Span | None
    ) -> None:
        """Put spans on the values that stand in the text as they are."""
        for item in node.fields:
            value, value_path = value_at(values, item.steps), join(path, *item.steps)
            if isinstance(item.node, Leaf):
                self._verbatim(item.node, value, value_path, evidence)
            elif isinstance(item.node, Bag) and isinstance(value, list):
                for index, element in enumerate(value):
                    self._verbatim(item.node.element, element, join(value_path, index), evidence)

    def _verbatim(self, leaf: Leaf, value: Json, path: str, evidence: Span | None) -> None:
        if path not in self.annotations.spans and self.text is not None and value is not None:
            forms = value_forms(leaf, value, self.aliases, self.langs)
            if span := find_value(self.text, leaf, forms, evidence):
                self.annotations.spans[path] = [[*span]]

    def _find_all(self, quotes: Json, path: str, near: Span | None) -> list[list[int]]:
        """The spans of one quotation, or of a list of them."""
        listed = quotes if isinstance(quotes, list) and not _is_span(quotes) else [quotes]
        return [[*span] for quote in listed if (span := self._find(quote, path, near))]

    def _find(self, quote: Json, path: str, near: Span | None) -> Span | None:
        """The span of a quotation, which may be a span itself; None where it is not found."""
        if _is_span(quote):
            return quote[0], quote[1]
        if self.text is None:
            return None
        try:
            return find(self.text, str(quote), near)
        except DataError as error:
            self._report(path, str(error))
            return None

    def _report(self, path: str, problem: str) -> None:
        self.problems.append(f"{path or 'the top'}: {problem}")


def _scored_names(node: Record, steps: tuple[str, ...]) -> Iterator[str]:
    """Properties of a record's object that lead to scored fields, in the schema's order."""
    for item in node.fields:
        if item.steps[: len(steps)] == steps and len(item.steps) > len(steps):
            yield item.steps[len(steps)]


def _is_span(value: Json) -> bool:
    return isinstance(value, list) and [type(offset) for offset in value] == [int, int]
