"""A few of the unseen threads, those without a file, through the whole program and without OCR: what must not happen
never happens, and the harness that measures runs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from tests.unseen.build import load, threads
from tests.unseen.play import Kept, play
from tests.unseen.score import judge

from mailintake.config import Configuration
from mailintake.config import load as configured
from mailintake.readers.pool import ReaderPool

_FEW, _SEED = 8, 20261127
_NEVER = ("disclosure", "tick", "silent")


def _plain() -> list[Path]:
    texts = [path for path in threads() if all("attach" not in mail for mail in load(path).mails)]
    return sorted(Random(_SEED).sample(texts, _FEW))


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    configuration = _configuration()
    pool = ReaderPool(configuration.rules.vocabulary, configuration.settings.limits, ocr=False)
    yield Kept(pool, tmp_path_factory.mktemp("seen"))
    pool.close()


def _configuration() -> Configuration:
    known = configured(None)
    return replace(known, settings=replace(known.settings, ocr=False))


@pytest.mark.parametrize("path", _plain(), ids=lambda path: path.parent.name)
def test_nothing_is_disclosed_ticked_or_parked_in_silence(path: Path, readers: Kept) -> None:
    for outcome in play(load(path), _configuration(), readers):
        assert not [one for one in judge(outcome) if one.topic in _NEVER and not one.right]
