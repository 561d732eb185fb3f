"""What reading a picture costs the machine: bounded while it lasts, given back afterwards."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from mailintake.config import load
from mailintake.readers.files import ocr
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import Limits

pytestmark = pytest.mark.skipif(not ocr.available(), reason="the [ocr] extra is not installed")
RESTING_MB, LARGEST_MB = 260, 1000  # of the 2 GB that it may have


@pytest.fixture
def readers() -> Iterator[ReaderPool]:
    pool = ReaderPool(load(None).rules.vocabulary, Limits(seconds=120.0), ocr=True)
    yield pool
    pool.close()


def megabytes(readers: ReaderPool, name: str) -> int:
    for line in Path(f"/proc/{readers.pid}/status").read_text("utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) // 1024
    raise LookupError(name)


def test_the_largest_picture_is_read_and_its_memory_given_back(readers: ReaderPool, tmp_path: Path) -> None:
    side = int(Limits().image_pixels ** 0.5)
    sheet = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    font = ImageFont.load_default(size=side // 20)
    ImageDraw.Draw(sheet).text((side // 8, side // 3), "PASSPORT EA1234567", fill="black", font=font)
    sheet.save(tmp_path / "large.png", compress_level=1)
    text = readers.text(tmp_path / "large.png", "png")
    assert text is not None
    assert "EA1234567" in text.text
    assert megabytes(readers, "VmHWM") < LARGEST_MB
    end = time.monotonic() + 20
    while megabytes(readers, "VmRSS") > RESTING_MB and time.monotonic() < end:
        time.sleep(0.05)
    assert megabytes(readers, "VmRSS") <= RESTING_MB
