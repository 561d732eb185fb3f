"""A small run of `make accuracy`: no faulty paper passes, nobody is told of a fault that is none."""

from pathlib import Path

import pytest
from tests.measure.accuracy import MACHINE, report, run

from mailintake.readers.files import ocr

FILES = 200


@pytest.mark.timeout(240)
def test_no_faulty_paper_passes_and_no_fault_is_invented(tmp_path: Path) -> None:
    pictures = 10 if ocr.available() else 0
    score, peak = run(3, pictures, FILES, tmp_path)
    totals, odd = score.totals(), "\n".join(score.oddities)
    assert totals["false ok"] == 0, odd
    assert totals["false fault told"] == 0, odd
    assert not any(one.wrong_sure for one in score.fields.values()), odd
    machine = [one for (_, medium, _), one in score.fields.items() if medium in MACHINE]
    assert sum(one.right for one in machine) >= 0.98 * sum(one.there for one in machine), odd
    assert sum(len(spent) for spent in score.seconds.values()) == FILES + pictures
    assert peak < 900, "the reader takes more memory than one machine of the office has to spare"
    assert any("false ok" in line for line in report(score, peak))
