"""Figures with their bounds, in digits and words (the `low`, `high`, `bound` rules)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from text_to_num import text2num

from runners.rules.lexicon import lexicon, words
from runners.rules.model import Figure, Layer
from runners.rules.reader import Document

DOZEN = 12
LARGEST = 5_000_000  # beyond it, a printed number counts neither people nor arms in one report
YEARS = range(1900, 2100)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Compile the pattern of a figure: bound, number, and a second number or "or more"."""
    table = lexicon()["figures"]

    def alternation(phrases: list[str]) -> str:
        """Join phrases, the longest first: `re` takes the first alternative that matches."""
        ordered = sorted(phrases, key=len, reverse=True)
        return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)

    word = alternation(table["numbers"])
    spelled = rf"(?:{word})(?:(?:\s+and\s+|-|\s+)(?:{word})\b)*"
    dozen = rf"(?:(?:a|an|half\s+a|{spelled})\s+)(?:dozen|hundred|thousand)s?\b"
    number = rf"\d{{1,3}}(?:,\d{{3}})+|\d+|{dozen}|{spelled}"
    bounds = "|".join(
        f"(?P<{name}>{alternation(table[name])})"
        for name in ("at_least", "more_than", "about", "at_most")
    )
    # The characters before and after a number rule out decimals, dates, clock times and money.
    return re.compile(
        rf"(?<![\w.,$€£-])(?:(?P<between>between)\s+)?(?:(?:{bounds})\s+)?"
        rf"(?:(?P<first>{number})\b(?![.:/]\d|,\d)"
        rf"(?:(?:\s+to\s+|\s+or\s+|\s*-\s*|\s+and\s+)(?P<second>{number})\b(?![.:/]\d))?"
        rf"(?P<more>\s+or\s+more\b)?"
        rf"|(?P<vague>{alternation(table['vague'])})\b(?:\s+of\b)?)",
        re.IGNORECASE,
    )


def parse_number(text: str) -> int | None:
    """Parse a numeral or a number in words ("1,200", "half a dozen"); None if it is none."""
    plain = re.sub(r"[\s-]+", " ", text.lower().replace(",", "")).strip()
    if plain.isdigit():
        return int(plain) if int(plain) <= LARGEST else None
    if "dozen" in plain:
        head = plain.split(" dozen")[0]
        count = {"a": 1.0, "half a": 0.5}.get(head) or parse_number(head)
        return int(count * DOZEN) if count else None
    try:
        return int(text2num(re.sub(r"^an? ", "one ", plain), "en"))
    except ValueError:
        return None


def find_figures(document: Document) -> Layer[Figure]:
    """Find every figure of the document that may count people or things."""
    return Layer.of(_figures(document))


def _figures(document: Document) -> Iterator[Figure]:
    """Yield the figures, without years and measures of distance or time."""
    for match in _pattern().finditer(document.plain):
        figure = _read(match)
        if figure is None:
            continue
        span = document.token_span(match.start(), match.end(figure[3]))
        after = document.norms[span.end : span.end + 2]
        after = after[1:] if after[:1] == ("-",) else after[:1]
        # "30 kilometres", "5-day": a measure of distance or time.
        if not (after and after[0] in words("figures.units")):
            yield Figure(span.start, span.end, *figure[:3])


def _read(match: re.Match[str]) -> tuple[int | None, int | None, str, str | int] | None:
    """Return low, high and bound of a match, and the regex group that it ends with."""
    if match["vague"]:
        return None, None, "vague", 0
    low = parse_number(match["first"])
    if low is None:
        return None
    high = parse_number(match["second"]) if match["second"] else None
    # "10 and 12" is one figure only after "between"; else the two count different people.
    joined = match["second"] and (match["between"] or not _and(match))
    if joined and high is not None and high > low:
        return low, high, "between", 0
    end: str | int = "more" if match["more"] and not match["second"] else "first"
    bound = (
        "at_least"
        if match["more"]
        else next(
            (name for name in ("at_least", "more_than", "at_most", "about") if match[name]), "exact"
        )
    )
    # A bare 2024 is a year, "more than 2,000" is not.
    if bound == "exact" and match["first"].isdigit() and low in YEARS:
        return None
    return (
        None if bound == "at_most" else low,
        (low if bound in ("at_most", "about", "exact") else None),
        bound,
        end,
    )


def _and(match: re.Match[str]) -> bool:
    """Whether "and" joins the two numbers of a match."""
    return "and" in match.string[match.end("first") : match.start("second")]
