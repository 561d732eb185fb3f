"""Freed memory goes back to the machine: the C library keeps what a page of OCR took, hundreds of megabytes."""

import ctypes
import os
from contextlib import suppress
from pathlib import Path

_WORTH_IT = 64 * 2**20  # bytes more than after the last time: what an ordinary mail takes, the next one takes again
_PAGES = Path("/proc/self/statm")  # proc(5): the second number is what lies in memory, in pages


class _Heap:
    kept = 0  # bytes of this process after it last gave back


def give_back() -> None:
    """Some milliseconds, and as many for the next mail, so only where much was taken. Nothing happens with a C library
    other than glibc, which has no such call."""
    with suppress(OSError, AttributeError):
        if _resident() > _Heap.kept + _WORTH_IT:
            ctypes.CDLL(None).malloc_trim(0)
            _Heap.kept = _resident()


def _resident() -> int:
    return int(_PAGES.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
