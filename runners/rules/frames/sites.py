"""Sites: which of the places in a clause are where the act was."""

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
BORDERS = {"border", "borders", "bordering", "with", "from", "neighbouring"}
AWAY = {"from", "to", "bordering"}
INTO = {"in", "near", "of", "around", "outside", "within", "from", "at", "between"}


def sites(
    document: Document, clause: Span, places: Layer[Place]
) -> tuple[tuple[Place, ...], str | None]:
    """The most specific places of the clause, and the country it names around them."""
    here = [place for place in places.within(clause.start, clause.end) if place.level != MACRO]
    kept = [place for place in here if not _reference(document, clause, place)]
    country = next((place.country for place in kept if place.level == COUNTRY), None)
    if not kept:
        return (), None
    level = min(place.level for place in kept)
    kept = [place for place in kept if place.level == level]
    chosen = kept[:1]
    if document.norms[kept[0].start - 1 : kept[0].start] == ("between",):
        return tuple(chosen), country
    for place in kept[1:]:
        gap = document.norms[chosen[-1].end : place.start]
        if "including" in gap:
            chosen = []
        elif _contains(gap):
            continue
        chosen.append(place)
    return tuple(chosen), country


def _contains(gap: tuple[str, ...]) -> bool:
    """Whether the words between two places make the second a landmark of the first."""
    if set(gap) <= {",", "and", "or", "&", "/", "as", "well"} or "and" in gap:
        return False
    return len(gap) <= 9 and bool(set(gap) & (INTO | DISTANCES | DIRECTIONS))


def _reference(document: Document, clause: Span, place: Place) -> bool:
    """Whether a place is only an origin, a landmark or a border."""
    before = document.norms[max(place.start - 4, clause.start) : place.start]
    if place.level == COUNTRY:
        return bool(BORDERS & set(before))
    if set(before[-2:]) & AWAY and not set(before) & DISTANCES:
        return not {"from", "and"} <= set(before)
    return place.level == LOCAL and before[-1:] == ("towards",)


def series(acts: tuple[Act, ...]) -> bool:
    """Whether the clause tells of several acts together ("attacks", "assaults")."""
    return any(act.form == "noun" and act.word.endswith("s") for act in acts)


def armed_site(document: Document, clause: Span) -> bool:
    """Whether the clause names a base, a post or a convoy."""
    return bool(set(document.norms[clause.start : clause.end]) & words("places.armed_sites"))


def pronoun(document: Document, clause: Span, act: Act) -> bool:
    """Whether a pronoun right before the verb stands for who acts."""
    before = document.norms[max(act.start - 3, clause.start) : act.start]
    return bool({"it", "they", "we", "its", "which"} & set(before)) or before[-2:] == ("to", "have")


def outside(parties: tuple[Party, ...], taken: tuple[Span, ...]) -> tuple[Party, ...]:
    """The parties that no attribution takes up."""
    used = {i for span in taken for i in range(span.start, span.end)}
    return tuple(party for party in parties if party.start not in used)
