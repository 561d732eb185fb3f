"""The folder in which letters end that are not sent."""

from pathlib import Path

import pytest

from mailintake.errors import MailerUnavailable
from mailintake.mailer.drop import DropMailer

LETTER = b"From: a@example.com\r\n\r\nbody\r\n"


def test_letters_are_numbered_and_a_new_start_goes_on_counting(tmp_path: Path) -> None:
    DropMailer(tmp_path / "new").send(LETTER, "a@example.com", ["b@example.com"])
    accepted = DropMailer(tmp_path / "new").send(LETTER + b"2", "a@example.com", ["b@example.com"])
    assert accepted.answer == "250 kept as 0002.eml"
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["0001.eml", "0002.eml"]
    assert (tmp_path / "new" / "0002.eml").read_bytes() == LETTER + b"2"


def test_a_place_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MailerUnavailable, match="cannot write"):
        DropMailer(tmp_path / "file").send(LETTER, "a@example.com", ["b@example.com"])
