"""What earlier releases shipped, as digests of their values: by them an upgrade knows which copies are old.

`python -m mailintake.config.earlier VERSION` writes the file of a release; one is kept for every released version.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("releases")
_DIGITS = 8


def digest_of(value: Any) -> str:
    """Short digest of a plain value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


@cache
def earlier_releases() -> Mapping[str, Mapping[str, str]]:
    """Version → `file path` → digest of the value that it shipped."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def shipped_digests() -> dict[str, str]:
    """The same for what is shipped now."""
    from mailintake.config.differences import shipped_leaves, shown_path
    from mailintake.config.layers import layers_of

    leaves = shipped_leaves(layers_of(None))
    return {f"{file} {shown_path(path)}": digest_of(leaf.plain) for (file, path), leaf in leaves.items()}


def main(version: str) -> None:
    """Write the digests of the present files under that version."""
    text = json.dumps(shipped_digests(), ensure_ascii=False, indent=0, sort_keys=True)
    (FOLDER / f"{version}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
