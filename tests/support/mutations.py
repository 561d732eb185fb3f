"""Seeded damage to mails and documents: the same number gives the same bytes on every machine."""

import base64
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from random import Random

import openpyxl
import py7zr
import time_machine
from tests.support.containers import mail as plain_mail
from tests.support.containers import old_word, picture, rar, tnef, worded, zipped
from tests.support.hostile import with_file, with_headers
from tests.support.mails import CLIENTS, File, Mail, build, coremail_results, coremail_trace
from tests.support.scenarios import PEOPLE
from tests.support.worker import application, mail, shipped

from mailintake.app.demo import papers

Damage = Callable[[bytearray, Random], bytearray]
_MADE_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # zip files hold the time
_BOUNDARY = re.compile(rb"={15}\d+==")
CHARSETS = (
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "utf-8",
    "utf-7",
    "utf-16",
    "hz-gb-2312",
    "iso-2022-jp",
    "x-unknown",
    "us-ascii",
    "cp936",
    '"',
)
ENCODINGS = ("base64", "quoted-printable", "8bit", "7bit", "binary", "x-uuencode", "base65", "")
TOKENS = (
    b"\r\n",
    b"\n",
    b"\r",
    b"--",
    b"\0",
    b'"',
    b"=?",
    b"?=",
    b"\\",
    b";",
    b":",
    b"<",
    b">",
    b"(",
    b"\xff",
    b"\xd5\xc5",
    b"=?gb2312?B?",
    b"charset=hz",
    b"boundary=",
    b"filename*0*=",
    b"''",
    b"%",
    b"=",
    b"\r\n\r\n",
    b"<blockquote>",
    b"<!--",
    b"&#x110000;",
    b"From: a@b\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Type: multipart/mixed; boundary=x\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"<<",
    b"endobj",
    b"stream\n",
    b"PK\x01\x02",
    b"\xff\xd9",
)


def _span(raw: bytearray, chance: Random, longest: int = 400) -> slice:
    at = chance.randrange(len(raw) + 1)
    return slice(at, at + chance.choice((1, 2, 7, 60, longest)))


def flip(raw: bytearray, chance: Random) -> bytearray:
    """One to forty bits."""
    for _ in range(chance.choice((1, 1, 4, 40))):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return raw


def cut(raw: bytearray, chance: Random) -> bytearray:
    """The end is missing."""
    return raw[: chance.randrange(1, len(raw) + 1)]


def drop(raw: bytearray, chance: Random) -> bytearray:
    """A piece is missing."""
    del raw[_span(raw, chance)]
    return raw


def noise(raw: bytearray, chance: Random) -> bytearray:
    """A piece is something else."""
    where = _span(raw, chance)
    raw[where] = chance.randbytes(where.stop - where.start)
    return raw


def repeat(raw: bytearray, chance: Random) -> bytearray:
    """A piece stands somewhere else, too."""
    piece = raw[_span(raw, chance, 3000)]
    at = chance.randrange(len(raw) + 1)
    raw[at:at] = piece * chance.choice((1, 1, 3))
    return raw


def token(raw: bytearray, chance: Random) -> bytearray:
    """Something with a meaning stands where it has none."""
    at = chance.randrange(len(raw) + 1)
    raw[at:at] = chance.choice(TOKENS)
    return raw


def number(raw: bytearray, chance: Random) -> bytearray:
    """A number is another: a length, an offset, a count."""
    found = list(re.finditer(rb"\d{1,10}", raw))
    if found:
        hit = chance.choice(found)
        raw[slice(*hit.span())] = chance.choice((b"0", b"-1", b"99999999", b"4294967295", b"1", b"65536", b"1e9"))
    return raw


def boundary(raw: bytearray, chance: Random) -> bytearray:
    """A delimiter line too much, too few, or closed too early."""
    lines = list(re.finditer(rb"^--[^\r\n]{5,}\r?\n", raw, re.MULTILINE))
    if not lines:
        return raw
    line, what = chance.choice(lines), chance.randrange(4)
    if what == 0:
        del raw[slice(*line.span())]
    elif what == 1:
        at = chance.choice([m.start() for m in re.finditer(rb"^", raw, re.MULTILINE)])
        raw[at:at] = line.group()
    elif what == 2:
        raw[line.end() - 1 : line.end() - 1] = b"--"
    else:
        raw[line.start() : line.start()] = line.group() * 30
    return raw


