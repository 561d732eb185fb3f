"""What a mail's tree holds, in order: texts (with their alternatives), mails inside, and files."""

import re
from dataclasses import dataclass, field

from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.mime import Part

_TEXTS = ("text/plain", "text/html")
_SPLIT_OFF = re.compile(r"att\d{3,9}\.(?:txt|html?)", re.IGNORECASE)
_ENCRYPTED = frozenset(["application/pkcs7-mime", "application/x-pkcs7-mime"])
_SIGNED_ONLY = frozenset(["signed-data", "certs-only", "compressed-data"])
_IGNORED = {
    "text/calendar": "calendar",
    "application/ics": "calendar",
    "text/vcard": "visiting card",
    "text/x-vcard": "visiting card",
    "text/x-amp-html": "text of the mail",
    "message/delivery-status": "report",
    "message/global-delivery-status": "report",
    "message/disposition-notification": "report",
    "message/feedback-report": "report",
    "text/rfc822-headers": "report",
    "application/pkcs7-signature": "signature of the mail",
    "application/x-pkcs7-signature": "signature of the mail",
    "application/pgp-signature": "signature of the mail",
    "application/pgp-encrypted": "signature of the mail",
    "application/applefile": "resource fork",
}


@dataclass
class TextGroup:
    """One text in the forms it was sent in."""

    plain: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)


@dataclass
class Contents:
    """The leaves of one mail, mails inside not entered."""

    texts: list[TextGroup] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    messages: list[Part] = field(default_factory=list)
    encrypted: bool = False
    text_names: frozenset[str] = frozenset()  # what programs call a part that is the text


def contents(root: Part, words: Vocabulary) -> Contents:
    """Sort the leaves below `root`."""
    found = Contents(text_names=frozenset(words.words("mail_text_part_names")))
    _sort(root, found, None)
    return found


def why_ignored(part: Part) -> str:
    """Why a leaf of that type is no document; empty when its type does not say so."""
    return _IGNORED.get(part.declared, "")


def _sort(part: Part, found: Contents, group: TextGroup | None) -> None:
    found.encrypted = found.encrypted or _is_encrypted(part)
    if part.is_multipart:
        inner = group
        if part.type.token == "multipart/alternative" and group is None:
            inner = TextGroup()
            found.texts.append(inner)
        for child in part.children:
            _sort(child, found, inner)
    elif part.is_message:
        found.messages.append(part)
    elif _is_body(part, found):
        target = group
        if target is None:
            target = TextGroup()
            found.texts.append(target)
        (target.plain if part.type.token == "text/plain" else target.html).append(part)
    else:
        found.files.append(part)


def _is_body(part: Part, found: Contents) -> bool:
    """Is a leaf what the sender wrote? One without a name or disposition is (RFC 2183 section 2); so is one that a
    program named by itself, and Exchange's ATT00001.txt, text that it cut off at an attachment, whatever it is declared
    to be. Another name keeps plain text without a disposition a text, and markup only where nothing else is one."""
    if part.type.token not in _TEXTS:
        return False
    disposition = part.disposition
    names = [text.text for text in (*disposition.texts("filename"), *part.type.texts("name")) if text.text]
    if names and all(_SPLIT_OFF.fullmatch(name.strip()) for name in names):
        return True
    if disposition.token == "attachment":
        return False
    if not names or all(_bare(name) in found.text_names for name in names):
        return True
    return not disposition.token and (part.type.token == "text/plain" or not found.texts)


def _bare(name: str) -> str:
    """body-1.txt as body."""
    return re.sub(r"[\W\d_]", "", name.rpartition(".")[0] or name).lower()


def _is_encrypted(part: Part) -> bool:
    if part.type.token in _ENCRYPTED:
        return part.type.plain("smime-type").lower() not in _SIGNED_ONLY
    return part.declared == "multipart/encrypted"
