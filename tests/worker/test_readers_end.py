"""A mail that makes the reader process eat memory, hang or die: ended, tried again, put aside at the third try; the
mail behind it is read at once each time."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.worker import mail, office, shipped

from mailintake.model.understanding import Disposition
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import Limits

POISON = b"X-Poison"
LIMITS = Limits(memory_bytes=2**29, seconds=8.0)
# The real reader, which does something bad where the word stands in a mail.
PROGRAM = """
import os, sys, time
from pathlib import Path
from mailintake.readers import child
from mailintake.readers import expand
real = expand.open_message
def opened(raw, out, words, limits):
    if b"X-Poison" in Path(raw).read_bytes():
        {harm}
    return real(raw, out, words, limits)
expand.open_message = opened
child.main()
"""
HARM = {
    "eats memory": "eaten = [bytearray(2**24) for _ in range(1000)]",
    "hangs": "time.sleep(600)",
    "dies": "os._exit(11)",
    "fills the disk": "(out / 'big').write_bytes(bytes(limits.archive_bytes + 1))",
}


@pytest.mark.parametrize("harm", HARM)
def test_it_is_tried_three_times_put_aside_and_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    real = subprocess.Popen

    def started(_command: list[str], **options: Any) -> Any:
        return real([sys.executable, "-c", PROGRAM.format(harm=HARM[harm])], **options)

    monkeypatch.setattr(subprocess, "Popen", started)
    readers = ReaderPool(shipped().rules.vocabulary, LIMITS, ocr=False)
    try:
        with office(tmp_path, readers=readers) as at:
            for day in range(3):
                if not day:
                    at.deliver(POISON + b": yes\r\n" + mail(id="poison"))
                at.deliver(mail(id=f"behind{day}", **{"from": f"a{day}@b{day}.example"}))
                report = at.run(timedelta(hours=1))
                assert report.fates[Disposition.ANSWERED] == 1
            poison = at.shells.store.messages()[-1]
            assert (poison.status, poison.disposition, poison.attempts) == ("quarantined", Disposition.QUARANTINED, 3)
            assert len(at.notices("message.quarantined")) == 1
            assert list(at.shells.spool.iterdir()) == []
            assert at.shells.store.verify() == ()
    finally:
        readers.close()
