"""Which files of a folder are replayed."""

import json
import tempfile
from pathlib import Path

import pytest
from tests.support.office import make_office

from mailintake.app.replay import mail_files
from mailintake.cli import main


def test_attachments_in_a_folder_of_originals_are_no_mails(tmp_path: Path) -> None:
    for name, raw in {
        "0a": b"Received: from mx.example\r\nSubject: x\r\n\r\n",
        "0b": b"From someone Mon Nov  2\nSubject: x\n\n",
        "0c": b"\xff\xd8\xff\xe0 photo",
        "0d": b"%PDF-1.7\n1 0 obj",
        "0e": b"PK\x03\x04",
        "f.eml": b"",
        "g.pdf": b"Subject: x\n\n",
    }.items():
        (tmp_path / name).write_bytes(raw)
    assert [path.name for path in mail_files([tmp_path])] == ["0a", "0b", "f.eml"]


def test_the_files_that_replay_names_are_there_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --state the store is gone with the command; the letters stay until somebody has read them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    office = make_office(tmp_path / "office")
    with pytest.raises(SystemExit) as ended:
        main(["replay", str(office.mails), "--json", "--config", str(office.config)])
    said = capsys.readouterr()
    assert ended.value.code == 0, said.err
    letters = [letter for line in said.out.splitlines() for letter in json.loads(line)["letters"]]
    assert letters
    for letter in letters:
        assert letter["message_id"] in Path(letter["eml"]).read_text("utf-8")
        assert str(Path(letter["eml"]).parent) in said.err
    assert [p.name for p in tmp_path.glob("mailintake-letters-*")]


def test_nothing_is_left_where_no_letter_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "1.eml").write_bytes(
        b"From: <a@b.example>\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nx"
    )
    with pytest.raises(SystemExit):
        main(["replay", str(tmp_path / "1.eml"), "--json"])
    assert capsys.readouterr().out
    assert not list(tmp_path.glob("mailintake-letters-*"))
