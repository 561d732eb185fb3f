"""Mails and files of people who mean harm: headers put in by hand, bombs, and documents that reach outside."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from tests.support.worker import application

A = '<!ENTITY {0} "{1}">'
XML_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d ['
    + A.format("a0", "boom" * 20)
    + "".join(A.format(f"a{n}", f"&a{n - 1};" * 10) for n in range(1, 10))
    + "]><d>&a9;</d>"
)


def xml_reaching_for(path: str) -> str:
    """XML that asks its reader to put that file into the text."""
    return f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file://{path}">]><d>&x;</d>'


def word(text: str = "") -> str:
    """An encoded word in UTF-8: the form in which anything gets into a header."""
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def with_headers(raw: bytes, headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> bytes:
    """The mail with those headers on top; ones of the same name are taken out first."""
    rows = list(headers.items() if isinstance(headers, Mapping) else headers)
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    gone = {name.lower().encode() for name, _ in rows}
    kept: list[bytes] = []
    skipping = False
    for line in head.split(b"\n"):
        if not line[:1].isspace():
            skipping = line.partition(b":")[0].lower() in gone
        if not skipping:
            kept.append(line)
    new = [f"{name}: {value}".encode("utf-8", "surrogateescape") for name, value in rows]
    return b"\n".join([*new, *kept]) + b"\n\n" + body


def with_file(name: str, data: bytes, *, declared: str = "application/octet-stream", **spec: Any) -> bytes:
    """An application with one paper (or the `set` named) and that file; `name` is put into the header as it is."""
    raw = application(**({"set": "profile"} | spec)).replace(b"\r\n", b"\n")
    boundary = raw.partition(b'boundary="')[2].partition(b'"')[0]
    part = (
        f"Content-Type: {declared}\nContent-Transfer-Encoding: base64\n"
        f'Content-Disposition: attachment; filename="{name}"\n\n'
    ).encode("utf-8", "surrogateescape") + base64.encodebytes(data)
    return raw.replace(b"\n--" + boundary + b"--", b"\n--" + boundary + b"\n" + part + b"--" + boundary + b"--")


def office_file(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip as Word and Excel write them, with those parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        archive.writestr("[Content_Types].xml", types)
        for name, body in parts.items():
            archive.writestr(name, body)
    return made.getvalue()


def zip_bomb(megabytes: int = 400) -> bytes:
    """One member of so many zeros."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("照片.jpg", "w") as member:
        for _ in range(megabytes):
            member.write(bytes(2**20))
    return made.getvalue()


def overlapping_zip(members: int = 250, kilobytes: int = 2000) -> bytes:
    """Every entry of the directory points at the same bytes (a "better zip bomb")."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(kilobytes * 1024))
    raw = made.getvalue()
    at = raw.index(b"PK\x01\x02")
    entry, end = raw[at : raw.index(b"PK\x05\x06")], raw[raw.index(b"PK\x05\x06") :]
    directory = b"".join(entry[:46] + bytes([97 + n % 26]) + entry[47:] for n in range(members))
    tail = end[:8] + struct.pack("<HHII", members, members, len(directory), at) + end[20:]
    return raw[:at] + directory + tail


def locked_zip() -> bytes:
    """A zip whose members are marked as encrypted."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("photo.jpg", b"secret" * 100)
    raw = bytearray(made.getvalue())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + at] |= 1
    return bytes(raw)


def nested_zip(depth: int = 12) -> bytes:
    """A zip in a zip in a zip."""
    data = b"the end"
    for level in range(depth):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(f"{level}.zip", data)
        data = made.getvalue()
    return data


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is that large, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def pdf_of(*objects: str | bytes) -> bytes:
    """A PDF of those objects, the first of them the catalogue, with a correct cross-reference table."""
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + (body if isinstance(body, bytes) else body.encode("latin-1")) + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(made))


def stream(data: bytes, extra: str = "") -> bytes:
    """A deflated stream object."""
    packed = zlib.compress(data, 9)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {extra} >>\nstream\n"
    return head.encode() + packed + b"\nendstream"


def pdf_bomb(megabytes: int = 300) -> bytes:
    """One page whose content unpacks to so much."""
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    return pdf_of(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        stream(bytes(megabytes * 2**20)),
    )


def pdf_loop() -> bytes:
    """Pages that are their own children."""
    return pdf_of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>")


def pdf_with_script(script: str) -> bytes:
    """A page that wants to run something when it is opened, and asks to start a program."""
    action = f"<< /S /JavaScript /JS ({script}) >>"
    launch = "<< /S /Launch /F (/bin/touch) /Win << /F (calc.exe) >> >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /AA << /O {launch} >> >>"
    return pdf_of(
        f"<< /Type /Catalog /Pages 2 0 R /OpenAction {action} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page
    )


def pdf_locked() -> bytes:
    """A PDF that needs a password."""
    import pikepdf

    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return made.getvalue()
