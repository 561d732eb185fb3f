"""What may and must stand in letters."""

import html as html_module
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

import pytest
from tests.support.letters import NUMBER, TODAY, case, checked, in_order, message, order, rules, situations

from mailintake.letters.length import fits
from mailintake.letters.matters import standard
from mailintake.letters.page import WIDTH, Mark, wrapped
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.samples import bare_item, sample_item
from mailintake.letters.view import letter_view
from mailintake.model.assessment import Assessment, Finding, Verdict
from mailintake.model.letter import Item, LetterKind, LetterView

NAMES = tuple(situations())


def joined(made: Rendered) -> str:
    """The words of a letter, line by line as they were written, not as they are broken."""
    return "\n".join(line.text for line in made.lines)


LISTING = (
    "correction",
    "correction-renew",
    "correction-lost-card",
    "tolerated",
    "payment_reminder",
    "reminder",
    "overdue",
)
FREE = ("procedure_sheet-free",)
ALLOWED = {"APEC", "LN", "JPG", "PDF", "A4", "Adobe", "Acrobat", "Reader", "zip", "r17", "A", "B", "PNG", "Word"}
CODES = (
    "photo.missing photo.format photo.size photo.not_colour photo.unreadable photo.quality signature.missing "
    "signature.format signature.size signature.not_filling signature.blank signature.not_handwritten "
    "passport.missing passport.format passport.unreadable passport.expired passport.expiring passport.mismatch "
    "form.missing form.not_pdf form.empty form.not_fillable form.incomplete form.encrypted form.mismatch "
    "profile.missing profile.headcount slip.missing_mfa slip.missing_centre slip.amount slip.account "
    "slip.unreadable certificate.missing certificate.expired insurance.missing insurance.short insurance.name "
    "insurance.employer letter.missing card.missing card.number_missing card.too_early card.expired "
    "police.missing facts.missing archive.encrypted archive.unsafe archive.too_large archive.unreadable "
    "attachment.unsafe attachment.too_large attachment.unreadable attachment.unassigned cloud_link.not_attached "
    "application.missing licence.missing tax.missing trade.missing "
)


def seen(page: str) -> str:
    """The text of an HTML letter, all blanks removed."""
    body = re.sub(r"<!--.*?-->", "", page.partition("<body")[2])
    return "".join(html_module.unescape(re.sub(r"<[^>]*>", "", f"<body{body}")).split())


@pytest.mark.parametrize("name", NAMES)
def test_text_and_html_say_the_same(name: str, letter: Callable[[str], Rendered]) -> None:
    """Every line stands in both, and nothing else does but the letterhead and the preview."""
    made = letter(name)
    page, text = seen(made.html), "".join(made.text.split())
    for line in made.lines:
        words = "".join(line.text.split())
        assert words in page
        assert words in text
    extra = len(page) - sum(len("".join(line.text.split())) for line in made.lines)
    lead = next(len("".join(line.text.split())) for line in made.lines if line.mark is Mark.LEAD)
    marks = sum(len(f"{line.number}.") if line.number else line.mark in (Mark.TICK, Mark.BULLET) for line in made.lines)
    assert extra == lead + len(rules().office.name) + marks


@pytest.mark.parametrize("name", NAMES)
def test_lines_of_the_text_fit_seventy_columns(name: str, letter: Callable[[str], Rendered]) -> None:
    assert max(map(len, letter(name).text.splitlines())) <= WIDTH


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_is_no_longer_than_it_may_be(
    name: str, letter: Callable[[str], Rendered], view: Callable[[str], LetterView]
) -> None:
    assert fits(view(name), letter(name).lines)
    assert len(letter(name).subject) <= 40


@pytest.mark.parametrize("name", LISTING)
def test_subject_verdict_and_list_give_one_number(
    name: str, letter: Callable[[str], Rendered], view: Callable[[str], LetterView]
) -> None:
    count = view(name).todo_count
    assert re.search(rf"[缺补差]{count}[项份]", letter(name).subject)
    lead = next(line.text for line in letter(name).lines if line.mark is Mark.LEAD)
    assert f"{count} 项" in lead
    assert max(line.number for line in letter(name).lines) == count
    assert len(re.findall(r"^[0-9]+\. ", letter(name).text, re.MULTILINE)) == count


@pytest.mark.parametrize("name", LISTING[:5])
def test_first_letters_say_that_everything_is_listed(name: str, letter: Callable[[str], Rendered]) -> None:
    assert "本次已全部列出" in joined(letter(name))


@pytest.mark.parametrize("name", LISTING)
def test_every_item_says_how_to_mend_it_or_what_to_pay(name: str, letter: Callable[[str], Rendered]) -> None:
    lines = letter(name).lines
    for at, line in enumerate(lines):
        if line.mark is Mark.ITEM and "汇款单" not in line.text:
            details = [x.text for x in takewhile(lambda x: x.mark is Mark.DETAIL, lines[at + 1 :])]
            assert details[-1].startswith(("怎么改：", "怎么补：")), line.text


