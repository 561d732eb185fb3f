"""ISO-2022-CN (RFC 1922), for which the standard library has no codec: seven bits, shifts, designations.

GB 2312 and ISO-IR-165 stand in the first shift set. Of CNS 11643, whose tables Python does not have, every character
becomes U+FFFD: a body in it is damaged, never garbled.
"""

import re

_ESC, _SHIFT_OUT, _SHIFT_IN = 0x1B, 0x0E, 0x0F
_GB_SETS = (b"\x1b$)A", b"\x1b$)E")
_DESIGNATION = re.compile(rb"\x1b\$[)*+][@-~]")
_SINGLE_SHIFTS = (b"\x1bN", b"\x1bO")  # one character from the second or third set
_LOST = "\ufffd"


def is_iso2022cn(data: bytes) -> bool:
    """Does the text designate a Chinese set and shift to it?"""
    return bytes([_SHIFT_OUT]) in data and any(mark in data for mark in (*_GB_SETS, b"\x1b$)G"))


def decode_iso2022cn(data: bytes) -> str:
    """Text of `data`. A line end leaves the shift and forgets the sets, as the standard has it. Never raises."""
    out: list[str] = []
    gb, shifted, at = False, False, 0
    while at < len(data):
        byte = data[at]
        if byte == _ESC and (found := _DESIGNATION.match(data, at)):
            gb = found.group() in _GB_SETS if found.group()[2:3] == b")" else gb
            at = found.end()
        elif data[at : at + 2] in _SINGLE_SHIFTS:
            out.append(_LOST)
            at += 4
        elif byte in (_SHIFT_OUT, _SHIFT_IN):
            shifted = byte == _SHIFT_OUT
            at += 1
        elif shifted and byte > 0x20 and at + 1 < len(data):
            out.append(_character(data[at : at + 2], gb=gb))
            at += 2
        else:
            shifted = shifted and byte not in (0x0A, 0x0D)
            out.append(chr(byte) if byte < 0x80 else _LOST)
            at += 1
    return "".join(out)


def _character(pair: bytes, *, gb: bool) -> str:
    return bytes(byte | 0x80 for byte in pair).decode("gb18030", "replace") if gb else _LOST
