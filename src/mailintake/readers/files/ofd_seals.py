"""Whose an electronic seal is (GM/T 0031, GB/T 38540): the name in the seal's own properties, as text."""

from mailintake.readers.ber import SEQUENCE, UTF8_STRING, Ber, BerFault

_LONGEST = 80


def seal_owner(data: bytes) -> str:
    """The seal's name, or nothing. The structure is header, identifier, properties; the first of the properties is a
    number, the second the name."""
    ber = Ber(data)
    try:
        for node in ber.walk(ber.root()):
            inside = ber.children(node) if node.tag == SEQUENCE else ()
            names = [child for child in inside if child.tag == UTF8_STRING]
            if names and len(inside) >= 4 and inside[0].tag == 0x02:  # ESPropertyInfo: type, name, certificates, dates
                return "".join(ber.content(names[0]).decode("utf-8", "replace").split())[:_LONGEST]
    except (BerFault, RecursionError):
        return ""
    return ""
