"""What a mail's tree holds, in order: texts (with their alternatives), mails inside, and files."""

from dataclasses import dataclass, field

from mailintake.readers.mail.mime import Part

_TEXTS = ("text/plain", "text/html")
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


def contents(root: Part) -> Contents:
    """Sort the leaves below `root`."""
    found = Contents()
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
    elif _is_body(part):
        target = group
        if target is None:
            target = TextGroup()
            found.texts.append(target)
        (target.plain if part.type.token == "text/plain" else target.html).append(part)
    else:
        found.files.append(part)


def _is_body(part: Part) -> bool:
    disposition = part.disposition
    named = any(text.text for text in (*disposition.texts("filename"), *part.type.texts("name")))
    return part.type.token in _TEXTS and not named and disposition.token != "attachment"


def _is_encrypted(part: Part) -> bool:
    if part.type.token in _ENCRYPTED:
        return part.type.plain("smime-type").lower() not in _SIGNED_ONLY
    return part.declared == "multipart/encrypted"