def headers(raw: bytearray, chance: Random) -> bytearray:
    """Header lines in another order, twice, or without their colon; folds come loose."""
    head, gap, body = bytes(raw).partition(b"\n\n" if b"\r\n\r\n" not in raw else b"\r\n\r\n")
    lines = head.split(b"\n")
    chance.shuffle(lines)
    if chance.random() < 0.5:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    if chance.random() < 0.3:
        at = chance.randrange(len(lines))
        lines[at] = lines[at].replace(b":", b"", 1)
    return bytearray(b"\n".join(lines) + gap + body)


def charset(raw: bytearray, chance: Random) -> bytearray:
    """A label that does not fit."""
    pattern, choices = chance.choice(((rb'charset="?[\w.-]+"?', CHARSETS), (rb"=\?[\w-]+\?", CHARSETS)))
    found = list(re.finditer(pattern, raw, re.IGNORECASE))
    if found:
        label = chance.choice(choices).encode()
        raw[slice(*chance.choice(found).span())] = (
            b"=?" + label + b"?" if pattern.startswith(rb"=") else b"charset=" + label
        )
    return raw


def encoding(raw: bytearray, chance: Random) -> bytearray:
    """A transfer encoding that does not fit, or base64 that is none."""
    found = list(re.finditer(rb"(?im)^content-transfer-encoding: *[\w-]+", raw))
    if found and chance.random() < 0.4:
        raw[slice(*chance.choice(found).span())] = b"Content-Transfer-Encoding: " + chance.choice(ENCODINGS).encode()
        return raw
    lines = list(re.finditer(rb"(?m)^[A-Za-z0-9+/]{40,}=*\r?$", raw))
    if lines:
        start, end = chance.choice(lines).span()
        at = chance.randrange(start, end)
        raw[at : at + chance.choice((0, 1, 3))] = chance.choice(
            (b"", b"=", b"====", b"*", b"\xff", b" ", b"-_", b"\r\n\r\n")
        )
    return raw


def marker(raw: bytearray, chance: Random) -> bytearray:
    """The length behind a JPEG marker, the sizes in a zip's or PNG's records."""
    signatures = (
        b"\xff\xc0",
        b"\xff\xc4",
        b"\xff\xda",
        b"\xff\xe1",
        b"PK\x01\x02",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"IHDR",
        b"IDAT",
        b"acTL",
    )
    found = [m.end() for s in signatures for m in re.finditer(re.escape(s), raw)]
    if found:
        at = chance.choice(found) + chance.randrange(28)
        raw[at : at + chance.choice((1, 2, 4))] = chance.choice(
            (b"\0\0", b"\xff\xff", b"\xff\xff\xff\x7f", b"\0", b"\x80")
        )
    return raw


ANY: tuple[Damage, ...] = (flip, cut, drop, noise, repeat, token, number)
OF_MAIL: tuple[Damage, ...] = (*ANY, boundary, headers, charset, encoding, boundary, headers, charset, encoding)
OF_FILE: tuple[Damage, ...] = (*ANY, marker, marker)


@cache
def mails() -> tuple[bytes, ...]:
    """Whole mails of every shape that the project writes."""
    sender = "lihua@example.com"
    files = [File("护照.jpg", picture(240, 320)), File("表.pdf", papers.pdf(["基本资料", "EA1234561"]))]
    written = Mail(
        "新办材料 贺知秋",
        "您好，\n\n材料见附件。\n\n在 2026年11月1日，张三 <a@example.com> 写道：\n> 旧文",
        "李华",
        files=files,
        headers=coremail_results(sender),
    )
    made = [build(written, client, trace=coremail_trace(sender)) for client in CLIENTS if client != "traditional"]
    inner = b"Content-Type: message/rfc822\n\n" + made[0]
    wrapped = with_headers(
        b"From: b@example.com\nSubject: Fwd\n\n--o\n" + inner + b"\n--o--\n",
        {"Content-Type": "multipart/mixed; boundary=o"},
    )
    made += [
        wrapped,
        mail(),
        application(set="profile letter"),
        application(set="person", of=["b"]),
        mail(subject="Re: LN-2026-000001-2", text="补交材料，护照EA1234562，卡号CHN20000002。"),
        plain_mail(
            {"材料.zip": zipped({"a/照片.jpg": picture(60, 80), "来信.eml": _steady(plain_mail({"b.txt": b"x"}))})}
        ),
    ]
    return tuple(_steady(raw) for raw in made)


