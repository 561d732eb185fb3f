"""A font with Chinese characters, where the machine has one: pages that are words without a page are drawn with it."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
_NAMES = (
    "NotoSansCJK-Regular",
    "NotoSansSC-Regular",
    "SourceHanSans",
    "wqy-microhei",
    "wqy-zenhei",
    "DroidSansFallback",
    "NotoSerifCJK-Regular",
)
_ENDINGS = (".ttc", ".otf", ".ttf")


@lru_cache(maxsize=64)
def chinese_font(size: int) -> ImageFont.FreeTypeFont | None:
    """The first known one in that size in pixels; None where there is none. Debian: fonts-noto-cjk."""
    file = _file()
    return ImageFont.truetype(str(file), size) if file is not None else None


@lru_cache(maxsize=1)
def _file() -> Path | None:
    found = [f for folder in _FOLDERS for f in Path(folder).rglob("*") if f.suffix.lower() in _ENDINGS]
    return next((f for name in _NAMES for f in sorted(found) if f.name.startswith(name)), None)
