"""Strokes on paper: brightness by blocks, sorted many at a time, is what block by block would give."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mailintake.readers.files.ink import find_ink


def _page(width: int, height: int, paper: int = 240) -> Image.Image:
    return Image.new("L", (width, height), paper)


@pytest.mark.parametrize("size", [(300, 150), (800, 600), (37, 500), (26, 25), (1201, 997)])
def test_a_stroke_is_found_where_it_was_drawn_in_pictures_of_any_size(size: tuple[int, int]) -> None:
    page = _page(*size)
    width, height = size
    box = width // 4, height // 3, width // 4 + max(3, width // 3), height // 3 + max(4, min(24, height // 12))
    ImageDraw.Draw(page).rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill=30)
    assert find_ink(np.asarray(page)).box == box


def test_the_shadow_of_a_phone_is_no_ink() -> None:
    shade = np.linspace(250, 110, 600)[None, :].repeat(400, axis=0)
    page = Image.fromarray(shade.astype(np.uint8))
    assert find_ink(np.asarray(page)).box is None
    ImageDraw.Draw(page).line((100, 200, 300, 210), fill=20, width=14)
    found = find_ink(np.asarray(page)).box
    assert found is not None
    assert (found[0] > 90, found[2] < 310) == (True, True)


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (7, 9), (23, 25)])
def test_a_picture_smaller_than_a_block_is_measured_too(size: tuple[int, int]) -> None:
    assert find_ink(np.asarray(_page(*size))).box is None
