"""Names of places and people swapped for others of their kind, in text and gold alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from benchmark.data.documents import Document
from benchmark.perturbation.config import Context, Swap
from benchmark.perturbation.edits import Edit, edited, revalued
from benchmark.schema.fields import Json
from benchmark.schema.paths import field_path, object_path, scalars, value_at
from benchmark.text.search import occurrences

VOWELS = "aeiouyhàâéèêëîïôûü"


def swapped(document: Document, context: Context, random: Random, swap: Swap) -> Document | None:
    """The document with the names in the fields of `swap` swapped, each for the same other name
    throughout; None if there is nothing to swap."""
    text = document.text or ""
    chosen: dict[str, str] = {}
    for name, pool in _swappable(document, context, swap):
        free = [
            other
            for other in pool
            if other not in chosen.values()
            and _vowel(other) == _vowel(name)  # an elision or an article before it stays right
            and not occurrences(text.casefold(), other.casefold())
        ]
        if free:
            chosen[name] = random.choice(free)
    return _with_names(document, chosen) if chosen else None


def _swappable(
    document: Document, context: Context, swap: Swap
) -> Iterator[tuple[str, Sequence[str]]]:
    """Names that can be swapped, each with its pool."""
    text = document.text or ""
    seen: set[str] = set()
    for path, value in sorted(scalars(document.gold)):
        if field_path(path) not in swap.fields or not isinstance(value, str):
            continue
        name = value.split()[-1] if swap.part == "last" else value
        pool = swap.pool_of(value_at(document.gold, object_path(path)))
        if name in seen or not pool or _entangled(name, value, path, document, context):
            continue
        seen.add(name)
        if occurrences(text, name):
            yield name, pool


def _entangled(name: str, value: str, path: str, document: Document, context: Context) -> bool:
    """Whether replacing a name could leave traces of it or change other names: gold accepts other
    spellings, an alias in the text contains it, its first word also stands alone, or a longer
    word contains it."""
    text = document.text or ""
    if any(isinstance(accepted, str) for accepted in document.alternatives.get(path, ())):
        return True
    if any(
        alias != value and occurrences(alias.casefold(), name.casefold()) and alias in text
        for line in context.aliases
        for alias in line
    ):
        return True
    # The first word alone is likely a short form of the name, which the swap would miss.
    first = name.split(maxsplit=1)[0]
    if first != name and len(occurrences(text, first)) > len(occurrences(text, name)):
        return True
    # A word around the name, such as an inhabitant's: it would keep the old name.
    longer = set(re.findall(rf"\w*{re.escape(name)}\w*", text)) - {name}
    return bool(longer)


def _vowel(name: str) -> bool:
    return name[0].casefold() in VOWELS


def _with_names(document: Document, chosen: dict[str, str]) -> Document:
    """The document with every mention of a name replaced, as it stands or in capitals."""
    text = document.text or ""
    names = sorted(chosen, key=len, reverse=True)  # the first alternative that fits is taken
    forms = {form(name): form(chosen[name]) for form in (str, str.upper) for name in names}
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")
    edits = [Edit(*match.span(), forms[match.group()]) for match in pattern.finditer(text)]

    def new(_path: str, value: Json) -> Json:
        if not isinstance(value, str):
            return value
        return pattern.sub(lambda match: forms[match.group()], value)

    return revalued(edited(document, edits), new)
