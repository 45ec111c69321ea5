"""What is said to a model about one document, and what is made of its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from runners.interface import Answer, Source
from runners.llm.adapters import Calls, adapt
from runners.llm.calls.prices import Prices, Tokens
from runners.llm.dialect import Dialect, settled
from runners.llm.outcomes import Reading
from runners.llm.prompt import Message, Prompt
from runners.settings import Adapter, Mode, Setting

CHARACTERS = 4
"""Of a token, roughly: for the estimate before a run."""


class Conversation:
    """Asks about documents in one mode. `first` takes the first answers, where invalid ones are
    asked for again."""

    def __init__(
        self, setting: Setting, model: str, prompt: Prompt, mode: Mode, first: dict[str, Answer]
    ) -> None:
        settings = setting.model
        self.dialect = Dialect(setting.schema, mode)
        self._first, self._prompt, self._repairs = first, prompt, settings.repairs
        self._ask = adapt(settings.adapter, self.dialect, settled(model, settings))
        # instructor puts the schema into the prompt itself.
        told = "" if settings.adapter is Adapter.INSTRUCTOR else self.dialect.in_prompt
        examples = [
            {"text": one.text, "answer": orjson.dumps(one.answer).decode()}
            for one in setting.examples
        ]
        self._given = {"codebook": setting.codebook, "schema": told, "examples": examples}

    async def answer(self, calls: Calls, document: Source) -> Reading:
        """The answer for a document; an invalid one is asked about again as often as is set."""
        messages = self._messages(document)
        reading = await self._ask(calls, messages, document.id)
        if self._repairs:
            self._first[document.id] = answered(document.id, reading)
        for _ in range(self._repairs):
            if not reading.is_repairable:
                break
            messages = [*messages, *_objection(reading)]
            reading = await self._ask(calls, messages, document.id)
        return reading

    def preview(self, documents: Sequence[Source], prices: Prices) -> Iterator[str]:
        """What would be sent: the first request whole, the number of calls, and an estimate."""
        unsent, size = _Unsent(), 0
        for document in documents:
            asyncio.run(self._ask(unsent, self._messages(document), document.id))
            size += len(orjson.dumps(unsent.bodies[-1]))
        yield orjson.dumps(unsent.bodies[0], option=orjson.OPT_INDENT_2).decode()
        tokens = size // CHARACTERS
        cost = prices.cost(Tokens(input=tokens))
        price = "unknown price" if cost is None else f"${cost:.4f} by {prices.source}"
        calls = f"{len(documents):,} call{'s' * (len(documents) != 1)}"
        yield f"{calls}, about {tokens:,} tokens of input ({price}); output comes on top"

    def _messages(self, document: Source) -> list[Message]:
        return self._prompt.messages(document.text or "", document.meta, **self._given)


class _Unsent:
    """Takes requests, and sends none."""

    def __init__(self) -> None:
        self.bodies: list[Mapping[str, Any]] = []

    async def call(self, body: Mapping[str, Any], _adapter: str, _document: str) -> Reading:
        self.bodies = [*self.bodies[:1], body]
        return Reading("unsent")


def answered(name: str, reading: Reading) -> Answer:
    """What is scored: JSON, valid or not; a raw text that is none; or why there is nothing."""
    if reading.prediction is not None:
        return Answer(name, reading.prediction)
    return Answer(name, error=f"{reading.outcome}: {reading.reason}".rstrip(": "))


def _objection(reading: Reading) -> list[Message]:
    """What tells a model what is wrong with its answer."""
    said = reading.prediction
    text = said if isinstance(said, str) else orjson.dumps(said).decode()
    told = f"That is not valid: {reading.reason}. Answer again, with the whole corrected object."
    return [{"role": "assistant", "content": text}, {"role": "user", "content": told}]
