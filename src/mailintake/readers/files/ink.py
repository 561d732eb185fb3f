"""Where the dark strokes are: the measure behind 签名充满边框内 (guide 1.1(2)②)."""

import numpy as np
from numpy.typing import NDArray

from mailintake.model.facts import Box
from mailintake.model.value import value

_Grey = NDArray[np.uint8]
_Edges = NDArray[np.int_]
_Mask = NDArray[np.bool_]
_BLOCK = 24  # paper brightness is taken per block, so that a phone's shadow is not ink
_MIN_CONTRAST = 35.0  # grey levels below the paper
_RELATIVE = 0.35  # of the darkest stroke's contrast
_STRONGEST = 99.5  # percentile of the darkness that counts as the strokes'
_MIN_LINE = 2  # ink pixels that make a row or column count: single specks do not
_MAX_SHARE = 0.5  # more ink than paper is no writing


@value
class Ink:
    """Box in pixels of the array given; shares 0…1; variation is the spread of stroke widths over their mean."""

    box: Box | None
    share: float
    touches_edge: bool
    variation: float


_NONE = Ink(None, 0.0, touches_edge=False, variation=0.0)


def find_ink(grey: _Grey) -> Ink:
    """The strokes in a grey picture (0 black … 255 white)."""
    contrast = _paper(grey)
    contrast -= grey
    strongest = _strongest(contrast)
    if strongest < _MIN_CONTRAST:
        return _NONE
    mask = contrast > max(_MIN_CONTRAST, _RELATIVE * strongest)
    mask = _without_specks(mask)
    share = int(np.count_nonzero(mask)) / mask.size
    counted = mask.view(np.uint8)
    rows = np.flatnonzero(counted.sum(axis=1, dtype=np.uint32) >= _MIN_LINE)
    columns = np.flatnonzero(counted.sum(axis=0, dtype=np.uint32) >= _MIN_LINE)
    if share > _MAX_SHARE or not len(rows) or not len(columns):
        return _NONE
    box = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    return Ink(box, share, _touches_edge(mask), _variation(mask))


def _strongest(contrast: NDArray[np.float32]) -> float:
    """The 99.5th percentile of what is darker than the paper, as numpy counts it; 0 where so few pixels are dark that
    it is below `_MIN_CONTRAST`. Ink is a small part of a picture, and only its pixels are put in order."""
    dark = contrast[contrast >= _MIN_CONTRAST]
    last = contrast.size - 1
    at = last * (_STRONGEST / 100) - (contrast.size - dark.size)  # its place among the dark ones
    if at < -1:
        return 0.0
    if at < 0:  # between the darkest of the others and the lightest of these
        return float(np.percentile(np.maximum(contrast, 0), _STRONGEST))
    low = int(at)
    ordered = np.partition(dark, (low, min(low + 1, dark.size - 1)))
    return float(ordered[low] + (ordered[min(low + 1, dark.size - 1)] - ordered[low]) * np.float32(at - low))


def _paper(grey: _Grey) -> NDArray[np.float32]:
    """Brightness of the paper everywhere: a high percentile per block, widened so that thick strokes do not count."""
    height, width = grey.shape
    rows, columns = max(1, height // _BLOCK), max(1, width // _BLOCK)
    ys = np.linspace(0, height, rows + 1, dtype=int)
    xs = np.linspace(0, width, columns + 1, dtype=int)
    blocks = _bright(grey, ys, xs)
    padded = np.pad(blocks, 1, mode="edge")
    widened = np.max([padded[r : r + rows, c : c + columns] for r in range(3) for c in range(3)], axis=0)
    row_of = np.minimum(np.arange(height) * rows // height, rows - 1)
    column_of = np.minimum(np.arange(width) * columns // width, columns - 1)
    lines = np.repeat(widened.astype(np.float32), np.bincount(column_of, minlength=columns), axis=1)
    paper: NDArray[np.float32] = np.repeat(lines, np.bincount(row_of, minlength=rows), axis=0)
    return paper


def _bright(grey: _Grey, ys: _Edges, xs: _Edges) -> NDArray[np.float64]:
    """The 90th percentile of each block. Blocks of one size, of which there are at most two by two, are sorted at once:
    block by block the calls alone cost more than all other measures of a picture."""
    heights, widths = np.diff(ys), np.diff(xs)
    blocks = np.empty((len(heights), len(widths)))
    for height in np.unique(heights):
        rows = np.flatnonzero(heights == height)
        lines = grey[ys[rows][:, None] + np.arange(height)]
        for width in np.unique(widths):
            columns = np.flatnonzero(widths == width)
            pixels = lines[:, :, xs[columns][:, None] + np.arange(width)]  # rows, height, columns, width
            flat = pixels.transpose(0, 2, 1, 3).reshape(len(rows), len(columns), height * width)
            blocks[np.ix_(rows, columns)] = _percentile_90(flat)
    return blocks


def _percentile_90(flat: _Grey) -> NDArray[np.float64]:
    """Along the last axis, between its two neighbours as numpy does it, but on bytes, which a stable sort counts
    instead of comparing them: a fifth of the time of a partition."""
    at = (flat.shape[-1] - 1) * 0.9
    low, high = int(at), min(int(at) + 1, flat.shape[-1] - 1)
    flat.sort(axis=-1, kind="stable")
    lower = flat[..., low].astype(np.float64)
    found: NDArray[np.float64] = lower + (flat[..., high] - lower) * (at - low)
    return found


def _without_specks(mask: _Mask) -> _Mask:
    """Pixels without an inked neighbour are JPEG noise or dust."""
    padded = _framed(mask, 1, 1).view(np.uint8)
    across = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    around = across[:-2] + across[1:-1] + across[2:]  # the pixel itself among them
    kept: _Mask = mask & (around >= 3)
    return kept


def _framed(mask: _Mask, rows: int, columns: int) -> _Mask:
    """With so much paper above and below, left and right."""
    height, width = mask.shape
    framed = np.zeros((height + 2 * rows, width + 2 * columns), dtype=np.bool_)
    framed[rows : rows + height, columns : columns + width] = mask
    return framed


def _touches_edge(mask: _Mask) -> bool:
    edges = (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    return any(int(edge.sum()) >= _MIN_LINE for edge in edges)


def _variation(mask: _Mask) -> float:
    """Spread of horizontal run lengths: a pen varies with pressure and turn, a font repeats its stems."""
    flat = _framed(mask, 0, 1).ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1])  # paper lies between any two rows: a run begins, ends, begins …
    runs = edges[1::2] - edges[::2]
    return float(runs.std() / runs.mean()) if len(runs) else 0.0
