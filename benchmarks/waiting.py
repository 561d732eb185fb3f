"""A box in which 100,000 mails wait, against one of 1,000: python -m benchmarks.waiting

What the program takes in memory while it lists them and fetches the first fifty, and what it asks of the server when
nothing is new. One process for each box and question; the box is a private Dovecot's. Kept for the report.
"""

import argparse
import imaplib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import ours
from benchmarks.corpus import KEPT
from benchmarks.ground import Ground, ground
from benchmarks.records import keep
from benchmarks.spent import spent

_FEW, _MANY = 1_000, 100_000
_KINDS = 1_000  # mails with bytes of their own; the rest are links to them
_FETCHED = 50
_MAIL = (
    "From: a{0}@b{0}.example\r\nTo: lnwfapec@163.com\r\nSubject: question {0}\r\nMessage-ID: <{0}@waiting.example>\r\n"
    "Date: Mon, 02 Nov 2026 09:00:00 +0800\r\n\r\nPlease tell us what is needed.\r\n"
)


def small_mails(folder: Path) -> Iterator[Path]:
    """A thousand of them."""
    for number in range(_KINDS):
        file = folder / f"{number}.eml"
        file.write_bytes(_MAIL.format(number).encode())
        yield file


def measured(at: Ground, scratch: Path, count: int) -> dict[str, float]:
    """What one box of that many mails asks for."""
    user, config = at.box([at.mails[number % _KINDS] for number in range(count)]), scratch / f"of{count}"
    first = ours.installation(config / "first", at, user)
    idle = ours.installation(config / "idle", at, user)
    command = [sys.executable, "-m", "benchmarks.waiting", "--look"]
    took = json.loads(spent([*command, "first", "--config", str(first)]).out.splitlines()[-1])
    asked = json.loads(spent([*command, "idle", "--config", str(idle)]).out.splitlines()[-1])
    return {**took, **asked}


def look(kind: str, config: Path) -> dict[str, float]:
    """In a process of its own: fetch a few of what waits, or look twice at a box of which nothing is ours."""
    from mailintake.app.build import shells_for, watches_of
    from mailintake.config import load
    from mailintake.worker.intake.fetching import Watch
    from mailintake.worker.intake.polling import poll

    with shells_for(load(config)) as shells:
        watch = watches_of(shells.configuration.settings)[0]
        mailbox = shells.mailboxes[watch.mailbox]
        if kind == "first":
            fetched = iter(range(_FETCHED))
            poll(shells, mailbox, watch, stop=lambda: next(fetched, None) is None)
            status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
            return {"megabytes": int(status["VmHWM"].split()[0]) / 1024}
        poll(shells, mailbox, Watch(watch.mailbox, watch.folders, None))
        said, heard = _counting()
        poll(shells, mailbox, watch)
        return {"commands": len(said), "bytes": sum(heard)}


def _counting() -> tuple[list[bytes], list[int]]:
    """What is said from now on, and how long each line is that is heard."""
    from mailintake.mailbox.wire import GuardedImap4

    said, heard, send, readline = list[bytes](), list[int](), GuardedImap4.send, imaplib.IMAP4._get_line  # type: ignore[attr-defined]

    def sending(self: GuardedImap4, data: bytes) -> None:
        said.append(data)
        send(self, data)

    def hearing(self: imaplib.IMAP4) -> bytes:
        line: bytes = readline(self)
        heard.append(len(line))
        return line

    GuardedImap4.send = sending  # type: ignore[method-assign]
    imaplib.IMAP4._get_line = hearing  # type: ignore[attr-defined]
    return said, heard


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--look", choices=["first", "idle"])
    parser.add_argument("--config", type=Path)
    given = parser.parse_args()
    if given.look:
        print(json.dumps(look(given.look, given.config)))
        return
    with tempfile.TemporaryDirectory(dir=KEPT) as scratch:
        mails = Path(scratch, "small")
        mails.mkdir()
        with ground(list(small_mails(mails)), Path(scratch)) as at:
            few, many = (measured(at, Path(scratch), count) for count in (_FEW, _MANY))
    more = many["megabytes"] - few["megabytes"]
    keep("python -m benchmarks.waiting", {"9": more, "10": many["commands"] / few["commands"]})
    print(json.dumps({"few": few, "many": many}))


if __name__ == "__main__":
    main()
