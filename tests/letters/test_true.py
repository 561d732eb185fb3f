"""Sentences that must be true of the very mail and case: each was once written where it was not."""

from collections.abc import Callable
from dataclasses import replace

from tests.support.letters import (
    NUMBER,
    TODAY,
    case,
    checked,
    early_renewal,
    in_order,
    lacking,
    message,
    only,
    order,
    rules,
    situations,
)

from mailintake.letters.matters import standard
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.view import letter_view
from mailintake.model.assessment import Assessment, Finding, Verdict
from mailintake.model.case import Applicant, Case, Participant
from mailintake.model.document import Outcome
from mailintake.model.letter import Addressee, Item, LetterKind, LetterView
from mailintake.model.message import Address, Attachment, CloudLink, InboundMessage
from mailintake.model.procedure import Severity
from mailintake.model.question import Language

K = LetterKind
CONTACT, PAYER = "clerk@example.com", "money@example.com"


def told(renderer: Renderer, view: LetterView) -> str:
    return "\n".join(line.text for line in renderer.letter(view).lines)


def about(
    kind: LetterKind, one: Case, mail: InboundMessage | None = None, reader: Addressee | None = None
) -> LetterView:
    return letter_view(order(kind), {one.number: one}, mail or message(), rules(), TODAY, addressee=reader)


def test_where_only_a_link_came_no_attachment_is_spoken_of(renderer: Renderer) -> None:
    mail = message(attachments=(), cloud_links=(CloudLink("材料.rar", "82M", "", "mail.qq.com"),))
    view = about(K.UNREADABLE, case(assessment=only(lacking().missing[0])), mail)
    assert "来信没有附件，只有 1 个文件链接" in told(renderer, view)
    assert "it has no attachments but 1 link" in told(renderer, replace(view, language=view.language.EN))


def test_nothing_is_called_opened_where_nothing_was(renderer: Renderer) -> None:
    locked = Attachment("材料.zip", "材料.zip", "2", "application/zip", 9, "0" * 64, problem="archive.encrypted")
    view = about(
        K.UNREADABLE,
        case(assessment=Assessment(Verdict.CORRECTABLE, (), lacking().missing)),
        message(attachments=(locked,)),
    )
    assert "已经打开的文件" not in told(renderer, view)
    assert "不使用来信里的密码" in told(renderer, view)


def test_an_archive_counts_as_the_one_file_that_was_attached() -> None:
    names = ("材料.zip", "材料.zip/甲/照片.jpg", "材料.zip/乙/照片.jpg", "函.pdf")
    files = tuple(Attachment(n, n.split("/")[-1], str(i), "image/jpeg", 9, f"{i:064d}") for i, n in enumerate(names))
    assert about(K.TO_STAFF, case(), message(attachments=files)).files == 2
    assert about(K.TO_STAFF, case(), message(attachments=files[1:3])).files == 1


def test_slips_that_came_with_an_early_renewal_are_not_asked_about(renderer: Renderer) -> None:
    early = early_renewal()
    assert early.assessment is not None
    paid = replace(early, assessment=replace(early.assessment, documents=in_order()))
    assert "已经汇款的，请在回复里说明" in told(renderer, about(K.TO_STAFF, early))
    said = told(renderer, about(K.TO_STAFF, paid))
    assert "汇款单已收到，款项由工作人员答复您" in said
    assert "现在不用汇款" not in said


def test_a_slip_that_a_person_looks_at_stands_beside_what_is_due(renderer: Renderer) -> None:
    flag = Finding("slip.amount", {"amount_cny": 720}, severity=Severity.FLAG)
    papers = tuple(
        replace(c, outcome=Outcome.NOT_CHECKED, findings=(flag,)) if c.document.kind == "remittance_mfa" else c
        for c in in_order()
    )
    said = told(renderer, about(K.ACKNOWLEDGEMENT, case(assessment=Assessment(Verdict.COMPLETE, papers))))
    assert "外交部代办费应汇 720 元 × 2 人 = 1440 元" in said
    assert "1440 元，已汇" not in said
    assert "。电子材料不用再发" not in said


def test_what_a_word_processor_wrote_is_no_scan_of_a_stamped_paper(renderer: Renderer) -> None:
    def seen(name: str) -> str:
        profile = (checked("company_profile", name),)
        return told(
            renderer,
            about(
                K.ACKNOWLEDGEMENT,
                case(assessment=Assessment(Verdict.COMPLETE, profile, paper_seen=("company_profile",))),
            ),
        )

    assert "盖章的企业简介（扫描件已收到）" in seen("简介.pdf")
    assert "盖章的企业简介、" in seen("简介.docx")


