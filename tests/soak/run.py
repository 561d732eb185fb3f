"""make soak: simulated days with thousands of small mails and faults on all sides; exit code 1 if an invariant breaks.

python -m tests.soak.run [MAILS] [--hours N] [--seed N]
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.support.soak import soaking

CALM_HOURS = 52  # letters are tried for 48 hours
MOST_HOURS = 240  # a thousand letters a day: those of a full day go out over several


def main() -> None:
    """Run, and say one line an hour."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mails", type=int, nargs="?", default=5000)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    broken: list[str] = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, soaking(Path(folder), asked.seed) as soak:
        for hour in range(MOST_HOURS):
            calm = hour >= asked.hours
            if hour >= asked.hours + CALM_HOURS and not soak.unfinished():
                break
            seen = soak.hour(hour, 0 if calm else asked.mails // asked.hours, calm=calm)
            broken += [f"hour {hour}: {line}" for line in seen.broken]
            if not calm or seen.broken:
                print(seen, f"{time.monotonic() - started:.0f} s", flush=True)  # noqa: T201
        broken += soak.unfinished()
    told = f"{seen.mails} mails, {seen.letters} letters in {hour} hours: every invariant held every hour"
    print(seen, "\n".join(broken) or told, sep="\n")  # noqa: T201
    raise SystemExit(1 if broken else 0)


if __name__ == "__main__":
    main()
