"""What is measured of a picture is what a person with a ruler would say."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mailintake.readers.files.image import measure_image
from mailintake.readers.port import Limits

LIMITS = Limits()


def saved(image: Image.Image, target: Path, format_: str = "JPEG", **options: Any) -> Path:
    image.save(target, format_, **options)
    return target


def portrait(size: tuple[int, int] = (600, 800)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.ellipse((width * 0.25, height * 0.15, width * 0.75, height * 0.65), fill=(224, 172, 140))
    draw.rectangle((width * 0.15, height * 0.7, width * 0.85, height), fill=(40, 60, 120))
    return image


def signature(box: tuple[float, float, float, float], size: tuple[int, int] = (300, 150)) -> Image.Image:
    """Strokes that fill `box` (shares of the frame)."""
    image = Image.new("RGB", size, (250, 250, 248))
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = (round(b * s) for b, s in zip(box, (*size, *size), strict=True))
    points = [(left, top), (right, bottom), (left, bottom), (right, top), (left, (top + bottom) // 2)]
    draw.line(points, fill=(20, 20, 30), width=5)
    return image


def test_size_colour_and_background_of_a_photo(tmp_path: Path) -> None:
    facts, problem, _ = measure_image(saved(portrait(), tmp_path / "p.jpg"), LIMITS)
    assert facts is not None
    assert problem == ""
    assert (facts.width, facts.height, facts.format) == (600, 800, "jpeg")
    assert facts.colourfulness > 10
    assert facts.background_lightness > 240


def test_a_turned_photo_is_measured_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    facts, _, _ = measure_image(saved(portrait((800, 600)), tmp_path / "t.jpg", exif=exif), LIMITS)
    assert facts is not None
    assert (facts.width, facts.height) == (600, 800)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_grey_is_not_colour_in_either_mode(tmp_path: Path, mode: str) -> None:
    grey = portrait().convert("L").convert(mode)
    facts, _, _ = measure_image(saved(grey, tmp_path / "g.jpg"), LIMITS)
    assert facts is not None
    assert facts.colourfulness < 1


@pytest.mark.parametrize("share", [(0.02, 0.04, 0.98, 0.96), (0.3, 0.3, 0.6, 0.6)])
def test_the_ink_box_is_where_the_strokes_are(tmp_path: Path, share: tuple[float, float, float, float]) -> None:
    facts, _, _ = measure_image(saved(signature(share), tmp_path / "s.jpg", quality=85), LIMITS)
    assert facts is not None
    assert facts.ink_box is not None
    measured = [edge / side for edge, side in zip(facts.ink_box, (300, 150, 300, 150), strict=True)]
    assert measured == pytest.approx(share, abs=0.04)


def test_a_shadow_across_the_paper_is_not_ink(tmp_path: Path) -> None:
    image = np.asarray(signature((0.3, 0.3, 0.7, 0.7), (900, 450)), dtype=np.float32)
    shaded = (image * np.linspace(0.45, 1.0, 900)[None, :, None]).astype(np.uint8)
    facts, _, _ = measure_image(saved(Image.fromarray(shaded), tmp_path / "s.jpg"), LIMITS)
    assert facts is not None
    assert facts.ink_box is not None
    assert facts.ink_box[0] > 900 * 0.25


def test_blank_paper_has_no_ink(tmp_path: Path) -> None:
    facts, _, _ = measure_image(saved(Image.new("RGB", (300, 150), (245, 245, 245)), tmp_path / "b.jpg"), LIMITS)
    assert facts is not None
    assert facts.ink_box is None


@pytest.mark.parametrize("kept", [0.1, 0.6, 0.99])
def test_a_cut_file_is_not_complete(tmp_path: Path, kept: float) -> None:
    buffer = io.BytesIO()
    rng = np.random.default_rng(1)
    Image.fromarray(rng.integers(0, 255, (800, 600, 3), dtype=np.uint8)).save(buffer, "JPEG")
    (tmp_path / "c.jpg").write_bytes(buffer.getvalue()[: int(len(buffer.getvalue()) * kept)])
    facts, _, _ = measure_image(tmp_path / "c.jpg", LIMITS)
    assert facts is None or not facts.complete


def test_a_pixel_bomb_is_refused_before_decoding(tmp_path: Path) -> None:
    saved(Image.new("1", (12000, 12000)), tmp_path / "bomb.png", "PNG")
    facts, problem, _ = measure_image(tmp_path / "bomb.png", Limits(image_pixels=40_000_000))
    assert (facts, problem) == (None, "attachment.too_large")


@pytest.mark.parametrize(("format_", "named"), [("PNG", "png"), ("TIFF", "tiff"), ("WEBP", "webp"), ("BMP", "bmp")])
def test_other_formats_are_measured_and_named(tmp_path: Path, format_: str, named: str) -> None:
    facts, _, _ = measure_image(saved(portrait(), tmp_path / "x", format_), LIMITS)
    assert facts is not None
    assert (facts.format, facts.width) == (named, 600)


def test_heic_from_a_phone_is_measured(tmp_path: Path) -> None:
    facts, _, _ = measure_image(saved(portrait(), tmp_path / "x.heic", "HEIF"), LIMITS)
    assert facts is not None
    assert (facts.format, facts.width, facts.height) == ("heif", 600, 800)


def test_cmyk_and_progressive_jpegs_are_colour_photos(tmp_path: Path) -> None:
    facts, _, _ = measure_image(saved(portrait().convert("CMYK"), tmp_path / "c.jpg", progressive=True), LIMITS)
    assert facts is not None
    assert facts.complete
    assert facts.colourfulness > 10


def test_the_same_photo_saved_again_has_a_near_hash(tmp_path: Path) -> None:
    first, _, _ = measure_image(saved(portrait(), tmp_path / "1.jpg", quality=95), LIMITS)
    second, _, _ = measure_image(saved(portrait().resize((300, 400)), tmp_path / "2.jpg", quality=60), LIMITS)
    assert first is not None
    assert second is not None
    assert bin(int(first.perceptual_hash, 16) ^ int(second.perceptual_hash, 16)).count("1") <= 4
    grids = zip(bytes.fromhex(first.colour_grid), bytes.fromhex(second.colour_grid), strict=True)
    assert max(abs(one - other) for one, other in grids) <= 4


def test_a_tiff_that_does_not_say_how_large_it_is_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"II*\0\x08\0\0\0\0\0\0\0\0\0")
    assert measure_image(tmp_path / "x", Limits())[:2] == (None, "attachment.unreadable")


def test_a_tiff_of_one_tag_and_nothing_else_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(
        b"II*\0\x08\0\0\0\x01\0" + b"\x02\x01\x03\0\x01\0\0\0\x08\0\0\0" + bytes(4)
    )  # BitsPerSample alone: no width, no height
    assert measure_image(tmp_path / "x", Limits())[:2] == (None, "attachment.unreadable")