def test_a_city_office_hands_in_and_passes_on(renderer: Renderer) -> None:
    said = told(renderer, about(K.ACKNOWLEDGEMENT, case(), reader=Addressee(city_office=True)))
    assert "纸质件请贵办报送" in said
    assert "请转告企业把外事服务中心服务费的汇款单另发财务邮箱" in said


def test_papers_of_two_matters_that_are_called_alike_stand_in_both_blocks() -> None:
    photo = checked("photo", "照片.jpg", "a1")
    first = case(applicants=(Applicant("a1", "陆文博"),), assessment=Assessment(Verdict.COMPLETE, (photo,)))
    second = replace(first, number="LN-2026-000124", applicants=(Applicant("a1", "邢若兰"),))
    both = letter_view(
        order(K.ACKNOWLEDGEMENT, related=(second.number,)),
        {c.number: c for c in (first, second)},
        message(),
        rules(),
        TODAY,
    )
    assert [matter.received[0].files for matter in both.matters] == [("照片.jpg",), ("照片.jpg",)]


def test_a_slip_file_that_cannot_be_taken_is_named_with_what_to_do(renderer: Renderer) -> None:
    bad = Finding("attachment.unsafe")
    papers = tuple(
        checked("remittance_mfa", "汇款单.img", None, bad) if c.document.kind == "remittance_mfa" else c
        for c in in_order()
    )
    said = told(renderer, about(K.PAYMENT_REMINDER, case(assessment=Assessment(Verdict.CORRECTABLE, papers))))
    assert "收到：汇款单.img" in said
    assert "怎么改：" in said


def test_who_paid_hears_of_the_slip_and_the_contact_of_the_case(renderer: Renderer) -> None:
    paid = message(sender=Address("财务室", PAYER))
    known = case(participants=(Participant(CONTACT), Participant(PAYER, role="finance")))
    views = [
        letter_view(order(K.ACKNOWLEDGEMENT, to=(to,)), {NUMBER: known}, paid, rules(), TODAY)
        for to in (PAYER, CONTACT)
    ]
    assert [(view.slips_only, view.paid_by_another) for view in views] == [(True, False), (False, True)]
    assert "纸质件" not in told(renderer, views[0])
    assert "照片" not in told(renderer, views[0])
    assert "另发财务邮箱" not in told(renderer, views[1])


def test_the_frame_asked_of_a_signature_is_the_guides(letter: Callable[[str], Rendered]) -> None:
    said = "\n".join(line.text for line in letter("correction").lines)
    assert "笔画只占图片宽的 40%、高的 31%" in said
    assert "75%" not in said
    assert "correction" in situations()


def test_a_first_notice_is_full_and_a_later_one_does_not_say_it_again(renderer: Renderer) -> None:
    """What is handed in at the window, and where, belongs to a full notice and is not cut for its length."""
    short = case(assessment=only(lacking().missing[1]))
    first = about(K.PAYMENT_REMINDER, short)
    for language, papers, place in (
        ("zh", "纸质件（已交的除外）：护照原件", "市府大路260号"),
        ("en", "On paper, unless handed in already: passport", "市府大路260号"),
    ):
        said = told(renderer, replace(first, language=Language(language)))
        assert papers in said
        assert place in said
        again = told(renderer, replace(first, language=Language(language), follow_up=True))
        assert papers not in again
        assert place in again


def test_a_city_office_is_not_told_what_companies_hand_in(renderer: Renderer) -> None:
    said = told(renderer, about(K.ACKNOWLEDGEMENT, case(), reader=Addressee(city_office=True)))
    assert "纸质件：" not in said


def test_a_requirement_is_that_of_the_paper_asked_for(renderer: Renderer) -> None:
    def wanted(kind: str, code: str) -> str:
        return renderer.wording(Item(kind, "", code, standard=standard(rules().kinds[kind], rules(), 1))).required

    assert wanted("passport_page", "passport.missing") == "带照片的一页，JPG 格式，A4 纸大小"
    assert wanted("passport_colour_scan", "passport.missing") == "带照片的一页，彩色扫描件"
    assert "A4" not in wanted("old_passport_page", "passport.missing")
    assert "宽 300 × 高 150 像素，充满边框" in wanted("signature", "signature.not_handwritten")


def test_a_template_is_offered_where_the_guide_has_one(renderer: Renderer) -> None:
    kinds = ("cancellation_request", "passport_change_request")
    said = {kind: renderer.wording(Item(kind, "", "letter.missing")).fix for kind in kinds}
    assert "官网下载" in said["cancellation_request"]
    assert "官网下载" not in said["passport_change_request"]
