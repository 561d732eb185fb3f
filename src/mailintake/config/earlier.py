"""What earlier releases shipped, as digests of their values: by them an upgrade knows which copies are old.

`python -m mailintake.config.release_digests VERSION` writes the file of a release; one is kept for every version.
"""

import hashlib
import json
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
