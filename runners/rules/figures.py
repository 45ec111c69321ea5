"""Figures with their bounds, in digits and words (the `low`, `high`, `bound` rules)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from text_to_num import text2num

from runners.rules.lexicon import lexicon, words
from runners.rules.model import Figure, Layer
from runners.rules.reader import Document

DOZEN = 12
LARGEST = 5_000_000
YEARS = range(1900, 2100)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Bound, number, and a second number or a trailing bound, as one expression."""
    table = lexicon()["figures"]

    def one_of(phrases: list[str]) -> str:
        ordered = sorted(phrases, key=len, reverse=True)
        return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)

    word = one_of(table["numbers"])
    spelled = rf"(?:{word})(?:(?:\s+and\s+|-|\s+)(?:{word})\b)*"
    dozen = rf"(?:(?:a|an|half\s+a|{spelled})\s+)(?:dozen|hundred|thousand)s?\b"
    number = rf"\d{{1,3}}(?:,\d{{3}})+|\d+|{dozen}|{spelled}"
    bounds = "|".join(
        f"(?P<{name}>{one_of(table[name])})"
        for name in ("at_least", "more_than", "about", "at_most")
    )
    return re.compile(
        rf"(?<![\w.,$€£-])(?:(?P<between>between)\s+)?(?:(?:{bounds})\s+)?"
        rf"(?:(?P<first>{number})\b(?![.:/]\d|,\d)"
        rf"(?:(?:\s+to\s+|\s+or\s+|\s*-\s*|\s+and\s+)(?P<second>{number})\b(?![.:/]\d))?"
        rf"(?P<more>\s+or\s+more\b)?"
        rf"|(?P<vague>{one_of(table['vague'])})\b(?:\s+of\b)?)",
        re.IGNORECASE,
    )


def number(text: str) -> int | None:
    """The whole number a numeral or number phrase stands for."""
    plain = re.sub(r"[\s-]+", " ", text.lower().replace(",", "")).strip()
    if plain.isdigit():
        return int(plain) if int(plain) <= LARGEST else None
    if "dozen" in plain:
        head = plain.split(" dozen")[0]
        count = {"a": 1.0, "half a": 0.5}.get(head) or number(head)
        return int(count * DOZEN) if count else None
    try:
        return int(text2num(re.sub(r"^an? ", "one ", plain), "en"))
    except ValueError:
        return None


def find_figures(document: Document) -> Layer[Figure]:
    """Every figure of the document that may count people or things."""
    return Layer.of(_figures(document))


def _figures(document: Document) -> Iterator[Figure]:
    for found in _pattern().finditer(document.plain):
        figure = _read(found)
        if figure is None:
            continue
        span = document.token_span(found.start(), found.end(figure[3]))
        after = document.norms[span.end : span.end + 2]
        after = after[1:] if after[:1] == ("-",) else after[:1]
        if not (after and after[0] in words("figures.units")):
            yield Figure(span.start, span.end, *figure[:3])


def _read(found: re.Match[str]) -> tuple[int | None, int | None, str, str | int] | None:
    """Low, high and bound of a find, and the group it ends with."""
    if found["vague"]:
        return None, None, "vague", 0
    low = number(found["first"])
    if low is None:
        return None
    high = number(found["second"]) if found["second"] else None
    joined = found["second"] and (found["between"] or not _and(found))
    if joined and high is not None and high > low:
        return low, high, "between", 0
    end: str | int = "more" if found["more"] and not found["second"] else "first"
    bound = (
        "at_least"
        if found["more"]
        else next(
            (one for one in ("at_least", "more_than", "at_most", "about") if found[one]), "exact"
        )
    )
    if bound == "exact" and found["first"].isdigit() and low in YEARS:
        return None
    return (
        None if bound == "at_most" else low,
        (low if bound in ("at_most", "about", "exact") else None),
        bound,
        end,
    )


def _and(found: re.Match[str]) -> bool:
    return "and" in found.string[found.end("first") : found.start("second")]
