"""The lexicon: the word lists of the rules, read once from lexicon.toml and states.toml."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

FILES = ("lexicon.toml", "states.toml")
VOWELS = "aeiou"


@lru_cache(maxsize=1)
def lexicon() -> dict[str, Any]:
    """Return the tables of both files."""
    texts = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in FILES)
    return {key: table for text in texts for key, table in tomllib.loads(text).items()}


@lru_cache(maxsize=512)
def words(path: str) -> frozenset[str]:
    """Return the set of words at a dotted path such as `figures.units`, in lower case."""
    table: Any = lexicon()
    for key in path.split("."):
        table = table[key]
    return frozenset(word.lower() for word in table)


def singular(noun: str) -> str:
    """Return the singular of an English noun phrase, by the suffix of its last word."""
    if noun.endswith("barracks"):  # singular and plural alike
        return noun
    if noun.endswith("knives"):
        return noun[:-3] + "fe"
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "shes", "ches", "xes", "buses")):
        return noun[:-2]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "cs")):
        return noun[:-1]
    return noun


def inflect(verb: str) -> dict[str, str]:
    """Inflect the first word of a verb phrase: forms `base`, `past`, `part` (participle), `ing`."""
    head, _, tail = verb.partition(" ")
    past, part, ing = lexicon()["irregular"].get(head) or _regular(head)
    forms = {"base": head, "past": past, "part": part, "ing": ing}
    return {tense: f"{form} {tail}".strip() for tense, form in forms.items()}


def _regular(verb: str) -> tuple[str, str, str]:
    """Return past, participle and -ing form of a regular verb."""
    if verb.endswith("e"):
        return verb + "d", verb + "d", verb[:-1] + "ing"
    # Verbs that double a consonant ("repelled") are listed as irregular.
    if verb.endswith("y") and verb[-2] not in VOWELS:
        return verb[:-1] + "ied", verb[:-1] + "ied", verb + "ing"
    return verb + "ed", verb + "ed", verb + "ing"