@pytest.mark.parametrize("name", NAMES)
def test_no_english_and_no_code_of_the_program(name: str, letter: Callable[[str], Rendered]) -> None:
    text = re.sub(r"https?://\S+|\S+@\S+|\S+\.(?:jpg|pdf|zip|rar)", "", f"{letter(name).subject}\n{letter(name).text}")
    words = set(re.findall(r"[A-Za-z](?:[A-Za-z0-9_.]*[A-Za-z0-9])?", text))
    assert words <= ALLOWED


@pytest.mark.parametrize("name", NAMES)
def test_no_promise_and_no_flag(name: str, letter: Callable[[str], Rendered]) -> None:
    text = letter(name).text
    for word in ("批准", "通过审", "保证", "必定", "禁办", "记者", "拒绝", "退件通知", "不予"):
        assert word not in text


@pytest.mark.parametrize("name", NAMES)
def test_passport_numbers_never_stand_in_full(name: str, letter: Callable[[str], Rendered]) -> None:
    for number in ("EA1234567", "E87654321"):
        assert number not in letter(name).text
        assert number not in letter(name).html


@pytest.mark.parametrize("name", FREE)
def test_free_procedures_ask_for_no_money(name: str, letter: Callable[[str], Rendered]) -> None:
    assert "元" not in letter(name).text
    assert "账号" not in letter(name).text


@pytest.mark.parametrize("name", ["correction", "correction-renew", "tolerated", "payment_reminder"])
def test_account_and_last_day_stand_in_letters_that_ask_for_money(name: str, letter: Callable[[str], Rendered]) -> None:
    for words in ("293476735218", "我们不会通过邮件更改账号", "12月7日（星期一）前（含当天）"):
        assert words in joined(letter(name))


def test_money_is_named_only_where_it_is_open(letter: Callable[[str], Rendered]) -> None:
    assert "0200001029006592382" not in letter("correction").text  # that slip came
    for name in ("acknowledgement", "correction-lost-card", "unreadable"):
        assert "账号" not in letter(name).text


def test_a_period_is_told_only_where_the_guide_sets_one(letter: Callable[[str], Rendered]) -> None:
    assert "补正期限 10 个工作日，从首次告知次日起算" in joined(letter("correction"))
    for name in ("correction-lost-card",):
        assert not re.search(r"补正期限|月[0-9]+日（", letter(name).text)
        assert "日前" not in letter(name).subject


def test_nobody_is_promised_when_a_person_answers(letter: Callable[[str], Rendered]) -> None:
    for name in NAMES:
        assert not re.search(r"将在.{0,16}前(?:回复|答复)", joined(letter(name)))


def test_sentences_are_short(letter: Callable[[str], Rendered]) -> None:
    for name in NAMES:
        sentences = [s for x in letter(name).lines if x.text.endswith("。") for s in re.split(r"[。；]", x.text) if s]
        assert sum(map(len, sentences)) / len(sentences) <= 40


def test_received_tells_nothing_of_the_case(letter: Callable[[str], Rendered]) -> None:
    said = letter("received").subject + letter("received").text + letter("received").html
    for secret in (NUMBER, "陆文博", "邢若兰", "沈阳北辰", "r17", "新办"):
        assert secret not in said


@pytest.mark.parametrize("code", CODES.split())
def test_every_known_code_has_its_own_words(code: str, renderer: Renderer) -> None:
    general = renderer.wording(bare_item("no.such_code"))
    for item in (
        bare_item(code),
        sample_item(code),
        Item("photo", "电子照片", code, ("陆文博",), "一.jpg", finding=Finding(code)),
    ):
        said = renderer.wording(item)
        assert said.fault != general.fault
        assert said.fix != general.fix


@pytest.mark.parametrize("code", CODES.split())
def test_staff_have_a_word_for_every_code(code: str, renderer: Renderer) -> None:
    assert renderer.digest_words.findings[code]


def test_measured_and_required_values_stand_in_the_words(renderer: Renderer) -> None:
    finding = Finding("slip.amount", {"amount_cny": 1440}, {"amount_cny": 3000, "people": 2, "each": 1500})
    said = renderer.wording(Item("remittance_centre", "汇款单", "slip.amount", (), "回单.pdf", finding=finding))
    assert said.fault == "还差 1560 元"
    assert "1440" in said.came
    assert "1500 元/人，2 人共 3000 元" in said.required


def test_a_slip_that_is_short_is_told_by_the_difference(renderer: Renderer) -> None:
    finding = Finding("slip.amount", {"amount_cny": 1420}, {"amount_cny": 1440, "people": 2, "each": 720})
    wrong = checked("remittance_mfa", "汇款单1.pdf", None, finding)
    rest = tuple(c for c in in_order() if c.document.kind != "remittance_mfa")
    about = case(assessment=Assessment(Verdict.CORRECTABLE, (*rest, wrong)))
    made = renderer.letter(letter_view(order(LetterKind.PAYMENT_REMINDER), {NUMBER: about}, message(), rules(), TODAY))
    said = joined(made)
    assert "外交部汇款单：还差 20 元" in said
    assert "应汇 720 元 × 2 人 = 1440 元，已汇 1420 元，还差 20 元" in said
    assert "未收到" not in said
    assert "✓ 外交部汇款单" not in made.text


