"""The messages to a model about one document, and the answer that its replies make."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from benchmark.schema.fields import Json
from runners.interface import Answer, Source
from runners.llm.adapters import Calls, adapt
from runners.llm.calls.prices import Prices, Tokens
from runners.llm.dialect import Dialect, fixed_body
from runners.llm.outcomes import Reading
from runners.llm.prompt import Message, Prompt
from runners.settings import Adapter, Mode, Setting

CHARACTERS = 4
"""Characters of JSON in a token, roughly: for the estimate before a run."""


class Conversation:
    """Asks a model about documents in one mode.

    `first`, by document, is filled with the answers before any repair, where repairs are set.
    """

    def __init__(
        self, setting: Setting, model: str, prompt: Prompt, mode: Mode, first: dict[str, Answer]
    ) -> None:
        options = setting.model
        self.dialect = Dialect(setting.schema, mode)
        self._first, self._prompt, self._repairs = first, prompt, options.repairs
        self._ask = adapt(options.adapter, self.dialect, fixed_body(model, options))
        # instructor puts the schema into the prompt itself.
        schema = "" if options.adapter is Adapter.INSTRUCTOR else self.dialect.in_prompt
        examples = [
            {"text": example.text, "answer": self._shown(example.answer)}
            for example in setting.examples
        ]
        self._context = {"codebook": setting.codebook, "schema": schema, "examples": examples}

    async def answer(self, calls: Calls, document: Source) -> Reading:
        """Ask for a document's answer, and for a corrected one up to `repairs` times."""
        messages = self._messages(document)
        reading = await self._ask(calls, messages, document.id)
        if self._repairs:
            self._first[document.id] = answer_from(document.id, reading)
        for _ in range(self._repairs):
            if not reading.is_repairable:
                break
            messages = [*messages, *self._repair_messages(reading)]
            reading = await self._ask(calls, messages, document.id)
        return reading

    def preview(self, documents: Sequence[Source], prices: Prices) -> Iterator[str]:
        """The first request as JSON, then a line with the number of calls and their estimated
        input in tokens and US dollars. Nothing is sent."""
        recorder, characters = _Recorder(), 0
        for document in documents:
            asyncio.run(self._ask(recorder, self._messages(document), document.id))
            characters += len(orjson.dumps(recorder.bodies[-1]))
        yield orjson.dumps(recorder.bodies[0], option=orjson.OPT_INDENT_2).decode()
        tokens = characters // CHARACTERS
        cost = prices.cost(Tokens(input=tokens))
        price = "unknown price" if cost is None else f"${cost:.4f} by {prices.source}"
        calls = f"{len(documents):,} call{'s' * (len(documents) != 1)}"
        yield f"{calls}, about {tokens:,} tokens of input ({price}); output comes on top"

    def _repair_messages(self, reading: Reading) -> list[Message]:
        """The invalid answer and a request to correct it."""
        invalid = reading.prediction
        text = invalid if isinstance(invalid, str) else self._shown(invalid)
        request = (
            f"That is not valid: {reading.reason}. Answer again, with the whole corrected object."
        )
        return [{"role": "assistant", "content": text}, {"role": "user", "content": request}]

    def _shown(self, answer: Json) -> str:
        """An answer as JSON, such as a model is to give it."""
        return orjson.dumps(self.dialect.wrapped(answer)).decode()

    def _messages(self, document: Source) -> list[Message]:
        return self._prompt.messages(document.text or "", document.meta, **self._context)


class _Recorder:
    """Keeps the first and the last body instead of sending them."""

    def __init__(self) -> None:
        self.bodies: list[Mapping[str, Any]] = []

    async def call(self, body: Mapping[str, Any], _adapter: str, _document: str) -> Reading:
        self.bodies = [*self.bodies[:1], body]
        return Reading("unsent")


def answer_from(document: str, reading: Reading) -> Answer:
    """The answer for a document, by its id: JSON, valid or not; raw text that is not JSON; or an
    error with the outcome where the model gave nothing."""
    if reading.prediction is not None:
        return Answer(document, reading.prediction)
    return Answer(document, error=f"{reading.outcome}: {reading.reason}".rstrip(": "))
