"""Numbers in a scanned letter are those of the people beside whom they stand; the scan alone makes nobody."""

from tests.support.intake_mails import MONDAY, letter
from tests.support.judgement import RULES

from mailintake.model.case import Applicant
from mailintake.model.facts import FileFacts, Reading, TextFacts, TextLine
from mailintake.model.message import Attachment
from mailintake.model.situation import ReadMail
from mailintake.stages.assign.steps import assign

SCAN = (
    "关于注销APEC商务旅行卡的请示",
    "辽宁省人民政府外事办公室：",
    "我公司苗雪（护照号EA5550011，卡号CHN64711318）、顾今朝（护照号EA5550022，卡号CHN64711319）已离职，申请注销。",
)


def people(text: str) -> dict[str, Applicant]:
    """Whoever applies by a mail with the scan."""
    scan = Attachment("请示.jpg", "请示.jpg", "2", "image/jpeg", 9, "a" * 64)
    facts = FileFacts(scan.sha256, 9, "jpeg", text=TextFacts(tuple(map(TextLine, SCAN)), "ocr"))
    reading = {scan.sha256: Reading("cancellation_request")}
    mail = ReadMail(letter("注销APEC卡", text, (scan,)), {scan.sha256: facts}, reading, RULES, MONDAY)
    return {person.name: person for person in assign(mail).applicants}


def test_each_number_of_a_scan_goes_to_the_person_it_stands_beside() -> None:
    found = people("苗雪、顾今朝离职，申请注销，请示附后。")
    assert {n: (p.passport_no, p.card_no) for n, p in found.items()} == {
        "苗雪": ("EA5550011", "CHN64711318"),
        "顾今朝": ("EA5550022", "CHN64711319"),
    }


def test_a_number_of_the_mail_counts_before_one_that_was_seen() -> None:
    found = people("苗雪（护照号EA5550099）离职，申请注销，请示附后。")
    assert found["苗雪"].passport_no == "EA5550099"


def test_a_scan_alone_makes_nobody() -> None:
    assert people("请示附后，请办理注销。") == {}
