"""Text seen in a picture: rapidocr with the models inside its wheel, one thread, no network, no telemetry.

`use_cls` stays off: the line classifier turns `<<<<` upside down. Whether a page lies on its side is decided per page.
"""

import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailintake.model.facts import Sheet, TextLine
from mailintake.model.value import value
from mailintake.readers.files.ocr_places import height, levelled, pixel_box, width
from mailintake.readers.files.text_grid import reading_order

Pixels = NDArray[np.uint8]
_DET_SIDE = 736  # pixels on which lines are looked for: 960 took a quarter more and read no more of 90 specimens
LONGEST_SIDE = 2600  # pixels; larger pictures are made smaller
_MOST_PIXELS = 9_000_000
_MIN_SCORE = 0.5
_VOTES = 24
_CLEAR = 0.86  # mean score of a page that was read the right way up
_NOT_WORSE = 0.8  # words of a page on its side are read as well as upright ones, but only upright ones stand in rows
_NEEDED = ("rapidocr", "onnxruntime", "cv2")
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}


def available() -> bool:
    """True when the `[ocr]` extra is installed with its models; nothing is loaded or downloaded to find out."""
    return all(find_spec(name) is not None for name in _NEEDED) and all(_model(n).is_file() for n in _MODELS.values())


def warm_up() -> None:
    """Load the models, so that a broken installation shows at start and the first mail pays nothing."""
    read_page(np.full((64, 256, 3), 255, dtype=np.uint8))


@value
class ReadPage:
    """The lines of a page and how it lay when they were read."""

    lines: tuple[TextLine, ...]
    sheet: Sheet


def read_page(pixels: Pixels, page: int = 1) -> ReadPage:
    """Lines in reading order with boxes in pixels of the given RGB picture. A page that lies on its side or on its
    head is turned first, one that lies askew is levelled; boxes then refer to the page as turned."""
    small, scale = _shrunk(pixels)
    seen, turns = _recognise(small), 0
    if not _is_clear(seen):
        turns = _quarter_turns(small, seen)
        if turns:
            second = _recognise(np.ascontiguousarray(np.rot90(small, turns)))
            seen, turns = (second, turns) if _weight(second) >= _NOT_WORSE * _weight(seen) else (seen, 0)
    boxes, slope = levelled(list(seen.boxes))
    sheet = Sheet(page, float(pixels.shape[1]), float(pixels.shape[0]), turns, round(slope, 5))
    return ReadPage(_lines(boxes, seen, page, scale), sheet)


def _shrunk(pixels: Pixels) -> tuple[Pixels, float]:
    """At most nine megapixels: memory grows with the page, accuracy does not."""
    rows, columns = pixels.shape[:2]
    scale = max(1.0, max(rows, columns) / LONGEST_SIDE, (rows * columns / _MOST_PIXELS) ** 0.5)
    if scale == 1.0:
        return pixels, 1.0
    import cv2

    size = max(1, round(columns / scale)), max(1, round(rows / scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), float(scale)


@value
class Seen:
    """What the engine gave for one picture, line by line: four corners each, the text, how sure it is (0 to 1)."""

    boxes: tuple[Any, ...] = ()
    texts: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()


def _recognise(pixels: Pixels) -> Seen:
    result = _engine()(pixels[:, :, ::-1], use_det=True, use_cls=False, use_rec=True)
    if result.boxes is None or result.txts is None:
        return Seen()
    return Seen(tuple(result.boxes), tuple(result.txts), tuple(float(s) for s in result.scores))


def _weight(seen: Seen) -> float:
    return sum(len(text) * score for text, score in zip(seen.texts, seen.scores, strict=True))


def _is_clear(seen: Seen) -> bool:
    """Most lines lie flat and were read with confidence: no vote is needed."""
    if not seen.scores:
        return False
    flat = sum(width(box) >= height(box) for box in seen.boxes)
    return flat >= 0.6 * len(seen.boxes) and sum(seen.scores) / len(seen.scores) >= _CLEAR


def _quarter_turns(pixels: Pixels, seen: Seen) -> int:
    """How often the page must be turned, counter-clockwise, so that its lines read from left to right.

    A majority of tall boxes means a quarter turn; which way up is voted by the bundled classifier over line crops."""
    boxes = sorted(seen.boxes, key=lambda box: -width(box) * height(box))[:_VOTES]
    if not boxes:
        return 0
    tall = sum(height(box) > 1.5 * width(box) for box in boxes) * 2 > len(boxes)
    crops = [c for box in boxes if (c := _crop(pixels, box, turn=tall)).size]
    upside_down = sum(_is_upside_down(crop) for crop in crops) * 2 > len(crops)
    return (1 if tall else 0) + (2 if upside_down else 0)


def _crop(pixels: Pixels, box: Any, *, turn: bool) -> Pixels:
    left, right = int(min(p[0] for p in box)), int(max(p[0] for p in box))
    top, bottom = int(min(p[1] for p in box)), int(max(p[1] for p in box))
    cut = pixels[max(0, top) : bottom, max(0, left) : right]
    return np.ascontiguousarray(np.rot90(cut)) if turn else np.ascontiguousarray(cut)


def _is_upside_down(crop: Pixels) -> bool:
    result = _engine()(crop[:, :, ::-1], use_det=False, use_cls=True, use_rec=False)
    labels = getattr(result, "cls_res", None) or ()
    return any(label == "180" for label, _score in labels)


def _lines(boxes: list[Any], seen: Seen, page: int, scale: float) -> tuple[TextLine, ...]:
    found = [
        TextLine(text.strip(), page, pixel_box(box, scale), round(score, 3))
        for box, text, score in zip(boxes, seen.texts, seen.scores, strict=True)
        if text.strip()
    ]
    return tuple(reading_order(found))


def _model(name: str) -> Path:
    spec = find_spec("rapidocr")
    folder = Path(spec.origin).parent if spec is not None and spec.origin else Path()
    return folder / "models" / name


@cache
def _engine() -> Callable[..., Any]:
    """The engine with pinned model files; a missing file is an error here, never a download."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime writes a device id into the home folder at import otherwise
    for name in _MODELS.values():
        if not _model(name).is_file():
            raise FileNotFoundError(name)
    from rapidocr import RapidOCR

    options: dict[str, Any] = {f"{task}.model_path": str(_model(name)) for task, name in _MODELS.items()}
    options |= {
        "Global.use_cls": False,
        "Global.text_score": _MIN_SCORE,
        "Global.max_side_len": LONGEST_SIDE,
        "Global.log_level": "critical",
        "Det.limit_type": "max",
        "Det.limit_side_len": _DET_SIDE,
        "Rec.rec_batch_num": 1,  # lines read together are padded to the longest of them, which costs a sixth
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    engine: Callable[..., Any] = RapidOCR(params=options)
    return engine
