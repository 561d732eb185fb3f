"""Pages as pictures: made by the confined reader, kept as PNG beside the originals' spool, counted when looked at."""

import hashlib
import io
import threading
from pathlib import Path

from PIL import Image

from mailintake.errors import ReaderFailed
from mailintake.readers.port import PagePictures
from mailintake.store.port import FileStore

WIDTH = 1100  # pixels of a page on the screen
_KEEP = 400  # pictures that are kept


class Pictures:
    """A cache of rendered pages in a folder of our own. One page is rendered at a time: the reader is one process."""

    def __init__(self, readers: PagePictures, files: FileStore, folder: Path) -> None:
        self._readers, self._files, self._folder = readers, files, folder
        self._lock = threading.Lock()

    def page(self, sha256: str, format_: str, number: int, turn: int = 0) -> Path | None:
        """The picture of that page (1 is the first), or None where there is none: not a kind of file that has pages,
        damaged, or beyond the limits."""
        name = hashlib.sha256(f"{sha256} {format_} {number} {WIDTH} {turn % 360}".encode()).hexdigest()
        kept = self._folder / f"{name}.png"
        if kept.exists():
            return kept
        with self._lock:
            if kept.exists():
                return kept
            try:
                original = self._files.path(sha256)
                made = self._readers.picture(original, format_, number, WIDTH)
            except (ReaderFailed, KeyError):
                return None
            if made is None:
                return None
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._forget_old()
            half = kept.with_suffix(".part")
            half.write_bytes(_turned(made, turn))
            half.replace(kept)
            return kept

    def _forget_old(self) -> None:
        kept = sorted(self._folder.glob("*.png"), key=lambda file: file.stat().st_mtime)
        for file in kept[: max(0, len(kept) - _KEEP + 1)]:
            file.unlink(missing_ok=True)


def _turned(made: bytes, turn: int) -> bytes:
    """Our own picture, clockwise by quarters."""
    if turn % 360 == 0:
        return made
    with Image.open(io.BytesIO(made)) as image:
        out = io.BytesIO()
        image.rotate(-turn, expand=True).save(out, "PNG")
        return out.getvalue()
