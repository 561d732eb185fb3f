"""A thousand large mails at once, then the largest allowed: what does the program take in memory, and is it fair?

python -m tests.soak.flood 1000
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.office import make_office

MB = 2**20
LIMIT_MB = 512  # what the service may take, without the reader process and its models


TEXT, BINARY = b"QUJD", b"AP8Q"  # four characters of base64, again and again


def write_mails(folder: Path, count: int, size: int, filled_with: bytes = TEXT) -> None:
    """Mails with one attachment each; every one has other bytes."""
    line = filled_with * 19 + b"\r\n"
    block = line * (MB // len(line))
    for number in range(count):
        head = (
            f"From: a{number}@b{number}.example\r\nTo: lnwfapec@163.com\r\nSubject: papers {number}\r\n"
            f"Message-ID: <{number}@flood.example>\r\nDate: Mon, 02 Nov 2026 09:00:00 +0800\r\n"
            f'Content-Type: application/octet-stream; name="{number}.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        )
        with (folder / f"{number:05}.eml").open("wb") as file:
            file.write(head.encode() + b"%08d" % number + b"\r\n")
            file.writelines(block for _ in range(size // MB))


def peaks(process: int) -> Iterator[tuple[str, int]]:
    """("service" or "reader", largest resident memory so far in MB) of the program and of what it started."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        ours = int(told["Pid"]) == process or int(told["PPid"]) == process
        if ours and "VmHWM" in told:  # one that has ended and waits for its parent has none
            yield "service" if int(told["Pid"]) == process else "reader", int(told["VmHWM"].split()[0]) // 1024


def run(count: int, size: int, filled_with: bytes = TEXT) -> dict[str, int]:
    """Read them all in one pass; gives what came, what became of it, and the memory."""
    with tempfile.TemporaryDirectory() as root:
        office = make_office(Path(root))
        write_mails(office.mails, count, size, filled_with)
        command = [sys.executable, "-m", "mailintake", "run", "--once", "--json", "--config", str(office.config)]
        highest, started = {"service": 0, "reader": 0}, time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
            while running.poll() is None:
                for name, megabytes in peaks(running.pid):
                    highest[name] = max(highest[name], megabytes)
                time.sleep(0.1)
            assert running.stdout is not None
            row = json.loads(running.stdout.read().splitlines()[-1])
        done = {"fetched": row["fetched"], "processed": row["processed"]}
        return done | {f"{n}_mb": mb for n, mb in highest.items()} | {"seconds": round(time.monotonic() - started)}


def main() -> None:
    """Print both figures. Exit code 1 when a mail was left or the service took too much memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    many, large = run(parser.parse_args().count, 5 * MB), run(1, 75 * MB)
    print(json.dumps({"many": many, "large": large}))  # noqa: T201
    fair = all(one["fetched"] == one["processed"] and one["service_mb"] < LIMIT_MB for one in (many, large))
    sys.exit(0 if fair else 1)


if __name__ == "__main__":
    main()