def test_dates_of_findings_are_written_out(renderer: Renderer) -> None:
    finding = Finding("passport.expiring", {"expiry_date": "2027-03-01", "months_left": 3}, {"months": 12})
    said = renderer.wording(Item("passport_page", "护照首页", "passport.expiring", (), "a.jpg", finding=finding))
    assert said.came == "护照有效期至 2027年3月1日，还剩 3 个月"
    assert said.required == "剩余有效期不少于 1 年"


@pytest.mark.parametrize("code", ["letter.format", "card.unreadable", "police.mismatch", "insurance.format"])
def test_a_fault_of_any_paper_has_general_words(code: str, renderer: Renderer) -> None:
    said = renderer.wording(Item("card_both_sides", "原卡正反面复印件", code, (), "卡.png", finding=Finding(code)))
    assert said.fault != renderer.wording(bare_item("no.such_code")).fault


@pytest.mark.parametrize("width", range(12, 30))
def test_no_line_ends_within_a_name_or_a_usual_word(width: int) -> None:
    text = "请先到单位所在市的外事办公室受理，沈阳地区企业可以直接报送辽宁省外事管理服务大厅，欧阳朔到窗口"
    whole = frozenset(("外事办公室", "外事管理服务大厅", "欧阳朔", "可以", "直接"))
    lines = list(wrapped(text, width, whole))
    assert "".join(lines) == text
    assert max(map(len, lines)) <= width
    assert all(any(word in line for line in lines) for word in whole)
    assert not any(line.startswith("的") for line in lines)


@pytest.mark.parametrize(
    ("kind", "code", "wanted"),
    [
        ("signature", "signature.format", "本人手写，JPG 格式，宽 300 × 高 150 像素，充满边框"),
        ("photo", "photo.format", "彩色，JPG 格式，宽 600 × 高 800 像素"),
        ("photo", "photo.not_colour", "彩色，JPG 格式，宽 600 × 高 800 像素"),
    ],
)
def test_a_file_of_the_wrong_format_is_told_everything_at_once(
    kind: str, code: str, wanted: str, renderer: Renderer
) -> None:
    """What cannot be measured in a PDF, its size and frame, is asked with the format and not in a second letter."""
    shape = standard(rules().kinds[kind], rules(), 1)
    item = Item(kind, "", code, file="a.pdf", finding=Finding(code, {"format": "pdf"}), standard=shape)
    assert renderer.wording(item).required == wanted


@pytest.mark.parametrize(
    ("pixels", "told", "fix"),
    [
        ((240, 320), "宽 240 × 高 320 像素，尺寸也不符", "重新导出；放大旧照片会不清晰"),
        ((1200, 1600), "宽 1200 × 高 1600 像素，尺寸也不符", "另存为上述格式和尺寸"),
        ((600, 800), "", "另存为上述格式和尺寸"),
    ],
)
def test_a_picture_of_the_wrong_format_is_told_its_size_too_and_none_is_to_be_enlarged(
    pixels: tuple[int, int], told: str, fix: str, renderer: Renderer
) -> None:
    measured: dict[str, str | int] = {"format": "png", "width": pixels[0], "height": pixels[1]}
    shape = standard(rules().kinds["photo"], rules(), 1)
    item = Item("photo", "", "photo.format", file="a.png", finding=Finding("photo.format", measured), standard=shape)
    said = renderer.wording(item)
    assert (told in said.came) if told else ("像素" not in said.came)
    assert fix in said.fix


def test_files_of_one_name_are_told_apart_by_their_folder(renderer: Renderer) -> None:
    papers = tuple(
        replace(one, document=replace(one.document, name="照片.jpg", path=f"材料.zip/{who}/照片.jpg"))
        for who, one in (("陆文博", checked("photo", "", "a1")), ("邢若兰", checked("photo", "", "a2")))
    )
    about = case(assessment=Assessment(Verdict.COMPLETE, papers))
    view = letter_view(order(LetterKind.ACKNOWLEDGEMENT), {NUMBER: about}, message(), rules(), TODAY)
    assert "陆文博/照片.jpg、邢若兰/照片.jpg" in joined(renderer.letter(view))


def test_a_short_letter_keeps_the_names_of_good_files_and_whose_a_paper_is(letter: Callable[[str], Rendered]) -> None:
    told = joined(letter("tolerated"))
    assert "不含周末" not in told  # shortened
    assert "陆文博签名.jpg、" in told
    assert "、企业简介.pdf。" in told
    assert "（陆文博）：陆文博签名.jpg" not in told
