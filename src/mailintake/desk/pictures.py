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
SMALL = 160  # pixels of a thumbnail's longer side
_THUMBS = "small"
_KEEP, _KEEP_SMALL = 400, 4000  # pictures and thumbnails that are kept


class Pictures:
    """A cache of rendered pages in a folder of our own. One page is rendered at a time: the reader is one process."""

    def __init__(self, readers: PagePictures, files: FileStore, folder: Path) -> None:
        self._readers, self._files, self._folder = readers, files, folder
        self._lock = threading.Lock()

    def page(self, sha256: str, format_: str, number: int, turn: int = 0, *, small: bool = False) -> Path | None:
        """The picture of that page (1 is the first), or None where there is none: not a kind of file that has pages,
        damaged, or beyond the limits."""
        name = hashlib.sha256(f"{sha256} {format_} {number} {WIDTH} {turn % 360}".encode()).hexdigest()
        kept = self._folder / (_THUMBS if small else "") / f"{name}.png"
        if kept.exists():
            return kept
        if small:
            whole = self.page(sha256, format_, number, turn)
            return self._kept(kept, _thumbnail(whole), _KEEP_SMALL) if whole else None
        with self._lock:
            if kept.exists():
                return kept
            try:
                made = self._readers.picture(self._files.path(sha256), format_, number, WIDTH)
            except (ReaderFailed, KeyError):
                return None
            return None if made is None else self._kept(kept, _turned(made, turn), _KEEP)

    def _kept(self, file: Path, made: bytes, most: int) -> Path:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._forget_old(file.parent, most)
        half = file.with_suffix(f".{threading.get_ident()}.part")
        half.write_bytes(made)
        return half.replace(file)

    def _forget_old(self, folder: Path, most: int) -> None:
        kept = sorted(folder.glob("*.png"), key=lambda file: file.stat().st_mtime)
        for file in kept[: max(0, len(kept) - most + 1)]:
            file.unlink(missing_ok=True)


def _thumbnail(whole: Path) -> bytes:
    """Our own picture, small."""
    with Image.open(whole) as image:
        image.thumbnail((SMALL, SMALL))
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()


def _turned(made: bytes, turn: int) -> bytes:
    """Our own picture, clockwise by quarters."""
    if turn % 360 == 0:
        return made
    with Image.open(io.BytesIO(made)) as image:
        out = io.BytesIO()
        image.rotate(-turn, expand=True).save(out, "PNG")
        return out.getvalue()
