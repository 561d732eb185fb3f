"""Traditional characters as simplified ones, by OpenCC's table of characters."""

import unicodedata
from functools import cache
from importlib.resources import files


def simplify(text: str) -> str:
    """NFKC and simplified characters, case and blanks kept: for names that are shown as the sender wrote them."""
    return simplified(unicodedata.normalize("NFKC", text))


def simplified(text: str) -> str:
    """Simplified characters; everything else as it is."""
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    """Of several simplified forms the first, which is the usual one. Characters only: phrases would make the result
    depend on what stands beside a name."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if line)
    return {ord(traditional): simple.split(" ")[0] for traditional, simple in pairs}
