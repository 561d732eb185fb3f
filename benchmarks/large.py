"""How much more memory a mail of 50 MB takes than ordinary ones: python -m benchmarks.large.

Largest resident memory in MB of the service and of its reader process, each run a fresh installation without OCR. One
attachment each: papers of 1 MB, and one of 50 MB, which are no text (a text is told up to 4 MB, and costs more).
"""

import json

from tests.soak.flood import BINARY, MB, run

from benchmarks.records import keep

ORDINARY, LARGE = 8, 50  # mails of 1 MB; MB of the one


def main() -> None:
    """Print both, and keep the difference of whichever process grew more."""
    ordinary, large = run(ORDINARY, 1 * MB, BINARY), run(1, LARGE * MB, BINARY)
    for told in (ordinary, large):
        if told["fetched"] != told["processed"]:
            raise SystemExit(f"mails were left: {told}")
    more = {name: large[name] - ordinary[name] for name in ("service_mb", "reader_mb")}
    keep("`python -m benchmarks.large`", {"8": max(0, *more.values())})
    print(json.dumps({"ordinary": ordinary, "large": large, "more": more}))


if __name__ == "__main__":
    main()
