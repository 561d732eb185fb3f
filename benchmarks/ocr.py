"""Settings of the OCR engine beside each other: CPU of a page, and how the papers are judged afterwards.

python -m benchmarks.ocr [--pages 40] [SETTING…]     settings: batch_6 side_960
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", ORT_DISABLE_TELEMETRY="1")  # as in the reader process

import rapidocr
from tests.measure.accuracy import VERDICTS
from tests.measure.accuracy_read import Measuring
from tests.measure.accuracy_score import Score
from tests.support.specimens_files import seen

from mailintake.config import load
from mailintake.model.facts import TextFacts
from mailintake.readers.files import ocr
from mailintake.readers.files.text import read_text
from mailintake.readers.port import Limits

SETTINGS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "batch_6": {"Rec.rec_batch_num": 6},
    "side_960": {"Det.limit_side_len": 960},
}


class Here:
    """Stands for the reader process where text is wanted: OCR happens in this process, whose CPU is counted."""

    def __init__(self, pool: Any) -> None:
        self.pool, self.spent = pool, 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pool, name)

    def text(self, file: Path, format_: str) -> TextFacts | None:
        """Read here."""
        before = time.process_time()
        text = read_text(file, format_, Limits(seconds=120.0), ocr=True)
        self.spent += time.process_time() - before
        return text


def judged(setting: str, pages: int) -> dict[str, Any]:
    """CPU and verdicts of so many specimens under that setting."""
    engine: Any = rapidocr
    real = engine.RapidOCR
    engine.RapidOCR = lambda params: real(params=params | SETTINGS[setting])
    ocr._engine.cache_clear()
    ocr.warm_up()
    rules, score = load(None).rules, Score()
    with tempfile.TemporaryDirectory() as folder:
        measuring = Measuring(rules, Path(folder))
        here = Here(measuring.pool)
        measuring.pool = here  # type: ignore[assignment]
        try:
            for read in measuring.read(seen(1, pages)):
                score.add(read, rules)
        finally:
            measuring.close()
            engine.RapidOCR = real
    totals, fields = score.totals(), score.fields.values()
    right = sum(field.right for field in fields)
    told = {"setting": setting, "cpu_s_a_page": round(here.spent / pages, 3), "fields right": right}
    return told | {verdict: totals[verdict] for verdict in VERDICTS if totals[verdict]}


def main() -> None:
    """One line of JSON each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("settings", nargs="*", default=list(SETTINGS))
    given = parser.parse_args()
    for setting in given.settings:
        print(json.dumps(judged(setting, given.pages)), flush=True)


if __name__ == "__main__":
    main()
