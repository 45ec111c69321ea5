"""Why bytes that should be JSON are none, where the parser's own message does not tell."""

from __future__ import annotations

import codecs

_SIGNS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""Those of UTF-32 begin, or end, with the same bytes."""


def cause(raw: bytes) -> str:
    """What a text that is no JSON is instead, and the way out; empty if nothing is known."""
    if raw.startswith(_SIGNS) or raw.count(0) > len(raw) // 4:
        return "it is UTF-16 or UTF-32; save the file as UTF-8"
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        return f"byte {error.start + 1}, 0x{byte:02x}, is not UTF-8; save the file as UTF-8"
    if constants := _constants(text):
        return f"JSON has no {constants[0]}; write null"
    opening = text.strip()
    if opening in ("[", "{"):
        kind, command = ("a list", "jq -c '.[]'") if opening == "[" else ("an object", "jq -c .")
        return f"it is {kind} over several lines; `{command}` makes one object a line"
    return ""


def _constants(text: str) -> list[str]:
    """NaN, Infinity and -Infinity in a text that would be JSON without them."""
    import json

    constants: list[str] = []
    if "NaN" in text or "Infinity" in text:
        try:
            json.loads(text, parse_constant=constants.append)
        except (ValueError, RecursionError):
            return []
    return constants
