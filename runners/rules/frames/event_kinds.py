"""Event kinds: which acts of a frame make an event, and which do not (rules G3, G6)."""

from runners.rules.lexicon import words
from runners.rules.mentions.finder import Mentions
from runners.rules.model import COUNTRY, REGION, Frame, Place

EVENT_ACTS = {
    "attack",
    "clash",
    "blast",
    "air",
    "take",
    "retake",
    "repel",
    "kill",
    "injure",
    "abduct",
    "arrest",
    "destroy",
    "loot",
    "yield",
}
# Nouns that often refer back to an event or name something wider ("the operation", "the toll").
WEAK_WORDS = {
    "operation",
    "strike",
    "strikes",
    "fall",
    "toll",
    "death toll",
    "capture",
    "sweep",
    "offensive",
    "deaths",
    "fatalities",
}
CLOSE, NEAR = 7, 4  # tokens after and before "take" in which the place taken stands


class EventKinds:
    """Decides on the frames of one document."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions

    def kinds(self, frame: Frame) -> set[str]:
        """Return the kinds of act that make the frame an event, without accompanying ones."""
        kinds = {act.kind for act in frame.acts} & EVENT_ACTS
        if "take" in kinds and not self._takes_place(frame):
            kinds.discard("take")
        # Captives and arrests of an attack are its casualties, not events of their own.
        mixed = kinds & {"attack", "clash", "kill", "blast"}
        return kinds - {"arrest", "abduct", "yield"} if mixed and len(kinds) > 1 else kinds

    def _takes_place(self, frame: Frame) -> bool:
        """Whether a place is what is taken: not weapons or a number of people near it."""
        for act in frame.acts:
            if act.kind == "take":
                after = self._mentions.places.within(act.end, min(act.end + CLOSE, frame.end))
                things = [
                    thing
                    for thing in self._mentions.things.within(
                        act.end, after[0].start if after else act.end
                    )
                    if thing.word.split()[-1] not in words("places.armed_sites")
                ]
                counted = self._mentions.figures.within(
                    act.end, after[0].start if after else act.end
                )
                if after and not things and not counted:
                    return True
                # The passive: "Tondi was captured", "Tondi fell".
                before = self._mentions.places.within(act.start - NEAR, act.start)
                gap = self._mentions.document.norms[before[-1].end : act.start] if before else ()
                if set(gap) & words("voice.be") or act.word.startswith("fall"):
                    return True
        return False


def starts_event(frame: Frame, place: Place, kinds: set[str]) -> bool:
    """Whether a mention that fits no event so far starts a new one."""
    verbs = any(act.form not in ("noun", "state") for act in frame.acts if act.kind in kinds)
    dated = frame.when is not None and frame.when.first is not None
    counted = any(harm.figure.bound != "vague" for harm in frame.harms)
    # Country and region are too wide for one event, unless a date and a count tie it down.
    if place.level == COUNTRY:
        return dated and counted and not frame.plural
    if place.level == REGION and frame.plural:
        return False
    weak = all(act.word in WEAK_WORDS for act in frame.acts if act.kind in kinds)
    has_party = bool(frame.initiators or frame.claimants or frame.targets)
    return verbs or counted or (not weak and (dated or has_party)) or (weak and dated and has_party)


def outcome_kinds(frame: Frame) -> set[str]:
    """Return the acts of a frame without a place that decide how an earlier attack ended."""
    kinds = {act.kind for act in frame.acts}
    return kinds & {"repel"} if "attack" in kinds else kinds & {"retake"}
