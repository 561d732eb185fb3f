"""Did all of a mail come? What a server tells beforehand (RFC822.SIZE, RFC 3501 section 7.4.2) against what it gave.

Some servers estimate: line ends converted, header lines added on delivery. So a little less is possible; a lot less, or
nothing at all, is an answer that failed.
"""

_LEAST, _MOST, _SHARE = 64, 4096, 20  # bytes; the twentieth part in between


def came_short(got: int, announced: int) -> bool:
    """Is so much missing that it cannot be an estimate?"""
    tolerated = min(max(_LEAST, announced // _SHARE), _MOST)
    return announced > 0 and (got == 0 or announced - got > tolerated)
