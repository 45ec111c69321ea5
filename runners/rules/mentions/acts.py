"""Acts: verbs and nouns for an attack, an arrest and so on, and the verbs' voice (G6)."""

from collections import defaultdict
from collections.abc import Iterator

from runners.rules.lexicon import inflect, lexicon, words
from runners.rules.model import Act, Layer
from runners.rules.reader import Document, Phrases, Reader

# In tokens: how far a word of doubt reaches to a verb and to a noun, and an auxiliary to a verb.
BEFORE, BEFORE_NOUN, NEAR = 7, 4, 3
# After these a word in -ing is a noun ("a bombing"), elsewhere a verb form.
NOUN_BEFORE = {
    "a",
    "an",
    "the",
    "of",
    "this",
    "heavy",
    "car",
    "suicide",
    "roadside",
    "by",
    "in",
    "fierce",
    "any",
    "for",
    "new",
    "deadly",
    "truck",
}
# Before these a bare past form has no object: it is a reduced passive ("soldiers killed in").
NO_OBJECT = {
    ",",
    ".",
    ";",
    "in",
    "on",
    "at",
    "during",
    "and",
    "near",
    "since",
    "when",
    "after",
    "by",
    "while",
    "this",
    "last",
    "later",
    "yesterday",
    "there",
}
CUTS = {",", ";", ".", "but", "after", "when"}
# Acts whose verbs often stand without an object in the active ("they attacked on 4 May").
INTRANSITIVE = {"attack", "clash", "blast"}
# Before an infinitive these tell of an act that was done ("managed to capture") or attempted.
ENABLING = {
    "managed",
    "able",
    "enabled",
    "allowed",
    "proceeded",
    "succeeded",
    "helped",
    "attempted",
    "tried",
}


class Acts:
    """Finds the acts that a text reports as done."""

    def __init__(self, reader: Reader) -> None:
        table: dict[str, list[str]] = defaultdict(list)
        for kind, verbs in lexicon()["verbs"].items():
            for verb in verbs:
                for form, inflected in _forms(verb).items():
                    table[f"{kind}:{form}:{verb}"].append(inflected)
        for kind, forms in lexicon()["participles"].items():
            table[f"{kind}:ed:"] = forms
        for form in ("nouns", "states"):
            for kind, phrases in lexicon()[form].items():
                table[f"{kind}:{form[:-1]}:"] = phrases
        self._acts = Phrases(reader, table)
        self._hypothetical = Phrases(reader, {"no": lexicon()["hypothetical"]["words"]})

    def find(self, document: Document) -> Layer[Act]:
        """Find the acts of a document, without planned, denied and hypothetical ones (G6)."""
        unreal = {start for _, start, _ in self._hypothetical.find(document)}
        real = (act for act in self._read(document) if not _unreal(document, act, unreal))
        return Layer.of(real)

    def _read(self, document: Document) -> Iterator[Act]:
        """Yield the acts that the lexicon matches, whatever their modality."""
        for label, start, end in self._acts.find(document):
            kind, form, word = label.split(":")
            # An infinitive or present form reports no act, unless an enabling verb governs it.
            if form == "base" and not _enabled(document, start):
                continue
            # A word in -ing is listed as noun and as verb form; its context decides which stays.
            if document.norms[start].endswith("ing") and form != _gerund(document, start):
                continue
            yield Act(start, end, kind, form, word or document.phrase(start, end))


def _forms(verb: str) -> dict[str, str]:
    """Return the forms of a verb to match; `ed` where past and participle are the same."""
    forms = inflect(verb)
    if forms["past"] == forms["part"]:
        forms["ed"] = forms.pop("past")
        del forms["part"]
    return forms


def _unreal(document: Document, act: Act, unreal: set[int]) -> bool:
    """Whether a word of doubt, plan or denial (at tokens `unreal`) governs the act."""
    reach = BEFORE_NOUN if act.form == "noun" else BEFORE
    for index in range(act.start, max(act.start - reach, 0) - 1, -1):
        if document.norms[index] in CUTS:
            return False
        if index in unreal:
            return True
    return False


def _gerund(document: Document, start: int) -> str:
    """Return `noun` or `ing` for a word in -ing, by the token before it."""
    return "noun" if start and document.norms[start - 1] in NOUN_BEFORE else "ing"


def _enabled(document: Document, start: int) -> bool:
    """Whether an infinitive reports an act that was done ("managed to capture")."""
    before = document.norms[max(start - 5, 0) : start]
    return bool(before) and before[-1] == "to" and bool(ENABLING & set(before))


def is_passive(document: Document, act: Act, start: int) -> bool:
    """Whether the subject of a verb undergoes the act; the clause begins at token `start`."""
    if act.word in words("voice.undergone"):
        return True
    if act.form not in ("ed", "part"):
        return False
    before = document.norms[max(act.start - NEAR, start) : act.start]
    if any(word in words("voice.be") for word in before):
        return True
    # "Had killed 20" is active; a bare participle is checked below.
    if any(word in words("voice.have") for word in before):
        return False
    # Without an auxiliary, "killed" is past tense or a reduced passive. With no object after it, it
    # is passive, but not before "at least 20", nor before another verb ("attacked and burned").
    after = document.norms[act.end : act.end + NEAR + 1]
    has_no_object = (
        act.kind not in INTRANSITIVE
        and bool(after)
        and after[0] in NO_OBJECT
        and after[:2] != ("at", "least")
        and not (after[0] == "and" and after[1:2] and after[1].endswith("ed"))
    )
    has_agent = "by" in after and after[0] in NO_OBJECT
    return has_agent or act.form == "part" or has_no_object
