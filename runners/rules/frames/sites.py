"""Sites: which of the places in a clause are where the act happened."""

from runners.rules.lexicon import words
from runners.rules.model import COUNTRY, LOCAL, MACRO, Act, Layer, Party, Place, Span
from runners.rules.reader import Document

DISTANCES = {"km", "kilometres", "kilometers", "miles", "kms", "metres", "meters"}
DIRECTIONS = {
    "north",
    "south",
    "east",
    "west",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "north-east",
    "north-west",
    "south-east",
    "south-west",
    "border",
    "borders",
    "road",
    "bordering",
    "toward",
    "towards",
    "via",
    "capital",
}
# Before a country: BORDERS make it a landmark. Before a place: AWAY make it origin or goal. Between
# two places: INTO, distances and directions make the second a landmark of the first.
BORDERS = {"border", "borders", "bordering", "with", "from", "neighbouring"}
AWAY = {"from", "to", "bordering"}
INTO = {"in", "near", "of", "around", "outside", "within", "from", "at", "between"}


def sites(
    document: Document, clause: Span, places: Layer[Place]
) -> tuple[tuple[Place, ...], str | None]:
    """Return the most specific places of the clause, and the country named around them."""
    here = [place for place in places.within(clause.start, clause.end) if place.level != MACRO]
    kept = [place for place in here if not _reference(document, clause, place)]
    country = next((place.country for place in kept if place.level == COUNTRY), None)
    if not kept:
        return (), None
    # A town wins over its region, and that over its country (`place`: the most specific named).
    level = min(place.level for place in kept)
    kept = [place for place in kept if place.level == level]
    chosen = kept[:1]
    # "Between Tondi and Sirba" is one site, recorded under the first name.
    if document.norms[kept[0].start - 1 : kept[0].start] == ("between",):
        return tuple(chosen), country
    for place in kept[1:]:
        gap = document.norms[chosen[-1].end : place.start]
        if "including" in gap:
            # "Villages around Tondi, including Sirba": the items are the sites, not the whole (G3).
            chosen = []
        elif _contains(gap):
            continue
        chosen.append(place)
    return tuple(chosen), country


def _contains(gap: tuple[str, ...]) -> bool:
    """Whether the second of two places only locates the first, by the words between them."""
    if set(gap) <= {",", "and", "or", "&", "/", "as", "well"} or "and" in gap:
        return False
    return len(gap) <= 9 and bool(set(gap) & (INTO | DISTANCES | DIRECTIONS))


def _reference(document: Document, clause: Span, place: Place) -> bool:
    """Whether a place is only an origin, a landmark or a border."""
    before = document.norms[max(place.start - 4, clause.start) : place.start]
    if place.level == COUNTRY:
        return bool(BORDERS & set(before))
    # "From Tondi" is an origin; "20 km from Tondi" and "and from Tondi" may be none.
    if set(before[-2:]) & AWAY and not set(before) & DISTANCES:
        return not {"from", "and"} <= set(before)
    return place.level == LOCAL and before[-1:] == ("towards",)


def is_series(acts: tuple[Act, ...]) -> bool:
    """Whether the clause reports a series of acts ("attacks", "assaults") (G5)."""
    return any(act.form == "noun" and act.word.endswith("s") for act in acts)


def names_armed_site(document: Document, clause: Span) -> bool:
    """Whether the clause names a base, a post or a convoy."""
    return bool(set(document.norms[clause.start : clause.end]) & words("places.armed_sites"))


def has_pronoun_subject(document: Document, clause: Span, act: Act) -> bool:
    """Whether the verb's subject is a pronoun or left out ("it attacked", "to have attacked")."""
    before = document.norms[max(act.start - 3, clause.start) : act.start]
    return bool({"it", "they", "we", "its", "which"} & set(before)) or before[-2:] == ("to", "have")


def outside(parties: tuple[Party, ...], taken: tuple[Span, ...]) -> tuple[Party, ...]:
    """Return the parties outside the spans `taken` (attributions)."""
    used = {i for span in taken for i in range(span.start, span.end)}
    return tuple(party for party in parties if party.start not in used)
