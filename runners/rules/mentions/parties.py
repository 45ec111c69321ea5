"""Parties: named groups, armies, and general nouns for fighters and civilians (N1, N2, N5)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import get_args

from runners.rules.lexicon import lexicon, words
from runners.rules.mentions.states import States
from runners.rules.model import GENERIC, Layer, Party, Sort
from runners.rules.reader import Document, Phrases, Reader, fold

# The fixed words of rule N5, by sort.
FIXED: dict[Sort, str] = {
    "fighters": "jihadist militants",
    "gunmen": "unidentified gunmen",
    "civilians": "civilians",
}
# A name before or after these describes another party: "al-Qaeda-linked", "allied with al-Qaeda".
LINKED_AFTER = {
    "linked",
    "affiliated",
    "allied",
    "backed",
    "aligned",
    "inspired",
    "affiliate",
    "affiliates",
    "branch",
    "offshoot",
    "related",
}
NAMED = ("group", "army", "body")
AFFILIATES = (("affiliate",), ("branch",), ("offshoot",))
LINKED_BEFORE = {"to", "with"}
LINKING = {
    "linked",
    "affiliated",
    "allied",
    "loyal",
    "allegiance",
    "links",
    "ties",
    "aligned",
    "affiliate",
}
# "Full Name of Group (ABBR)": two to eight capitalised words, then the abbreviation.
DEFINED = re.compile(
    r"((?:[A-Z][\w'-]+\s(?:(?:for|of|the|and|in|de|et|la)\s){0,2}){1,7}"
    r"[A-Z][\w'-]+)\s?\(([A-Z][A-Za-z-]{1,9})\)"
)


class Parties:
    """Finds parties by the alias list, the lexicon and the text's own abbreviations."""

    def __init__(self, reader: Reader, aliases: Iterable[Sequence[str]], states: States) -> None:
        lines = [line for line in (*aliases, *lexicon()["bodies"]["known"]) if line]
        self._states = states
        self._names = {str(i): line[0] for i, line in enumerate(lines)}
        self._listed_names = {fold(alias) for line in lines for alias in line}
        # Names are printed with hyphens and without.
        variants = {
            str(i): [*line, *(alias.replace("-", " ") for alias in line)]
            for i, line in enumerate(lines)
        }
        self._named = Phrases(reader, variants)
        self._anaphora = Phrases(reader, {"group": lexicon()["anaphora"]["words"]})
        self._general = Phrases(reader, lexicon()["parties"])
        bodies = lexicon()["bodies"]["names"]
        self._bodies = Phrases(reader, {line[0]: line for line in bodies})

    def find(self, document: Document) -> Layer[Party]:
        """Find the parties of a document; the army of an unnamed state gets an empty name."""
        parties = Layer.of(
            [
                *self._find_general(document),
                *self._find_named(document),
                *self._find_defined(document),
            ]
        )
        return Layer.of(self._resolved(document, parties))

    def _resolved(self, document: Document, parties: Layer[Party]) -> Iterator[Party]:
        """Merge "JNIM fighters" into one party, and resolve "the group" to the last group named."""
        before: Party | None = None
        last: Party | None = None
        references = Layer.of(
            Party(start, end, "", "group", "") for _, start, end in self._anaphora.find(document)
        )
        named = (
            party
            for party in parties
            if not {*range(party.start, party.end)}
            & {i for span in references for i in range(span.start, span.end)}
        )
        for party in sorted((*named, *references), key=lambda party: (party.start, -party.end)):
            if last and party.name == "" and party.sort == "group":
                yield replace(last, start=party.start, end=party.end)
            elif (
                before
                and party.sort in GENERIC
                and before.sort in NAMED
                and (before.end == party.start)
            ):
                yield replace(before, end=party.end)
            elif party.name or party.sort == "army":
                yield party
            last = party if party.sort == "group" and party.name else last
            before = party if party.sort in NAMED and party.name else before

    def _find_general(self, document: Document) -> Iterator[Party]:
        """Yield the general nouns, by the fixed words, and the bodies of the lexicon."""
        for label, start, end in self._general.find(document):
            sort = next(sort for sort in get_args(Sort) if sort == label)
            word = document.phrase(start, end)
            # People held on suspicion keep the text's words (N5), the sorts below have fixed ones.
            if sort == "army":
                yield self._army(document, start, end, word)
            elif sort == "suspects":
                yield Party(start, end, word, sort, word)
            else:
                yield Party(start, end, FIXED[sort], sort, word)
        for label, start, end in self._bodies.find(document):
            yield Party(start, end, label, "body", document.phrase(start, end))

    def _army(self, document: Document, start: int, end: int, word: str) -> Party:
        """Build an army, with the state named right before its noun or after "of" (N2)."""
        norms, back = document.norms, start
        if back and norms[back - 1] in ("'s", "'"):
            back -= 1
        # The longest name wins: "South Sudanese", not "Sudanese".
        for length in range(min(3, back), 0, -1):
            before = " ".join(norms[back - length : back])
            code = self._states.by_adjective.get(before) or self._states.by_name.get(before)
            if code:
                return Party(back - length, end, self._states.force(code), "army", word)
        if norms[end : end + 1] in (("of",), ("from",)):
            for length in (3, 2, 1):
                code = self._states.by_name.get(" ".join(norms[end + 1 : end + 1 + length]))
                if code:
                    return Party(start, end + 1 + length, self._states.force(code), "army", word)
        return Party(start, end, "", "army", word)

    def _find_named(self, document: Document) -> Iterator[Party]:
        """Yield the parties of the alias list and the lexicon, in capitals in the text."""
        for label, start, end in self._named.find(document):
            capital = any(raw[:1].isupper() for raw in document.raw[start:end])
            # "The al-Qaeda affiliate" is the group named last, not al-Qaeda.
            if (
                capital
                and document.norms[end : end + 1] in AFFILIATES
                and (document.norms[start - 1 : start] == ("the",))
            ):
                yield Party(start - 1, end + 1, "", "group", "")
            elif capital and not _epithet(document, start, end):
                name = self._names[label]
                yield Party(start, end, name, _sort(name), document.phrase(start, end))

    def _find_defined(self, document: Document) -> Iterator[Party]:
        """Yield the groups that the text itself abbreviates: "Full Name (ABBR)" (N1)."""
        # The pattern backtracks; the limit bounds it on long texts without sentences.
        for definition in DEFINED.finditer(document.plain[:100_000]):
            name, short = re.sub(r"^The\s", "", definition[1]), definition[2]
            if not _marked(name, "group") or {fold(name), fold(short)} & self._listed_names:
                continue
            for text in {name, short}:
                for match in re.finditer(rf"\b{re.escape(text)}\b", document.plain):
                    span = document.token_span(match.start(), match.end())
                    yield Party(span.start, span.end, name, "group", fold(text))


def _sort(name: str) -> Sort:
    """Return the sort of a party by the words in its name; a group if they mark no other."""
    if _marked(name, "army"):
        return "army"
    return "body" if _marked(name, "body") else "group"


def _marked(name: str, mark: str) -> bool:
    """Whether a name has a word of the lexicon's list of marks (`army`, `body` or `group`)."""
    return any(re.search(rf"\b{word}\b", name.lower()) for word in words(f"marks.{mark}"))


def _epithet(document: Document, start: int, end: int) -> bool:
    """Whether the name only describes another group ("al-Qaeda-linked militants")."""
    norms = document.norms
    after = norms[end + 1 : end + 2] if norms[end : end + 1] == ("-",) else norms[end : end + 1]
    if after and after[0] in LINKED_AFTER:
        return True
    before = norms[max(start - 4, 0) : start]
    near = [word for word in before if word not in ("the", "group", "network")]
    return bool(near) and near[-1] in LINKED_BEFORE and bool(LINKING & set(near))
