"""Runs a model over documents: many calls at a time, resumed where an earlier start ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from benchmark.errors import DataError
from runners.interface import Answer, Done, Runner, Source, fail_fast
from runners.llm.calls.caller import Caller
from runners.llm.calls.journal import MODE, Journal
from runners.llm.calls.limiter import Limiter, LimiterClosedError
from runners.llm.calls.prices import Prices, Tokens
from runners.llm.calls.retries import Budget
from runners.llm.calls.transport import Wire
from runners.llm.conversation import Conversation, answer_from
from runners.llm.dialect import STRICT, strictness
from runners.llm.interrupts import handling_interrupts
from runners.llm.outcomes import Classifier, Reading
from runners.llm.prompt import Prompt
from runners.settings import Mode, Setting

NOT_TAKEN = {"http_400", "http_404", "http_422", "http_500", "http_501"}
"""Outcomes by which endpoints refuse a mode that they do not support."""


class ModelRunner(Runner):
    """A model behind an OpenAI-compatible endpoint, made for a task.

    Raises DataError for options that cannot be used: the prompt, the URL, the key's characters, or
    a budget in US dollars for a model without a price.
    """

    def __init__(self, setting: Setting, model: str) -> None:
        options = setting.model
        self.setting, self.model, self.options = setting, model, options
        self.prompt, self.wire = Prompt(options.prompt), Wire(options)
        self.prices = Prices(model, options.base_url)
        # The price of any tokens tells whether the table has the model at all.
        if options.max_cost is not None and self.prices.cost(Tokens(1, output=1)) is None:
            raise DataError(
                f"--max-cost: no price of '{model}' at {options.base_url} is known; "
                f"use --max-tokens"
            )
        self._not_strict, self._unsent = strictness(setting.schema)
        self._modes = [mode for mode in Mode if mode not in STRICT or not self._not_strict]
        if options.mode is not None and options.mode not in self._modes:
            raise DataError(
                f"--mode {options.mode}: {self._not_strict}; "
                f"leave --mode out, or use {Mode.JSON_SCHEMA_LOOSE}"
            )
        self._caller: Caller | None = None
        self._mode: Mode | None = options.mode
        self._first: dict[str, Answer] = {}
        self._interrupts = 0

    def check(self) -> None:
        """As Runner.check."""
        self.wire.check_key()

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run. Raises ParkedError or KeyboardInterrupt where the run ends early; answers
        that are in the journal by then are not asked for again."""
        if self.setting.journal is None:
            raise DataError("a model needs a journal")
        done = fail_fast(done) if self.setting.fail_fast else done
        journal = Journal(self.setting.journal, fresh=self.options.fresh)
        for note in [*journal.notes(), *self._notes()] if self.setting.sample == 0 else ():
            self.setting.say(note)
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
        price = "" if cost is None else f", ${cost:.4f}"
        in_flight = f"{tally.in_flight} under way, " if tally.in_flight else ""
        return (
            f"{in_flight}{tally.requests:,} requests, {tally.retries:,} of them again, "
            f"{tally.reused:,} answers known before, {spent.total:,} tokens{price}"
        )

    def about(self) -> dict[str, Any]:
        """The manifest's entry: all that the answers depend on and, after a run, what it took."""
        options = self.options
        entry: dict[str, Any] = {
            "model": self.model,
            "base_url": options.base_url,
            "adapter": options.adapter,
            "mode": self._mode,
            "schema_dialect": "strict" if self._mode in STRICT else "raw",
            "not_strict": self._not_strict or None,
            "unsent_keywords": list(self._unsent) if self._mode in STRICT else [],
            "prompt": {"file": self.prompt.name, "sha256": self.prompt.sha256},
            "temperature": options.temperature,
            "seed": options.seed,
            "max_output_tokens": options.max_output_tokens,
            "reasoning_effort": options.reasoning_effort or None,
            "examples": [example.id for example in self.setting.examples],
            "repairs": options.repairs,
            "concurrency": options.concurrency,
            "timeout": options.timeout,
        }
        if self._caller is not None:
            entry |= self._totals(self._caller)
        return entry

    def _totals(self, caller: Caller) -> dict[str, Any]:
        """Counts of documents by outcome, of calls and of tokens, and the cost in US dollars."""
        tally, spent = caller.tally, caller.spent
        return {
            "outcomes": dict(sorted(tally.outcomes.items())),
            "requests": tally.requests,
            "retries": tally.retries,
            "known": tally.reused,
            "tokens": {name: getattr(spent, name) for name in spent.__dataclass_fields__},
            "cost_usd": self.prices.cost(spent),
            "prices": self.prices.source,
        }

    def first(self) -> Sequence[Answer]:
        """As Runner.first."""
        return list(self._first.values())

    def preview(self, documents: Sequence[Source]) -> Iterator[str]:
        """As Runner.preview."""
        conversation = self._conversation(self._mode or self._modes[0])
        yield from conversation.preview(documents, self.prices)
        yield from self._notes()  # after the request, which is printed by itself

    def _notes(self) -> list[str]:
        """What the user is told of the schema before anything is sent."""
        not_asked = self._not_strict and self._mode is None
        return [f"sent without strict: {self._not_strict}"] if not_asked else []

    def _conversation(self, mode: Mode) -> Conversation:
        return Conversation(self.setting, self.model, self.prompt, mode, self._first)

    def _start(self, mode: Mode, journal: Journal) -> tuple[Conversation, Caller]:
        """The conversation in one mode, and the caller that makes its calls."""
        conversation, options = self._conversation(mode), self.options
        caller = Caller(
            wire=self.wire,
            limiter=self._limiter,
            journal=journal,
            classifier=Classifier(conversation.dialect),
            budget=Budget(self.prices, options.max_cost, options.max_tokens),
            sample=self.setting.sample,
        )
        if self._caller is not None:  # counts and budget go on over all modes that are tried
            caller.tally, caller.spent = self._caller.tally, self._caller.spent
        self._caller = caller
        return conversation, caller

    async def _run(self, documents: Sequence[Source], done: Done, journal: Journal) -> None:
        self._limiter, self._main = Limiter(self.options.concurrency), asyncio.current_task()
        with handling_interrupts(self._interrupted):
            try:
                remaining = await self._detect(documents, journal, done)
                if remaining and self._mode is not None:
                    await self._answer_all(remaining, *self._start(self._mode, journal), done)
            except (asyncio.CancelledError, LimiterClosedError):
                # After Ctrl-C these are how the calls end, and KeyboardInterrupt says so below.
                if not self._interrupts:
                    raise
            finally:
                await self.wire.close()
        if self._interrupts:
            raise KeyboardInterrupt

    async def _answer_all(
        self,
        documents: Sequence[Source],
        conversation: Conversation,
        caller: Caller,
        done: Done,
    ) -> None:
        """Answer documents by concurrent workers. The first error stops all of them, once their
        calls under way have come back, and is raised."""
        queue = iter(documents)

        async def work() -> None:
            for document in queue:
                try:
                    self._report(document, await conversation.answer(caller, document), done)
                except BaseException:
                    self._limiter.close()
                    raise

        # A quarter more than the limiter lets call: some are always busy writing an answer down.
        workers = min(self.options.concurrency * 5 // 4, len(documents))
        ends = await asyncio.gather(*(work() for _ in range(workers)), return_exceptions=True)
        errors = [end for end in ends if isinstance(end, BaseException)]
        # A closed limiter is but the consequence of the error that closed it: that comes first.
        for error in sorted(errors, key=lambda error: isinstance(error, LimiterClosedError)):
            raise error

    def _interrupted(self) -> None:
        """Handle a signal: at the first no call is begun any more, at the second those under way
        are cancelled."""
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
        """Find the strictest mode that the endpoint takes; returns the documents not yet answered.

        The journal may have the mode. Otherwise documents are tried in turn until one of them gets
        an answer: one that gets none in any mode (it may be too long) says nothing of modes.
        """
        endpoint = {"base_url": self.options.base_url, "model": self.model}
        for line in journal.modes:
            known = endpoint.items() <= line.items() and line["mode"] in self._modes
            if self._mode is None and known:
                self._mode = line["mode"]
        for position, document in enumerate(documents):
            if self._mode is not None:
                return documents[position:]
            mode, reading = await self._strictest(document, journal)
            if reading.is_answer:
                self._mode = mode
                journal.write({"type": MODE, **endpoint, "mode": mode})
                if mode is not self._modes[0]:
                    self.setting.say(f"--mode {mode}: the strictest that the endpoint takes")
            self._report(document, reading, done)
        return ()

    async def _strictest(self, document: Source, journal: Journal) -> tuple[Mode, Reading]:
        """The first mode, from the strictest on, that the endpoint does not refuse, and its
        reading; if it refuses all, those of the first."""
        refused: list[tuple[Mode, Reading]] = []
        for mode in self._modes:
            conversation, caller = self._start(mode, journal)
            reading = await conversation.answer(caller, document)
            if reading.outcome not in NOT_TAKEN:
                return mode, reading
            refused.append((mode, reading))
        return refused[0]

    def _report(self, document: Source, reading: Reading, done: Done) -> None:
        assert self._caller is not None
        self._caller.tally.outcomes[reading.outcome] += 1
        done(answer_from(document.id, reading))