@cache
def documents() -> tuple[tuple[str, bytes], ...]:
    """One file of every format that is opened."""
    person = papers.Person(**PEOPLE["a"])
    book, sheet = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["姓名", "护照号", "贺知秋", "EA1234561"])
    book.save(sheet)
    sealed = io.BytesIO()
    with py7zr.SevenZipFile(sealed, "w") as archive:
        archive.writestr(picture(60, 80), "照片.jpg")
    slip = papers.letter("remittance_mfa", [person], shipped().rules)
    return (
        ("贺知秋照片.jpg", papers.photo(person, (240, 320))),
        ("贺知秋照片.png", papers.photo(person, (120, 160), format_="PNG")),
        ("贺知秋签名.jpg", papers.signature(person)),
        ("贺知秋基本资料.pdf", papers.form(person)),
        ("外交部汇款单.pdf", slip),
        ("公函.docx", worded("因业务需要，申请办理商务旅行卡。" * 5, [picture(200, 200)])),
        ("名单.xlsx", zipped(_parts(sheet.getvalue()))),
        ("照片.doc", old_word([picture(60, 80)])),
        ("材料.7z", sealed.getvalue()),
        ("材料.rar", rar({"a.jpg": picture(60, 80)})),
        ("材料.zip", zipped({"贺知秋/照片.jpg": picture(60, 80), "表.pdf": slip, "内.zip": zipped({"b.txt": b"x"})})),
        ("winmail.dat", tnef([("A.JPG", "照片.jpg", picture(60, 80))])),
        ("图.gif", _saved("GIF")),
        ("图.tif", _saved("TIFF")),
        ("图.bmp", _saved("BMP")),
        ("图.webp", _saved("WEBP")),
        ("函.rtf", rb"{\rtf1\ansicpg936{\*\x y}\'d6\'d0 \u20013? ok}"),
        ("页.html", "<html><meta charset=gbk><table><tr><td>姓名<td>贺知秋</table>".encode("gbk")),
    )


def _saved(kind: str) -> bytes:
    return picture(60, 80, kind=kind)


@dataclass(frozen=True)
class Mutant:
    """One broken mail, and what was done to which."""

    number: int
    raw: bytes
    story: str


def mutant(seed: int, number: int) -> Mutant:
    """The `number`-th of that seed."""
    with time_machine.travel(_MADE_AT, tick=False):
        return _mutant(number, Random(f"{seed}:{number}"))


def _mutant(number: int, chance: Random) -> Mutant:
    if chance.random() < 0.55:
        at = chance.randrange(len(mails()))
        raw, told = damaged(mails()[at], OF_MAIL, chance)
        return Mutant(number, raw, f"mail {at}: {told}")
    name, data = chance.choice(documents())
    if name.endswith(("docx", "xlsx")) and chance.random() < 0.5:
        broken, told = _inside(data, chance)
    else:
        broken, told = damaged(data, OF_FILE, chance)
    word = f"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?="
    return Mutant(number, _steady(with_file(word, broken, id=f"m{number}")), f"{name}: {told}")


def _steady(raw: bytes) -> bytes:
    """Boundaries of the standard library are dice."""
    return _BOUNDARY.sub(b"=_boundary_of_a_mutant", raw)


def damaged(source: bytes, kinds: Sequence[Damage], chance: Random) -> tuple[bytes, str]:
    """One to eight kinds of damage, one after the other."""
    raw, told = bytearray(source), []
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        damage = chance.choice(kinds)
        raw = damage(raw, chance) or bytearray(b"x")
        told.append(damage.__name__)
    return bytes(raw), " ".join(told)


def _inside(data: bytes, chance: Random) -> tuple[bytes, str]:
    """A sound zip around a broken part."""
    parts = _parts(data)
    name = chance.choice(list(parts))
    parts[name], told = damaged(parts[name], ANY, chance)
    return zipped(parts), f"{name} {told}"


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
