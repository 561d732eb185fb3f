"""OFD files (GB/T 33190-2016) as portals and scanners write them, from the same sheets as the other papers."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image
from tests.support.papers_sheet import Sheet, Text

_MM = 25.4 / 72
_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def ofd(
    *pages: Sheet | Image.Image,
    character_by_character: bool = False,
    seal: str = "",
    template: Sheet | None = None,
    encrypted: bool = False,
    absolute: bool = False,
) -> bytes:
    """Sheets become text pages, images become scanned pages. `template` lies below every page."""
    parts: dict[str, bytes] = {}
    media, listed = [], []
    slash = "/Doc_0/" if absolute else ""
    for number, page in enumerate(pages):
        listed.append(f'<ofd:Page ID="{number + 1}" BaseLoc="{slash}Pages/Page_{number}/Content.xml"/>')
        size = page.size if isinstance(page, Sheet) else (595.0, 842.0)
        if isinstance(page, Sheet):
            drawn = "".join(_text(text, character_by_character) for text in page.texts)
        else:
            out = io.BytesIO()
            page.convert("RGB").save(out, "JPEG", quality=85)
            parts[f"Doc_0/Res/scan_{number}.jpg"] = out.getvalue()
            media.append(
                f'<ofd:MultiMedia ID="{100 + number}" Type="Image"><ofd:MediaFile>scan_{number}.jpg</ofd:MediaFile>'
                "</ofd:MultiMedia>"
            )
            box = f"0 0 {size[0] * _MM:.2f} {size[1] * _MM:.2f}"
            drawn = f'<ofd:ImageObject ID="9" ResourceID="{100 + number}" Boundary="{box}" CTM="210 0 0 297 0 0"/>'
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = _content(drawn, size, with_template=template is not None)
    if template is not None:
        below = "".join(_text(text, character_by_character) for text in template.texts)
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = _content(below, template.size, with_template=False)
    common = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    if media:
        common += "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
        listed_media = f"<ofd:MultiMedias>{''.join(media)}</ofd:MultiMedias>"
        parts["Doc_0/DocumentRes.xml"] = f'{_HEAD}<ofd:Res {_NS} BaseLoc="Res">{listed_media}</ofd:Res>'.encode()
    if template is not None:
        common += '<ofd:TemplatePage ID="77" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    document = f"<ofd:CommonData>{common}</ofd:CommonData><ofd:Pages>{''.join(listed)}</ofd:Pages>"
    parts["Doc_0/Document.xml"] = f"{_HEAD}<ofd:Document {_NS}>{document}</ofd:Document>".encode()
    body = "<ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
    if seal:
        body += "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>"
        parts |= _seal(seal)
    extra = "<ofd:Encryptions>Encryptions.xml</ofd:Encryptions>" if encrypted else ""
    root = f'<ofd:OFD {_NS} DocType="OFD" Version="1.0"><ofd:DocBody>{body}</ofd:DocBody>{extra}</ofd:OFD>'
    return packed({"OFD.xml": (_HEAD + root).encode(), **parts})


def packed(parts: dict[str, bytes]) -> bytes:
    """A package of those parts."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _content(drawn: str, size: tuple[float, float], *, with_template: bool) -> bytes:
    area = f"<ofd:Area><ofd:PhysicalBox>0 0 {size[0] * _MM:.2f} {size[1] * _MM:.2f}</ofd:PhysicalBox></ofd:Area>"
    below = '<ofd:Template TemplateID="77" ZOrder="Background"/>' if with_template else ""
    layer = f'<ofd:Content><ofd:Layer ID="5" Type="Body">{drawn}</ofd:Layer></ofd:Content>'
    return f"{_HEAD}<ofd:Page {_NS}>{area}{below}{layer}</ofd:Page>".encode()


def _text(text: Text, apart: bool) -> str:
    """One object for the words, or one for every character."""
    size = text.size * _MM
    pieces = []
    x = text.x * _MM
    for words in text.words if apart else [text.words]:
        wide = sum(size if ord(c) > 0x2E80 else size / 2 for c in words)
        box = f"{x:.3f} {text.y * _MM:.3f} {wide:.3f} {size:.3f}"
        deltas = "" if apart or len(words) < 2 else f' DeltaX="{_deltas(words, size)}"'
        code = f'<ofd:TextCode X="0" Y="{size * 0.86:.3f}"{deltas}>{_escaped(words)}</ofd:TextCode>'
        pieces.append(f'<ofd:TextObject ID="3" Boundary="{box}" Font="1" Size="{size:.3f}">{code}</ofd:TextObject>')
        x += wide
    return "".join(pieces)


def _deltas(words: str, size: float) -> str:
    if all(ord(c) > 0x2E80 for c in words) and len(words) > 3:
        return f"g {len(words) - 1} {size:.3f}"
    return " ".join(f"{size if ord(c) > 0x2E80 else size / 2:.3f}" for c in words[:-1])


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    head = bytes([length]) if length < 0x80 else b"\x82" + length.to_bytes(2, "big")
    return bytes([tag]) + head + content


def seal_bytes(owner: str) -> bytes:
    """A seal (GM/T 0031) whose properties bear that name."""
    header = _der(0x30, _der(0x16, b"ES") + _der(0x02, b"\x04") + _der(0x16, b"TEST"))
    day = _der(0x18, b"20260101000000Z")
    properties = _der(0x30, _der(0x02, b"\x01") + _der(0x0C, owner.encode()) + _der(0x30, b"") + day * 3)
    return _der(0x30, _der(0x30, header + _der(0x16, b"0001") + properties) + _der(0x04, b"\x00" * 64))


def _seal(owner: str) -> dict[str, bytes]:
    listed = '<ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/>'
    said = "<ofd:SignedInfo><ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>"
    return {
        "Doc_0/Signs/Signatures.xml": f"{_HEAD}<ofd:Signatures {_NS}>{listed}</ofd:Signatures>".encode(),
        "Doc_0/Signs/Sign_0/Signature.xml": f"{_HEAD}<ofd:Signature {_NS}>{said}</ofd:Signature>".encode(),
        "Doc_0/Signs/Sign_0/Seal.esl": seal_bytes(owner),
    }
