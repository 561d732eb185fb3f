"""Where OCR saw its lines: four-cornered boxes, clockwise from the upper left corner, to places on a straight page."""

import math
from typing import Any

from mailintake.model.facts import Box

_LONG = 3  # times its height: lines that tell how the page lies


def width(box: Any) -> float:
    """Extent from left to right."""
    return float(max(p[0] for p in box) - min(p[0] for p in box))


def height(box: Any) -> float:
    """Extent from top to bottom."""
    return float(max(p[1] for p in box) - min(p[1] for p in box))


def levelled(boxes: list[Any]) -> tuple[list[Any], float]:
    """Places as on a page that lies straight, and the slope in radians that was taken away: photographed at an angle, a
    value would stand in its neighbour's row."""
    slopes = sorted((_slope(box), width(box)) for box in boxes if width(box) > _LONG * math.dist(box[0], box[3]))
    if not slopes:
        return boxes, 0.0
    slope = _median(slopes)
    cos, sin = math.cos(slope), math.sin(slope)
    return [[(x * cos + y * sin, y * cos - x * sin) for x, y in box] for box in boxes], slope


def pixel_box(box: Any, scale: float) -> Box:
    """Left, top, right, bottom, `scale` times as large."""
    xs, ys = [float(p[0]) * scale for p in box], [float(p[1]) * scale for p in box]
    return round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))


def _slope(box: Any) -> float:
    """Radians, the mean of the upper and the lower edge."""
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = box
    return math.atan2(y2 - y1 + y3 - y4, x2 - x1 + x3 - x4)


def _median(weighted: list[tuple[float, float]]) -> float:
    """Of (value, weight) in order of value, at least one."""
    half = sum(weight for _, weight in weighted) / 2
    reached = 0.0
    for value, weight in weighted:
        reached += weight
        if reached >= half:
            return value
    return weighted[-1][0]
