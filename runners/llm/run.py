"""Runs a model over documents: many calls at a time, resumed where an earlier start stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from benchmark.errors import DataError
from runners.engine import Answer, Done, Runner, Source, strict
from runners.llm.adapters import Ask, adapt
from runners.llm.calls import Budget, Caller
from runners.llm.costs import Prices, Tokens
from runners.llm.gate import Gate, GateClosedError
from runners.llm.journal import MODE, Journal
from runners.llm.outcomes import Classifier, Reading
from runners.llm.prompt import Message, Prompt
from runners.llm.requests import STRICT, Dialect, settled
from runners.llm.settings import Adapter, Mode, Settings
from runners.llm.wire import Wire
from runners.registry import Setting

CHARACTERS = 4
"""Of a token, roughly: for the estimate before a run."""

NOT_TAKEN = {"http_400", "http_404", "http_422", "http_500", "http_501"}
"""What endpoints answer to a way of constraining that they do not know."""


@dataclass(frozen=True)
class _Means:
    """What calls of one mode are made with."""

    mode: Mode
    ask: Ask
    caller: Caller
    in_prompt: str


class _Unsent:
    """Takes requests, and sends none."""

    def __init__(self) -> None:
        self.bodies: list[Mapping[str, Any]] = []

    async def call(self, body: Mapping[str, Any], _adapter: str, _document: str) -> Reading:
        self.bodies = [*self.bodies[:1], body]
        return Reading("unsent")


class ModelRunner(Runner):
    """A model behind an OpenAI-compatible endpoint, made for a task."""

    def __init__(self, setting: Setting, model: str, settings: Settings) -> None:
        self.setting, self.model, self.settings = setting, model, settings
        self.prompt, self.wire = Prompt(settings.prompt), Wire(settings)
        self.prices = Prices(model, settings.base_url)
        self._examples = [
            {"text": one.text or "", "answer": orjson.dumps(one.answer).decode()}
            for one in setting.examples
        ]
        if settings.max_cost is not None and self.prices.cost(Tokens(1, output=1)) is None:
            raise DataError(
                f"--max-cost: no price of '{model}' at {settings.base_url} is known; "
                f"use --max-tokens"
            )
        self._caller: Caller | None = None
        self._mode: Mode | None = settings.mode
        self._first: dict[str, Answer] = {}
        self._interrupts = 0

    def check(self) -> None:
        """As Runner.check."""
        self.wire.check_key()

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run. Raises ParkedError or KeyboardInterrupt where the run ends early; what is
        in the journal by then is not asked for again."""
        if self.setting.journal is None:
            raise DataError("a model needs a journal")
        done = strict(done) if self.setting.fail_fast else done
        journal = Journal(self.setting.journal, fresh=self.settings.fresh)
        for line in journal.found():
            self.setting.say(line)
        try:
            asyncio.run(self._run(documents, done, journal))
        finally:
            journal.close()

    def status(self) -> str:
        """How the run stands, in a few words."""
        if self._caller is None:
            return ""
        tally, spent = self._caller.tally, self._caller.spent
        cost = self.prices.cost(spent)
        told = "" if cost is None else f", ${cost:.4f}"
        return (
            f"{tally.in_flight} in flight, {tally.retries} retries, {tally.known} known, "
            f"{spent.total:,} tokens{told}"
        )

    def about(self) -> dict[str, Any]:
        """What the manifest says: all that the answers depend on, and what they took."""
        settings = self.settings
        found: dict[str, Any] = {
            "model": self.model,
            "base_url": settings.base_url,
            "adapter": settings.adapter,
            "mode": self._mode,
            "schema_dialect": "strict" if self._mode in STRICT else "raw",
            "prompt": {"file": self.prompt.name, "sha256": self.prompt.sha256},
            "temperature": settings.temperature,
            "seed": settings.seed,
            "max_output_tokens": settings.max_output_tokens,
            "reasoning_effort": settings.reasoning_effort or None,
            "examples": [one.id for one in self.setting.examples],
            "repairs": settings.repairs,
            "concurrency": settings.concurrency,
            "timeout": settings.timeout,
        }
        if self._caller is not None:
            found |= self._account(self._caller)
        return found

    def _account(self, caller: Caller) -> dict[str, Any]:
        tally, spent = caller.tally, caller.spent
        return {
            "outcomes": dict(sorted(tally.outcomes.items())),
            "requests": tally.requests,
            "retries": tally.retries,
            "known": tally.known,
            "tokens": {name: getattr(spent, name) for name in spent.__dataclass_fields__},
            "cost_usd": self.prices.cost(spent),
            "prices": self.prices.source,
        }

    def first(self) -> Sequence[Answer]:
        """As Runner.first."""
        return list(self._first.values())

    def preview(self, documents: Sequence[Source]) -> Iterator[str]:
        """What would be sent: the first request whole, the number of calls, and an estimate."""
        dialect = Dialect(self.setting.schema, self._mode or Mode.JSON_SCHEMA)
        ask = adapt(self.settings.adapter, dialect, settled(self.model, self.settings))
        unsent = _Unsent()
        sizes = []
        for document in documents:
            messages = self._messages(document, self._told(dialect))
            asyncio.run(ask(unsent, messages, document.id))
            sizes.append(len(orjson.dumps(unsent.bodies[-1])))
        yield orjson.dumps(unsent.bodies[0], option=orjson.OPT_INDENT_2).decode()
        tokens = sum(sizes) // CHARACTERS
        cost = self.prices.cost(Tokens(input=tokens))
        price = "unknown price" if cost is None else f"${cost:.4f} by {self.prices.source}"
        yield f"{len(sizes)} calls, about {tokens:,} tokens of input ({price}); output comes on top"

    def _told(self, dialect: Dialect) -> str:
        """The schema for the prompt: instructor puts it there itself."""
        return "" if self.settings.adapter is Adapter.INSTRUCTOR else dialect.in_prompt

    def _messages(self, document: Source, schema: str) -> list[Message]:
        return self.prompt.messages(
            document.text or "",
            document.meta,
            codebook=self.setting.codebook,
            schema=schema,
            examples=self._examples,
        )

    def _means(self, mode: Mode, journal: Journal) -> _Means:
        settings, dialect = self.settings, Dialect(self.setting.schema, mode)
        budget = Budget(self.prices, settings.max_cost, settings.max_tokens)
        caller = Caller(
            self.wire, self._gate, journal, Classifier(dialect), budget, self.setting.sample
        )
        if self._caller is not None:  # one account for all modes that are tried
            caller.tally, caller.spent = self._caller.tally, self._caller.spent
        self._caller = caller
        ask = adapt(settings.adapter, dialect, settled(self.model, settings))
        return _Means(mode, ask, caller, self._told(dialect))

    async def _run(self, documents: Sequence[Source], done: Done, journal: Journal) -> None:
        self._gate, self._main = Gate(self.settings.concurrency), asyncio.current_task()
        with _signals(self._interrupted):
            try:
                means, first = await self._detect(documents, journal)
                if first is not None:
                    self._tell(documents[0], first, done)
                await self._all(documents[first is not None :], means, done)
            except (asyncio.CancelledError, GateClosedError):
                if not self._interrupts:
                    raise
            finally:
                await self.wire.close()
        if self._interrupts:
            raise KeyboardInterrupt

    async def _all(self, documents: Sequence[Source], means: _Means, done: Done) -> None:
        """Some more workers than calls may be under way, as one that has its answer still writes it
        down. The first that must stop stops all, once what is under way has come back."""
        left = iter(documents)

        async def work() -> None:
            for document in left:
                try:
                    self._tell(document, await self._answer(means, document), done)
                except BaseException:
                    self._gate.close()
                    raise

        workers = min(self.settings.concurrency * 5 // 4 + 1, len(documents))
        ends = await asyncio.gather(*(work() for _ in range(workers)), return_exceptions=True)
        errors = [end for end in ends if isinstance(end, BaseException)]
        for error in sorted(errors, key=lambda one: isinstance(one, GateClosedError)):
            raise error

    def _interrupted(self) -> None:
        """The first time, what is under way is awaited; the second time, it is given up."""
        self._interrupts += 1
        self._gate.close()
        if self._interrupts > 1 and self._main:
            self._main.cancel()

    async def _detect(
        self, documents: Sequence[Source], journal: Journal
    ) -> tuple[_Means, Reading | None]:
        """The strictest mode that the endpoint takes, found with the first document, once."""
        endpoint = {"base_url": self.settings.base_url, "model": self.model}
        if self._mode is None:
            for line in journal.modes:
                if endpoint.items() <= line.items():
                    self._mode = Mode(line["mode"])
        if self._mode is not None or not documents:
            return self._means(self._mode or Mode.JSON_SCHEMA, journal), None
        for mode in Mode:
            means = self._means(mode, journal)
            reading = await self._answer(means, documents[0])
            if reading.outcome not in NOT_TAKEN or mode is Mode.MARKDOWN:
                break
        self._mode = mode
        if reading.is_answer:
            journal.write({"type": MODE, **endpoint, "mode": mode})
        return means, reading

    async def _answer(self, means: _Means, document: Source) -> Reading:
        """The answer for a document; an invalid one is asked about again as often as is set."""
        messages = self._messages(document, means.in_prompt)
        reading = await means.ask(means.caller, messages, document.id)
        if self.settings.repairs:
            self._first[document.id] = _answered(document.id, reading)
        for _ in range(self.settings.repairs):
            if not reading.is_repairable:
                break
            messages = [*messages, *_objection(reading)]
            reading = await means.ask(means.caller, messages, document.id)
        return reading

    def _tell(self, document: Source, reading: Reading, done: Done) -> None:
        assert self._caller is not None
        self._caller.tally.outcomes[reading.outcome] += 1
        done(_answered(document.id, reading))


def _answered(name: str, reading: Reading) -> Answer:
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


@contextmanager
def _signals(interrupted: Any) -> Iterator[None]:
    """Ctrl-C and SIGTERM end a run by degrees, where the platform lets a loop hear of them."""
    loop = asyncio.get_running_loop()
    heard = []
    for one in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(one, interrupted)
            heard.append(one)
        except (NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
            break
    try:
        yield
    finally:
        for one in heard:
            loop.remove_signal_handler(one)
