"""A picture whose own name says nothing is what it shows, what the file it was pasted into is called, or what the mail
says of it; never two papers, and never one that another file is."""

from dataclasses import replace

import pytest
from tests.support.intake_mails import MONDAY, letter
from tests.support.judgement import RULES

from mailintake.model.facts import FileFacts, ImageFacts, TextFacts, TextLine
from mailintake.model.message import Attachment
from mailintake.model.situation import ReadMail
from mailintake.stages.assign.kinds import sort_kinds
from mailintake.stages.assign.spoken_of import with_spoken_of

PORTRAIT = ImageFacts(1500, 2000, "jpeg", "RGB", colourfulness=40.0)
STROKES = ImageFacts(1600, 800, "jpeg", "RGB", colourfulness=3.0, ink_box=(100, 100, 1500, 700))


def attached(path: str, number: int) -> Attachment:
    return Attachment(path, path.rpartition("/")[2], str(number), "image/jpeg", 10, f"{number}" * 64)


def kinds(said: str, *files: tuple[str, ImageFacts | None, str]) -> dict[str, str | None]:
    made = tuple(attached(path, number) for number, (path, _, _) in enumerate(files))
    facts = {
        one.sha256: FileFacts(sha256=one.sha256, size=10, format=format_, image=image)
        for one, (_, image, format_) in zip(made, files, strict=True)
    }
    mail = ReadMail(letter("", said), facts, {}, RULES, MONDAY)
    return {f.attachment.name: f.kind for f in with_spoken_of(sort_kinds(made, mail, said), said, mail)}


@pytest.mark.parametrize("called", ["荀白照片签字.docx", "荀白的签名和相片.docx", "照片+签名.wps"])
def test_photo_and_signature_pasted_into_one_file_are_one_of_each(called: str) -> None:
    files = ((f"{called}/image1.jpeg", PORTRAIT, "jpeg"), (f"{called}/image2.jpeg", STROKES, "jpeg"))
    assert kinds("新办", *files) == {"image1.jpeg": "photo", "image2.jpeg": "signature"}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("荀白新办，照片是手机原图，签名另外一个文件。", "photo"),
        ("荀白新办，相片见附件。", "photo"),
        ("荀白新办，照片下周补。", None),
        ("荀白新办，照片有要求吗？", None),
        ("荀白新办，材料见附件。", None),
    ],
)
def test_a_picture_of_unclear_name_is_what_the_mail_says_it_is(said: str, kind: str | None) -> None:
    files = (("IMG_2207.HEIC", PORTRAIT, "heic"), ("签名.jpg", STROKES, "jpeg"))
    assert kinds(said, *files)["IMG_2207.HEIC"] == kind


def test_a_lying_picture_among_others_is_no_portrait_because_a_word_says_so() -> None:
    lying = ImageFacts(2000, 1500, "heif", "RGB", colourfulness=40.0)
    others = (("签名.jpg", STROKES, "jpeg"), ("企业简介.pdf", None, "pdf"))
    assert kinds("照片随信附上。", ("IMG_2207.HEIC", lying, "heic"), *others)["IMG_2207.HEIC"] is None


def test_a_kind_that_another_file_is_is_not_given_twice() -> None:
    files = (("荀白照片.jpg", PORTRAIT, "jpeg"), ("IMG_2207.HEIC", PORTRAIT, "heic"), ("资料.pdf", None, "pdf"))
    assert kinds("照片随信附上。", *files)["IMG_2207.HEIC"] is None


PAGE = ImageFacts(1240, 1754, "jpeg", "RGB", colourfulness=12.0)


def test_a_large_page_beside_photo_and_signature_is_the_page() -> None:
    called = "荀白照片签名护照.docx"
    files = tuple((f"{called}/image{n}.jpeg", image, "jpeg") for n, image in enumerate((PORTRAIT, STROKES, PAGE), 1))
    small = (files[0][0], ImageFacts(600, 800, "jpeg", "RGB", colourfulness=40.0), "jpeg")
    found = kinds("新办", small, *files[1:])
    assert found == {"image1.jpeg": "photo", "image2.jpeg": "signature", "image3.jpeg": "passport_page"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("护照首页", "本人照片：", "签名"), ["passport_page", "photo", "signature"]),
        (("签字", "照片", "护照"), ["signature", "photo", "passport_page"]),
    ],
)
def test_what_stands_beside_a_picture_says_what_it_is(lines: tuple[str, ...], expected: list[str]) -> None:
    holder = replace(attached("荀白.docx", 9), sha256="9" * 64)
    inside = tuple(attached(f"荀白.docx/image{n}.jpeg", n) for n in (1, 2, 3))
    image = ImageFacts(900, 900, "jpeg", "RGB", colourfulness=30.0)
    facts = {one.sha256: FileFacts(sha256=one.sha256, size=10, format="jpeg", image=image) for one in inside}
    text = TextFacts(tuple(map(TextLine, ("荀白", *lines))))
    facts[holder.sha256] = FileFacts(sha256=holder.sha256, size=10, format="docx", text=text)
    mail = ReadMail(letter("新办", "材料见附件", (holder, *inside)), facts, {}, RULES, MONDAY)
    assert [file.kind for file in sort_kinds(inside, mail, "材料见附件")] == expected
