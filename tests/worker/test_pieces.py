"""Mails in pieces (RFC 2046 5.2.2): a piece alone says nothing, all of them are the mail."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.worker import application, office, pool

from mailintake.readers.mail.partial import Piece, whole
from mailintake.readers.pool import ReaderPool

BREAK = b"\r\n\r\n"


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderPool]:
    with closing(pool()) as made:
        yield made


def pieces(raw: bytes, count: int) -> Iterator[bytes]:
    """The mail cut into so many pieces, each with the sender, the subject and an identity of its own."""
    head = raw.partition(BREAK)[0].replace(b"\n ", b" ").split(b"\n")
    shown = [line.strip() for line in head if line.lower().startswith((b"from:", b"to:", b"date:"))]
    step = -(-len(raw) // count)
    for number in range(1, count + 1):
        about = f'message/partial; id="abc@qingchuan.example"; number={number}; total={count}'
        mine = [*shown, b"Subject: APEC", f"Message-ID: <piece{number}@qingchuan.example>".encode()]
        mine += [b"MIME-Version: 1.0", f"Content-Type: {about}".encode()]
        yield b"\r\n".join(mine) + BREAK + raw[(number - 1) * step : number * step]


def test_pieces_in_any_order_make_the_case_when_the_last_has_come(tmp_path: Path, readers: ReaderPool) -> None:
    first, second, third = pieces(application(), 3)
    with office(tmp_path, readers=readers) as at:
        for piece in (third, first):
            at.deliver(piece)
            at.run()
            assert at.shells.store.count_cases() == 0
        at.deliver(second)
        at.run()
        (case,) = at.shells.store.cases()
        assert len(case.documents) > 5


def test_a_mail_of_more_than_three_hundred_pieces_is_whole(tmp_path: Path) -> None:
    raw = b"Subject: APEC" + BREAK + b"x" * 5000
    cut = list(pieces(raw, 320))
    files = []
    for number, piece in enumerate(cut, start=1):
        file = tmp_path / str(number)
        file.write_bytes(piece)
        files.append((Piece("abc", number, len(cut)), file))
    assert whole(files, tmp_path / "whole")
    assert not whole(files[:-1], tmp_path / "part")
    assert (tmp_path / "whole").read_bytes().endswith(b"x" * 5000)
