"""Broken mails and documents through the whole pipeline: nothing raises, nothing is slow, each has its fate.

`make mutants` runs ten thousand of them; a seeded few run with every test.
"""

import pytest
from tests.support.gauntlet import run
from tests.support.mutations import mutant
from tests.support.worker import pool

SEED, PARTS, EACH, LIMIT_SECONDS = 20_261_102, 4, 50, 2.0


@pytest.mark.parametrize("part", range(PARTS))
def test_every_mutant_gets_a_fate_in_time(part: int) -> None:
    readers = pool()
    try:
        numbers = range(part * EACH, (part + 1) * EACH)
        outcomes = list(run((mutant(SEED, number) for number in numbers), readers))
    finally:
        readers.close()
    assert len(outcomes) == EACH
    assert [
        f"{o.mutant.number} {o.mutant.story}: {o.wrong(LIMIT_SECONDS)}" for o in outcomes if o.wrong(LIMIT_SECONDS)
    ] == []


def test_the_same_number_is_the_same_mutant() -> None:
    assert [mutant(SEED, n).raw for n in range(8)] == [mutant(SEED, n).raw for n in range(8)]
    assert len({mutant(SEED, n).raw for n in range(60)}) > 55
