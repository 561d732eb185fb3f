"""Which files of a folder are replayed."""

from pathlib import Path

from mailintake.app.replay import mail_files


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
