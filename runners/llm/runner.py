"""Runs a model over documents: many calls at a time, resumed where an earlier start stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from benchmark.errors import DataError
from runners.interface import Answer, Done, Runner, Source, fail_fast
from runners.llm.calls.caller import Caller
from runners.llm.calls.journal import MODE, Journal
from runners.llm.calls.limiter import Limiter, LimiterClosedError
from runners.llm.calls.prices import Prices, Tokens
from runners.llm.calls.retries import Budget
from runners.llm.calls.transport import Wire
from runners.llm.conversation import Conversation, answered
from runners.llm.dialect import STRICT
from runners.llm.outcomes import Classifier, Reading
from runners.llm.prompt import Prompt
from runners.settings import Mode, Setting

NOT_TAKEN = {"http_400", "http_404", "http_422", "http_500", "http_501"}
"""What endpoints answer to a way of constraining that they do not know."""


class ModelRunner(Runner):
    """A model behind an OpenAI-compatible endpoint, made for a task."""

    def __init__(self, setting: Setting, model: str) -> None:
        settings = setting.model
        self.setting, self.model, self.settings = setting, model, settings
        self.prompt, self.wire = Prompt(settings.prompt), Wire(settings)
        self.prices = Prices(model, settings.base_url)
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
        done = fail_fast(done) if self.setting.fail_fast else done
        journal = Journal(self.setting.journal, fresh=self.settings.fresh)
        for line in journal.found() if self.setting.sample == 0 else ():
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
        flying = f"{tally.in_flight} under way, " if tally.in_flight else ""
        return (
            f"{flying}{tally.requests:,} requests, {tally.retries:,} of them again, "
            f"{tally.known:,} answers known before, {spent.total:,} tokens{told}"
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
        """As Runner.preview."""
        yield from self._talk(self._mode or Mode.JSON_SCHEMA).preview(documents, self.prices)

    def _talk(self, mode: Mode) -> Conversation:
        return Conversation(self.setting, self.model, self.prompt, mode, self._first)

    def _start(self, mode: Mode, journal: Journal) -> tuple[Conversation, Caller]:
        """What documents are asked about with, in one mode."""
        talk, settings = self._talk(mode), self.settings
        budget = Budget(self.prices, settings.max_cost, settings.max_tokens)
        classifier = Classifier(talk.dialect)
        caller = Caller(self.wire, self._limiter, journal, classifier, budget, self.setting.sample)
        if self._caller is not None:  # one account for all modes that are tried
            caller.tally, caller.spent = self._caller.tally, self._caller.spent
        self._caller = caller
        return talk, caller

    async def _run(self, documents: Sequence[Source], done: Done, journal: Journal) -> None:
        self._limiter, self._main = Limiter(self.settings.concurrency), asyncio.current_task()
        with _signals(self._interrupted):
            try:
                left = await self._detect(documents, journal, done)
                if left and self._mode is not None:
                    await self._all(left, *self._start(self._mode, journal), done)
            except (asyncio.CancelledError, LimiterClosedError):
                if not self._interrupts:
                    raise
            finally:
                await self.wire.close()
        if self._interrupts:
            raise KeyboardInterrupt

    async def _all(
        self, documents: Sequence[Source], talk: Conversation, caller: Caller, done: Done
    ) -> None:
        """Some more workers than calls may be under way, as one that has its answer still writes it
        down. The first that must stop stops all, once what is under way has come back."""
        left = iter(documents)

        async def work() -> None:
            for document in left:
                try:
                    self._tell(document, await talk.answer(caller, document), done)
                except BaseException:
                    self._limiter.close()
                    raise

        workers = min(self.settings.concurrency * 5 // 4, len(documents))
        ends = await asyncio.gather(*(work() for _ in range(workers)), return_exceptions=True)
        errors = [end for end in ends if isinstance(end, BaseException)]
        for error in sorted(errors, key=lambda one: isinstance(one, LimiterClosedError)):
            raise error

    def _interrupted(self) -> None:
        """The first time, what is under way is awaited; the second time, it is given up."""
        self._interrupts += 1
        if self._interrupts == 1 and self._caller:
            waiting = self._caller.tally.in_flight
            self.setting.say(f"waiting for {waiting} under way; Ctrl-C again gives them up")
        self._limiter.close()
        if self._interrupts > 1 and self._main:
            self._main.cancel()

    async def _detect(
        self, documents: Sequence[Source], journal: Journal, done: Done
    ) -> Sequence[Source]:
        """Find the strictest mode that the endpoint takes, once; the documents that are left. A
        document that gets an answer in no mode (it may be too long) says nothing of modes."""
        endpoint = {"base_url": self.settings.base_url, "model": self.model}
        for line in journal.modes:
            if self._mode is None and endpoint.items() <= line.items():
                self._mode = line["mode"]
        for n, document in enumerate(documents):
            if self._mode is not None:
                return documents[n:]
            mode, reading = await self._strictest(document, journal)
            if reading.is_answer:
                self._mode = mode
                journal.write({"type": MODE, **endpoint, "mode": mode})
                if mode is not Mode.JSON_SCHEMA:
                    self.setting.say(f"--mode {mode}: the strictest that the endpoint takes")
            self._tell(document, reading, done)
        return ()

    async def _strictest(self, document: Source, journal: Journal) -> tuple[Mode, Reading]:
        """The strictest mode in which a document gets an answer, and the answer; else what the
        first mode got."""
        found: list[tuple[Mode, Reading]] = []
        for mode in Mode:
            talk, caller = self._start(mode, journal)
            found.append((mode, await talk.answer(caller, document)))
            if found[-1][1].outcome not in NOT_TAKEN:
                return found[-1]
        return found[0]

    def _tell(self, document: Source, reading: Reading, done: Done) -> None:
        assert self._caller is not None
        self._caller.tally.outcomes[reading.outcome] += 1
        done(answered(document.id, reading))


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
