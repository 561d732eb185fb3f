"""What may and must stand in letters."""

import html as html_module
import re
from collections.abc import Callable

import pytest
from tests.support.letters import NUMBER, situations

from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.samples import bare_item, sample_item
from mailintake.model.assessment import Finding
from mailintake.model.letter import Item, LetterView

NAMES = tuple(situations())
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
    body = page.partition("<body")[2]
    return "".join(html_module.unescape(re.sub(r"<[^>]*>", "", f"<body{body}")).split())


@pytest.mark.parametrize("name", NAMES)
def test_text_and_html_say_the_same(name: str, letter: Callable[[str], Rendered]) -> None:
    """Every line of the text version stands in the HTML version; labels are set differently there."""
    page = seen(letter(name).html)
    for line in letter(name).text.splitlines():
        for part in re.split(r"[【】〔〕✓]|：|（补正期限 |^\s*[0-9]+\. |^\s*- |，电话| —— ", line):
            assert "".join(part.strip("）（· ").split()) in page


@pytest.mark.parametrize("name", NAMES)
def test_html_has_no_number_and_no_date_that_the_text_lacks(name: str, letter: Callable[[str], Rendered]) -> None:
    page = re.sub(r"<[^>]*>", "|", "<body" + letter(name).html.partition("<body")[2])
    facts = set(re.findall(r"[0-9]{2,}(?:-[0-9]+)*|[0-9]+月[0-9]+日", html_module.unescape(page)))
    missing = {fact for fact in facts if fact not in letter(name).text}
    assert not missing


@pytest.mark.parametrize("name", LISTING)
def test_subject_heading_and_list_give_one_number(
    name: str, letter: Callable[[str], Rendered], view: Callable[[str], LetterView]
) -> None:
    count = view(name).todo_count
    assert f"{count}项" in letter(name).subject
    assert f"共 {count} 项" in letter(name).text
    listed = letter(name).text.partition("\n一、")[2].partition("\n二、")[0]
    assert len(re.findall(r"^[0-9]+\. ", listed, re.MULTILINE)) == count
    assert letter(name).html.count('class="no"') == count


@pytest.mark.parametrize("name", LISTING)
def test_every_item_says_what_is_required_and_how_to_mend_it(name: str, letter: Callable[[str], Rendered]) -> None:
    text = letter(name).text
    assert text.count("要求：") == text.count("怎么改：") > 0


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


@pytest.mark.parametrize("name", LISTING[:5])
def test_accounts_and_the_last_day_stand_in_letters_that_ask(name: str, letter: Callable[[str], Rendered]) -> None:
    for words in (
        "0200001029006592382",
        "293476735218",
        "我们不会通过邮件更改账号",
        "12月7日（星期一）",
        "不含周末和节假日",
    ):
        assert words in letter(name).text


def test_sentences_are_short(letter: Callable[[str], Rendered]) -> None:
    for name in NAMES:
        prose = [line for line in letter(name).text.splitlines() if line.endswith("。")]
        sentences = [s for line in prose for s in re.split(r"[。！？]", line) if s.strip()]
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
        Item("photo", "电子照片", code, "陆文博", "一.jpg", finding=Finding(code)),
    ):
        said = renderer.wording(item)
        assert said.fault != general.fault
        assert said.required
        assert said.fix != general.fix


@pytest.mark.parametrize("code", CODES.split())
def test_staff_have_a_word_for_every_code(code: str, renderer: Renderer) -> None:
    assert renderer.digest_words.findings[code]


def test_measured_and_required_values_stand_in_the_words(renderer: Renderer) -> None:
    finding = Finding("slip.amount", {"amount_cny": 1440}, {"amount_cny": 3000, "people": 2, "each": 1500})
    said = renderer.wording(Item("remittance_centre", "汇款单", "slip.amount", "", "回单.pdf", finding=finding))
    assert "1440" in said.came
    assert "1500 元/人，2 人共 3000 元" in said.required


def test_dates_of_findings_are_written_out(renderer: Renderer) -> None:
    finding = Finding("passport.expiring", {"expiry_date": "2027-03-01", "months_left": 3}, {"months": 12})
    said = renderer.wording(Item("passport_page", "护照首页", "passport.expiring", "", "a.jpg", finding=finding))
    assert said.came == "护照有效期至 2027年3月1日，还剩 3 个月"
    assert said.required == "剩余有效期不少于 1 年"


@pytest.mark.parametrize("code", ["letter.format", "card.unreadable", "police.mismatch", "insurance.format"])
def test_a_fault_of_any_paper_has_general_words(code: str, renderer: Renderer) -> None:
    said = renderer.wording(Item("card_both_sides", "原卡正反面复印件", code, "", "卡.png", finding=Finding(code)))
    assert said.fault != renderer.wording(bare_item("no.such_code")).fault
