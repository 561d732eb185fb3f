"""Pictures in the text: logos are set aside with the reason, documents pasted into the text are not."""

import io

import pytest
from PIL import Image
from tests.readers.mime.conftest import Read
from tests.support.mails import entity, multipart

HEAD = b"From: a@example.com\r\nSubject: x\r\n"


def picture(width: int, height: int, format_: str = "PNG", noise: bool = False) -> bytes:
    image = Image.effect_noise((width, height), 80) if noise else Image.new("RGB", (width, height), "navy")
    out = io.BytesIO()
    image.convert("RGB").save(out, format_)
    return out.getvalue() + b"\0" * 1500


def mail(html: str, data: bytes, name: str | None, cid: str = "p1@x") -> bytes:
    label = f"image/png; name={name}" if name else "image/png"
    extra = [f"Content-ID: <{cid}>", "Content-Disposition: inline" + (f"; filename={name}" if name else "")]
    parts = [entity("text/html; charset=utf-8", html.encode()), entity(label, data, extra=extra)]
    return HEAD + multipart("related", "rel", parts)


SHOWN = '<p>材料见附件</p><img src="cid:p1@x"><p>谢谢</p>'
IN_SIGNATURE = '<p>材料见附件</p><div id="ntes-pcmac-signature">李华<img src="cid:p1@x"></div>'
IN_QUOTE = '<p>材料见附件</p><blockquote type="cite">旧文<img src="cid:p1@x"></blockquote>'
CASES = [
    ("logo", SHOWN, picture(180, 80), "image001.png", "signature logo"),
    ("wide banner", SHOWN, picture(900, 100), "image002.png", "signature logo"),
    ("icon", SHOWN, picture(32, 32), "icon.png", "small inline picture"),
    ("icon with a name", SHOWN, picture(20, 20), "wechat.png", "small inline picture"),
    ("logo in the signature", IN_SIGNATURE, picture(430, 430), "InsertPic_5.png", "picture in the signature"),
    ("logo in history", IN_QUOTE, picture(300, 150), "image001.png", "signature logo"),
    ("photo pasted into the text", SHOWN, picture(600, 800, noise=True), "image001.png", ""),
    ("photo without a name", SHOWN, picture(600, 800, noise=True), None, ""),
    ("photo in a forward", IN_QUOTE, picture(600, 800, noise=True), "image003.png", ""),
    ("specimen of a signature", SHOWN, picture(300, 150), "image001.png", ""),
    ("small file with a telling name", SHOWN, picture(200, 180), "zhaopian.png", ""),
    ("passport photo size", SHOWN, picture(413, 579), None, ""),
    ("a file that no text shows", "<p>材料见附件</p>", picture(32, 32), "image001.png", ""),
]


@pytest.mark.parametrize(("case", "html", "data", "name", "reason"), CASES, ids=[case[0] for case in CASES])
def test_only_pictures_of_the_layout_are_set_aside(
    case: str, html: str, data: bytes, name: str, reason: str, read: Read
) -> None:
    (attachment,) = read(mail(html, data, name)).attachments
    assert attachment.ignored == reason
    assert attachment.inline


def test_a_broken_small_picture_counts(read: Read) -> None:
    (attachment,) = read(mail(SHOWN, b"no picture" * 300, "image001.png")).attachments
    assert attachment.ignored == ""
