"""What was found good before, kept as plain JSON in a folder of this account alone, so that finding it again is quick.

Kept are verdicts: of a whole configuration (`known_good`), of sentences about rules (`proven`), of templates
(`known_templates`), beside them the shipped files as they were parsed (`known_trees`), and, for this account's eyes
only, what good files say (`remembered`) and their examples put in order (`known_indexes`). Their keys cover the program
itself and the folders of its libraries: nothing of another version is ever believed, nor what somebody else could have
written. What `make install` found lies beside the program and serves every account whose program it is.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from stat import S_ISREG
from typing import Any

from mailintake.config.resource import PACKAGE

DIGITS = 40  # of a key
_OTHERS = 0o022
_ROOT = 0
_FOLDER_MODE, _FILE_MODE = 0o755, 0o644  # what is kept says nothing of an operator's files but that they are good
_INSTALLED = Path(sys.prefix) / "share" / "mailintake"  # as much to be trusted as the program that lies there
_PRIVATE = 0o600
_MOST = {"ruleset": 12, "index": 12, "": 200}  # of each kind, by the beginning of its key


@cache
def program() -> str:
    """The hash of this program: every source file by name, size and time, as a checkout changes without a new version
    number, and the folders of libraries, whose time changes when one is installed."""
    digest = hashlib.sha256(sys.version.encode())
    libraries = (place for place in sys.path if place.endswith("-packages"))
    for path in (*sorted(_sources()), *libraries):
        with suppress(OSError):
            told = os.stat(path)
            digest.update(f"{path} {told.st_size if S_ISREG(told.st_mode) else 0} {told.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:DIGITS]


def _sources() -> Iterator[str]:
    for place, _, names in os.walk(PACKAGE):
        yield from (os.path.join(place, name) for name in names if name.endswith(".py"))


def recall(key: str) -> dict[str, Any] | None:
    """What was kept under that key by this account or by the installation, or None."""
    return _read(_folder() / f"{key}.json", ()) or _read(_INSTALLED / f"{key}.json", (_ROOT,))


def _read(path: Path, also: tuple[int, ...]) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        told = path.stat()
        if told.st_uid in (os.geteuid(), *also) and not told.st_mode & _OTHERS:
            kept = json.loads(path.read_text("utf-8"))
            return kept if isinstance(kept, dict) else None
    return None


def remember(key: str, kept: Mapping[str, Any], *, private: bool = False) -> None:
    """Keep it; where nothing can be written, the next check is slow again. `private`: no other account may read it."""
    folder = _folder()
    with suppress(OSError):
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        scratch = folder / f"{key}.{os.getpid()}"
        scratch.touch(_PRIVATE)
        scratch.write_text(json.dumps(kept, ensure_ascii=False, separators=(",", ":")), "utf-8")
        scratch.chmod(_PRIVATE if private else _FILE_MODE)
        scratch.replace(folder / f"{key}.json")
        for kind, most in _MOST.items():
            _tidy(sorted(folder.glob(f"{kind}*.json"), key=lambda path: path.stat().st_mtime_ns)[:-most])


def _tidy(oldest: list[Path]) -> None:
    """They go where there are many: every edit leaves some behind."""
    for path in oldest:
        path.unlink(missing_ok=True)


def _folder() -> Path:
    told = os.environ.get("CACHE_DIRECTORY") or os.environ.get("XDG_CACHE_HOME")
    return Path(told or Path.home() / ".cache") / "mailintake"
