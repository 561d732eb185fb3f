"""How a letter numbers what it asks for, so that an answer beside such a line can be taken for that item."""

import re

# Its number or bullet, its name without what stands in brackets, and a dash or colon behind it.
_ITEM = re.compile(
    r"[> \t|]*(?:\d{1,3}[.\u3001)\uff09]|[\u4e00-\u5341]{1,3}\u3001|\u00b7|[-*\u2022])\s*"
    r"([^\s\u2014:\uff1a(\uff08][^\u2014:\uff1a(\uff08]{0,23})"
    r"(?:[(\uff08][^)\uff09]{0,40}[)\uff09])?\s*(?:\u2014|:|\uff1a|--)"
)
_LABELLED = re.compile(r"[^:\uff1a\d]{1,12}[:\uff1a]")


def item_label(line: str) -> str:
    """The name of the item that a line like "2. card number (CHN…) — missing" lists; empty for any other line."""
    found = _ITEM.match(line)
    return found.group(1).strip() if found else ""


def answered(label: str, answer: str) -> str:
    """An answer with its item in front, unless it brings a label of its own or there is no item."""
    text = answer.strip()
    return f"{label}: {text}" if label and text and not _LABELLED.match(text) else text
