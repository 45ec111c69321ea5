"""The gate: how many are let in, when, and after what."""

import asyncio

import pytest

from runners.llm.calls.limiter import Limiter, LimiterClosedError


def inside(scenario):
    """Run a scenario against a gate of three."""

    async def run():
        return await scenario(Limiter(3))

    return asyncio.run(run())


async def crowd(limiter, number, seconds=0.01):
    """So many callers at once: the most that were inside together."""
    now, most = 0, 0

    async def call():
        nonlocal now, most
        async with limiter.slot():
            now += 1
            most = max(most, now)
            await asyncio.sleep(seconds)
            now -= 1

    await asyncio.gather(*(call() for _ in range(number)))
    return most


def test_no_more_are_inside_than_the_limit():
    assert inside(lambda limiter: crowd(limiter, 20)) == 3


def test_half_as_many_after_too_many_but_never_none():
    async def scenario(limiter):
        limiter.decrease()
        first = await crowd(limiter, 5)
        for _ in range(9):
            limiter.decrease()
        return first, await crowd(limiter, 5)

    assert inside(scenario) == (1, 1)


def test_the_limit_rises_by_one_for_each_round_of_calls_that_went_well_up_to_the_most():
    limiter = Limiter(16)
    limiter.decrease()
    assert limiter.limit == 8
    for _ in range(8):
        limiter.increase()
    assert 8.9 < limiter.limit < 9.1
    for _ in range(1000):
        limiter.increase()
    assert limiter.limit == 16


def test_a_cool_off_holds_for_all_who_wait():
    async def scenario(limiter):
        clock = asyncio.get_running_loop().time
        start = clock()
        limiter.cool_off(0.2)
        limiter.cool_off(0.05)
        await crowd(limiter, 6)
        return clock() - start

    assert 0.2 <= inside(scenario) < 1


def test_a_closed_gate_lets_nobody_in_and_those_inside_finish():
    async def scenario(limiter):
        finished = []

        async def call(n):
            async with limiter.slot():
                await asyncio.sleep(0.05)
                finished.append(n)

        calls = [asyncio.create_task(call(n)) for n in range(9)]
        await asyncio.sleep(0.01)
        limiter.close()
        ends = await asyncio.gather(*calls, return_exceptions=True)
        return finished, sum(isinstance(end, LimiterClosedError) for end in ends)

    assert inside(scenario) == ([0, 1, 2], 6)


def test_a_closed_gate_ends_a_cool_off_and_a_pause():
    async def scenario(limiter):
        limiter.cool_off(60)
        waiting = [asyncio.create_task(crowd(limiter, 1)), asyncio.create_task(limiter.pause(60))]
        await asyncio.sleep(0.01)
        limiter.close()
        return await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 1)

    assert all(isinstance(end, LimiterClosedError) for end in inside(scenario))


@pytest.mark.parametrize("given_up", range(6))
def test_who_gives_up_waiting_takes_nobodys_turn(given_up):
    async def scenario(limiter):
        async def call():
            async with limiter.slot():
                await asyncio.sleep(0.01)
                return True

        calls = [asyncio.create_task(call()) for _ in range(8)]
        await asyncio.sleep(0)
        calls[given_up].cancel()
        ends = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 2)
        return sum(end is True for end in ends), limiter.inside

    assert inside(scenario) == (7, 0)
