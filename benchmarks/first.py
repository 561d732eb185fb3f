"""How soon a daemon that has nothing else to do answers an application: python -m benchmarks.first [--mails 10].

Milliseconds by the wall from the moment the mail is there until the SMTP server took its letter; what the office
decides to wait (the quiet period, approval) and the wait for the next look into the mailbox are not in it. No OCR.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median

from tests.support.worker import office, pool

from benchmarks.corpus import mail
from benchmarks.records import keep
from benchmarks.spent import load
from mailintake.mailer.port import Accepted
from mailintake.mailer.smtp import SmtpMailer

WARM = 3  # mails after which everything is loaded that a daemon loads once


class Watched(SmtpMailer):
    """Knows when the last letter was taken."""

    taken_at = 0.0

    def send(self, raw: bytes, sender: str, recipients: Sequence[str]) -> Accepted:
        """As ever."""
        accepted = super().send(raw, sender, recipients)
        self.taken_at = time.perf_counter()
        return accepted


def answered(folder: Path, port: int, mails: int) -> list[float]:
    """Milliseconds of each application after the first few."""
    mailer, readers, took = Watched("127.0.0.1", port, "", "", tls="none"), pool(), []
    applications = [raw for number in range(2 * (WARM + mails)) if number % 20 < 12 and (raw := mail(number))]
    try:
        with office(folder, readers=readers, mailer=mailer) as at:
            for raw in applications[: WARM + mails]:
                at.run(timedelta(minutes=1))
                before, mailer.taken_at = time.perf_counter(), 0.0
                at.deliver(raw)
                at.run()
                if not mailer.taken_at:
                    raise SystemExit("an application was not answered")
                took.append((mailer.taken_at - before) * 1000)
    finally:
        readers.close()
    return took[WARM:]


def main() -> None:
    """Print the median and the worst."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=10)
    given = parser.parse_args()
    command = [sys.executable, "-m", "benchmarks.sink"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sink,  # noqa: S603 - our own
    ):
        try:
            assert sink.stdout is not None
            took = answered(Path(folder), int(sink.stdout.readline()), given.mails)
        finally:
            sink.kill()
    keep("`python -m benchmarks.first`", {"14": median(took)})
    print(json.dumps({"median_ms": round(median(took)), "worst_ms": round(max(took)), "load": load()}))


if __name__ == "__main__":
    main()
