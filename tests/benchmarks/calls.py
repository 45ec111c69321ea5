"""Print how fast models are asked, as Markdown: python tests/benchmarks/calls.py

A server of its own process answers after 200 ms with 5 KB. Takes some minutes; nothing else should
run meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "llm"))

LATENCY = 0.2
CONCURRENCY = (16, 64, 256)
STACKS = ("direct", "instructor", "openai")
EVENTS = 40
SCHEMA = {
    "type": "object",
    "properties": {
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "place": {"type": "string"},
                    "day": {"type": "string", "format": "date"},
                    "killed": {"type": ["integer", "null"]},
                    "note": {"type": "string"},
                },
                "required": ["place", "day", "killed", "note"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["events"],
    "additionalProperties": False,
}
EVENT = {
    "place": "Niono",
    "day": "2025-07-01",
    "killed": 3,
    "note": "gunmen rode into the village ",
}
ANSWER = {"events": [{**EVENT, "note": EVENT["note"] * 2}] * EVENTS}


def documents(number: int) -> list[Any]:
    """So many texts, all different."""
    return [
        SimpleNamespace(id=f"d{n}", text=f"doc-{n} Gunmen rode into a village.", meta={})
        for n in range(number)
    ]


def by_us(adapter: str, url: str, calls: int, concurrency: int) -> Callable[[], None]:
    """`fieldmark run` without reading a task and scoring: journal included."""
    from benchmark import read_schema
    from runners import Setting
    from runners.llm.runner import ModelRunner
    from runners.settings import Adapter, Mode, ModelOptions

    folder = TemporaryDirectory()
    settings = ModelOptions(
        base_url=url,
        mode=Mode.JSON_SCHEMA,
        adapter=Adapter(adapter),
        concurrency=concurrency,
    )
    journal = Path(folder.name) / "journal.jsonl"
    setting = Setting(read_schema(SCHEMA), SCHEMA, journal=journal, model=settings)
    runner, given = ModelRunner(setting, "test"), documents(calls)

    def run() -> None:
        answers: list[Any] = []
        runner.run(given, answers.append)
        if len(answers) != calls or any(answer.error for answer in answers):
            raise RuntimeError("an answer is missing")
        folder.cleanup()

    return run


def by_openai(url: str, calls: int, concurrency: int) -> Callable[[], None]:
    """Plain openai with the same schema: no journal, no validation."""
    from openai import AsyncOpenAI

    shape = {"name": "answer", "strict": True, "schema": SCHEMA}

    async def all_calls() -> None:
        client, gate = AsyncOpenAI(api_key="none", base_url=url), asyncio.Semaphore(concurrency)

        async def one(document: Any) -> Any:
            async with gate:
                found = await client.chat.completions.create(
                    model="test",
                    messages=[{"role": "user", "content": document.text}],
                    response_format={"type": "json_schema", "json_schema": shape},  # type: ignore[arg-type]
                )
            return json.loads(found.choices[0].message.content or "")

        await asyncio.gather(*map(one, documents(calls)))

    return lambda: asyncio.run(all_calls())


def measure(stack: str, url: str, calls: int, concurrency: int) -> dict[str, float]:
    """Seconds and CPU seconds of the calls, and the peak of memory in MB. Imports are not timed."""
    import openai  # noqa: F401

    run = (
        by_openai(url, calls, concurrency)
        if stack == "openai"
        else by_us(stack, url, calls, concurrency)
    )
    clock, cpu = time.perf_counter(), time.process_time()
    run()
    return {
        "seconds": time.perf_counter() - clock,
        "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def report(calls: int) -> Iterator[str]:
    """The lines of the table."""
    from server import Server

    yield "| stack | at once | calls | s | of ideal | CPU, ms a call | peak, MB |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    with Server() as server:
        server.plan({}, default={"kind": "answer", "content": ANSWER, "delay": LATENCY})
        for stack in STACKS:
            for concurrency in CONCURRENCY:
                number = min(calls, 50 * concurrency)
                found = _apart(stack, server.url, number, concurrency)
                ideal = ceil(number / concurrency) * LATENCY
                yield (
                    f"| {stack} | {concurrency} | {number:,} | {found['seconds']:.2f} "
                    f"| {ideal / found['seconds']:.0%} | {1000 * found['cpu'] / number:.2f} "
                    f"| {found['peak']:.0f} |"
                )
                server.clear()
                server.plan({}, default={"kind": "answer", "content": ANSWER, "delay": LATENCY})


def _apart(stack: str, url: str, calls: int, concurrency: int) -> dict[str, float]:
    """A measurement in a process of its own."""
    command = [sys.executable, __file__, "--one", stack, url, str(calls), str(concurrency)]
    found: dict[str, float] = json.loads(subprocess.check_output(command))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2000, help="of each measurement, at most")
    parser.add_argument("--one", nargs=4, help="used by the script itself")
    options = parser.parse_args(arguments)
    if options.one:
        stack, url, calls, concurrency = options.one
        sys.stdout.write(json.dumps(measure(stack, url, int(calls), int(concurrency))))
        return
    for line in report(options.calls):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
