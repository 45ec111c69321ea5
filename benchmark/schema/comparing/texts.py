"""Texts -> the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator
from functools import cache
from itertools import chain, groupby
from typing import Literal

LONG = 1_000
"""Characters from which on runs of combining marks are sorted before a string is normalised: on
strings with long runs `unicodedata.normalize` takes time that grows with the square."""

_SYMBOLS = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff"
# The code points of Unicode's property Default_Ignorable_Code_Point, but for the joiner (U+200D),
# which has an expression of its own, and but for the tags that spell which flag a black flag is.
_INVISIBLE = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|"
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Between two symbols a joiner makes another picture of them, which can be seen.
_JOINER = re.compile(f"(?<![{_SYMBOLS}])\u200d|\u200d(?![{_SYMBOLS}])")


def text(value: str) -> str:
    """Fold by Unicode NFKC and casefold, without characters that cannot be seen, white space
    squeezed.

    Casefolding can undo the normalisation, which is therefore repeated (as in compatibility
    caseless matching: Unicode Standard, section 3.13, D146; NFKC_Casefold also drops what is
    ignorable by default).
    """
    if value.isascii():  # NFKC changes nothing, and lower() is casefold()
        folded = value.lower()
        squeezed = folded.isprintable() and "  " not in folded and folded.strip() == folded
        return folded if squeezed else " ".join(folded.split())
    folded = normalized("NFKC", visible(value)).casefold()
    return " ".join(normalized("NFKC", folded).split())


def name(value: str) -> str:
    """Fold as `text` does, without accents and apostrophes; hyphens and underscores count as
    spaces.

    Combining marks of class 200 and above are accents; those below spell vowels in Indic, Hebrew
    or Thai script and stay (Unicode Standard, section 4.3). A name of nothing but such signs is
    folded as `text` does.
    """
    if value.isascii():  # no accents to strip
        return text(value.translate(_NAME_SIGNS)) or text(value)
    decomposed = normalized("NFKD", text(value.translate(_NAME_SIGNS)))
    bare = "".join(c for c in decomposed if unicodedata.combining(c) < 200)
    # Once more: what looks like a hyphen may have become one only now.
    bare = " ".join(bare.translate(_NAME_SIGNS).split())
    return normalized("NFKC", bare) or text(value)


_NAME_SIGNS = {ord(c): "" for c in "'’‘‛ʼʻʿʾ`´′＇"} | {ord(c): " " for c in "-‐‑‒–—―−﹣－_＿"}


def text_letters(value: str) -> str:
    """Fold as `text` does, to letters and digits alone, with the marks that belong to them.

    A text that has none is folded as `text` does.
    """
    return _letters(text(value))


def name_letters(value: str) -> str:
    """Fold as `name` does, to letters and digits alone (see `text_letters`)."""
    return _letters(name(value))


def _letters(folded: str) -> str:
    # Normalised again: what stood between a letter and a mark may be gone.
    return normalized("NFKC", "".join(filter(_in_word, folded))) or folded


def words(value: str) -> Hashable:
    """Fold to the words of a text as `text` folds it, in order of the alphabet; a word is a run of
    letters and digits, a Chinese or Japanese character one by itself.

    A word that stands there again is numbered, so that all are different. A text that has none is
    one word.
    """
    folded = text(value)
    found = sorted(_WORD.findall("".join(c if _in_word(c) else " " for c in folded)))
    numbered = (
        ((word, n) if n else word for n, word in enumerate(again)) for _, again in groupby(found)
    )
    return tuple(chain.from_iterable(numbered)) or (folded,)


# Scripts that put no space between words: Han, Hiragana, Katakana.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_UNSPACED}]|[^ {_UNSPACED}]+")


def visible(value: str) -> str:
    """A string without the characters that cannot be seen: zero-width ones, soft hyphens, variation
    selectors, directional marks and other ones that Unicode has as ignorable by default.

    So the joiner and non-joiner of Arabic and Indic scripts go, too: they change how a word looks,
    and hardly ever which word it is. A joiner between two symbols stays, as in emoji of several.
    """
    value = _INVISIBLE.sub(r"\1", value)
    return _JOINER.sub("", value) if "\u200d" in value else value


def normalized(form: Literal["NFKC", "NFKD"], value: str) -> str:
    """The compatibility normal form (NFKC, NFKD) of a string, in time that hardly grows faster than
    the string."""
    if len(value) >= LONG and not unicodedata.is_normalized(form, value):
        value = "".join(_ordered(value))
    return unicodedata.normalize(form, value)


def _ordered(value: str) -> Iterator[str]:
    """Decompose a string and bring its combining marks into canonical order, as normalisation does
    (Unicode Standard, section 3.11, D109), run by run."""
    decomposed = "".join(map(_decomposed, value))
    for is_mark, run in groupby(decomposed, lambda c: unicodedata.combining(c) > 0):
        characters = list(run)
        yield from sorted(characters, key=unicodedata.combining) if is_mark else characters


@cache
def _decomposed(character: str) -> str:
    return unicodedata.normalize("NFKD", character)


def _in_word(character: str) -> bool:
    """Whether a character is a letter, a digit or a mark on one (vowels of Indic script, say)."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"
