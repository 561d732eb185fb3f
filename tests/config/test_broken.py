"""Each folder of broken/ lays one mistake over the small configuration; its .expected-error is all that may be said.

After a deliberate change of wording: `python tests/config/test_broken.py` writes the files anew; read them in review.
"""

import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest

from mailintake.config import check
from mailintake.config.loading import examine

HERE = Path(__file__).parent
WHOLE = (  # found by what `check` does beyond reading: letters written, the calendar held against the notices
    "86-letter-whose-html-says-more",
    "104-letter-whose-html-says-less",
    "105-holiday-left-out",
    "106-make-up-day-left-out",
    "123-year-copied-in-part",
    "129-template-asks-for-what-is-not-there",
    "130-template-with-an-open-if",
    "131-template-with-an-unknown-tag",
)
CASES = sorted((HERE / "broken").iterdir())


def said(case: Path, scratch: Path) -> str:
    """The case over the small configuration, which stands for the shipped one."""
    shutil.copytree(case, scratch, dirs_exist_ok=True)
    (scratch / ".expected-error").unlink()
    with patch("mailintake.config.layers.shipped_folder", lambda: HERE / "small"):
        found = examine(scratch, {})[0].listed() if case.name in WHOLE else check(scratch, {})
        return "".join(f"{line}\n" for line in found).replace(f"{scratch}/", "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_configuration_fails_for_the_stated_reason_and_place(case: Path, tmp_path: Path) -> None:
    assert said(case, tmp_path) == (case / ".expected-error").read_text("utf-8")


def test_the_small_configuration_itself_is_sound(folder: Path) -> None:
    assert check(folder, {}) == ()


if __name__ == "__main__":
    for each in CASES:
        with tempfile.TemporaryDirectory() as scratch:
            (each / ".expected-error").write_text(said(each, Path(scratch)), "utf-8")
