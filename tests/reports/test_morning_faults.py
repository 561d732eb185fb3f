"""What a morning said wrongly once, and says rightly since."""

import io
import re
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import openpyxl
import pytest
from tests.support.acting import act, desk, done, later, two_cases
from tests.support.acts import HEAD
from tests.support.debian import program
from tests.support.digests import COMPLETE, HEALTHY, NOW, due, morning, numbered, outbox
from tests.support.worker import office

from mailintake.config.resource import resource
from mailintake.letters.render import Renderer
from mailintake.letters.samples import OFFICE
from mailintake.model.act import Accept, Step
from mailintake.model.assessment import Assessment, Flag, Missing, Verdict
from mailintake.model.case import Applicant, DeadlineKind, SentLetter, State
from mailintake.model.digest import Digest
from mailintake.model.letter import LetterKind, LetterPolicy, Mode
from mailintake.model.procedure import ProcedureKey
from mailintake.model.understanding import NoticeRow, StaffNotice
from mailintake.reports.page import digest_page
from mailintake.stages.digest import Brief
from mailintake.worker.morning import make_digest, queue_digest, recipients_of
from mailintake.worker.schedule import digest_due

K, D = LetterKind, DeadlineKind
SHA = "ab" * 32
LATE = date(2026, 11, 20)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """The shipped templates."""
    return Renderer(resource("templates"))


def text(renderer: Renderer, made: Digest) -> str:
    return renderer.digest(made, OFFICE).text


def lacking_five() -> Assessment:
    codes = ("photo.missing", "signature.missing", "passport.missing", "form.missing", "profile.missing")
    return Assessment(Verdict.CORRECTABLE, missing=tuple(Missing(c, c, "a1", tolerable=False) for c in codes))


def test_a_case_at_the_ministry_is_not_called_complete_and_awaiting_acceptance(renderer: Renderer) -> None:
    said = text(renderer, morning(cases=(numbered(1, state=State.AT_MFA, assessment=COMPLETE),)))
    page = digest_page(morning(cases=(numbered(1, state=State.AT_MFA, assessment=COMPLETE),)), renderer)
    assert "待受理（" not in said
    assert "外交部审核" in page
    assert "齐全，待受理" not in page.partition('id="others"')[2]


def test_tiles_count_cases_that_are_due_as_well(renderer: Renderer) -> None:
    cases = (
        numbered(1, state=State.COMPLETE, deadlines=due(D.TIME_LIMIT, NOW.date())),
        numbered(2, state=State.COMPLETE),
        numbered(3, assessment=lacking_five(), deadlines=due(D.CORRECTION, NOW.date())),
    )
    page = digest_page(morning(cases=cases, notices=(), outbox=()), renderer)
    assert re.search(r'href="#complete"><b>2</b>', page)
    assert re.search(r'href="#waiting"><b>1</b>', page)


def test_the_subject_counts_an_overdue_case_once(renderer: Renderer) -> None:
    case = numbered(1, state=State.CORRECTION_OVERDUE, assessment=lacking_five(), deadlines=due(D.CORRECTION, LATE))
    told = (NoticeRow(1, NOW, StaffNotice("correction.overdue", LATE.isoformat(), case.number)),)
    made = morning(cases=(case,), notices=told, outbox=())
    assert "待您处理 1 件" in renderer.digest(made, OFFICE).subject


def test_what_needs_a_person_shows_who_wrote_what_about_what(renderer: Renderer) -> None:
    told = (NoticeRow(17, NOW, StaffNotice("message.not_understood", "材料", message=SHA)),)
    mails = {SHA: Brief(5, "duan@elsewhere.example", "材料", "老师好，麻烦看一下附件。", ())}
    said = text(renderer, morning(cases=(), notices=told, outbox=(), mails=mails))
    for words in ("#17", "duan@elsewhere.example", "《材料》", "麻烦看一下附件", "mailintake mail show 5"):
        assert words in said


def test_a_name_is_masked_wherever_it_stands_and_the_case_is_found_by_its_number(renderer: Renderer) -> None:
    case = numbered(
        1,
        state=State.NEEDS_TRIAGE,
        applicants=(Applicant("a1", "蒲思远"),),
        flags=(Flag("duplicate.person", "蒲思远.jpg"),),
    )
    told = (
        NoticeRow(1, NOW, StaffNotice("message.question", "蒲思远的卡好了吗", case.number, SHA)),
        NoticeRow(2, NOW, StaffNotice("message.not_understood", "葛春晓", message="cd" * 32)),
    )
    mails = {
        SHA: Brief(5, "a@b.example", "蒲思远新办", "蒲思远的卡好了吗", ("蒲思远",)),
        "cd" * 32: Brief(6, "c@d.example", "葛春晓", "我是葛春晓", ("葛春晓",)),
    }
    made = morning(cases=(case,), notices=told, outbox=(), mails=mails)
    for shown in (text(renderer, made), renderer.digest(made, OFFICE).html, digest_page(made, renderer)):
        assert "蒲思远" not in shown
        assert "葛春晓" not in shown
        assert "蒲**" in shown
        assert case.number in shown


def test_everything_that_lacks_is_said(renderer: Renderer) -> None:
    said = text(renderer, morning(cases=(numbered(1, assessment=lacking_five()),)))
    for words in ("缺照片", "缺签名", "缺护照页", "缺基本资料", "缺企业简介"):
        assert words in said


def test_an_overdue_line_says_that_its_letter_is_written_and_waits(renderer: Renderer) -> None:
    case = numbered(141, assessment=lacking_five(), deadlines=due(D.FIRST_NOTICE, LATE))
    assert "信已写好，待批" in text(renderer, morning(cases=(case,)))
    assert "信已写好" not in text(renderer, morning(cases=(case,), outbox=outbox()[:3]))


def test_what_is_overdue_with_us_asks_the_head_by_name_and_what_is_the_applicants_does_not(renderer: Renderer) -> None:
    ours = numbered(1, state=State.COMPLETE, deadlines=due(D.TIME_LIMIT, LATE))
    theirs = numbered(2, state=State.CORRECTION_OVERDUE, assessment=lacking_five(), deadlines=due(D.CORRECTION, LATE))
    assert "请孙岚过问" in text(renderer, morning(cases=(ours,), heads=("孙岚",)))
    assert "请孙岚过问" not in text(renderer, morning(cases=(theirs,), heads=("孙岚",)))


def test_faults_that_were_told_in_a_second_letter_are_counted(renderer: Renderer) -> None:
    first = SentLetter("correction", "<a@b>", NOW, NOW)
    letters = (first, SentLetter("correction", "<c@d>", NOW, NOW, late=("photo.size|a1",)))
    made = morning(cases=(numbered(1, letters=letters),))
    assert made.numbers.told_late == 1
    assert "漏告知 1 项" in text(renderer, made)


@pytest.mark.parametrize(
    "health",
    [
        replace(HEALTHY, recorded=2024),
        replace(HEALTHY, last_good_poll=None),
        replace(HEALTHY, quarantined=1),
        replace(HEALTHY, calendar_short=True),
        replace(HEALTHY, problems=(("mailbox.fault", "main"),)),
    ],
)
def test_the_self_check_never_says_that_all_is_well_beside_what_is_not(renderer: Renderer, health: object) -> None:
    for shown in (text(renderer, morning(health=health)), digest_page(morning(health=health), renderer)):
        assert "没有发现故障" not in shown
    assert "没有发现故障" in digest_page(morning(), renderer)


def test_lines_are_numbered_and_lead_to_the_desk(renderer: Renderer) -> None:
    mail = renderer.digest(morning(link="https://desk.example/"), OFFICE)
    assert 'href="https://desk.example/cases/LN-2026-000118"' in mail.html
    assert "办理：https://desk.example" in mail.text
    assert re.search(r"^1\. LN-2026-000118", mail.text, re.MULTILINE)
    assert "https://" not in text(renderer, morning())


def test_the_mail_carries_the_end_of_the_log_and_a_log_written_anew_does_not_fit_it(tmp_path: Path) -> None:
    with desk(tmp_path) as made:
        two_cases(made)
        store = made.shells.store
        wrote_down = store.log_mark()
        queue_digest(made.shells)
        entry = store.outbox(kinds=(K.DIGEST,))[-1]
        mail = message_from_bytes(store.files.path(entry.sha256).read_bytes(), policy=default)
        for part in ("plain", "html"):
            body = mail.get_body((part,))
            assert body is not None
            assert wrote_down in body.get_content()
        number, _, sha256 = wrote_down.partition(":")
        assert store.log_mark(int(number)) == wrote_down
        assert len(sha256) == 64
        assert store.log_mark(9999) == ""


def test_the_workbook_goes_with_the_mail(tmp_path: Path) -> None:
    with desk(tmp_path) as made:
        two_cases(made)
        queue_digest(made.shells)
        entry = made.shells.store.outbox(kinds=(K.DIGEST,))[-1]
        mail = message_from_bytes(made.shells.store.files.path(entry.sha256).read_bytes(), policy=default)
        (book,) = mail.iter_attachments()
        assert book.get_filename() == "2026-11-02.xlsx"
        rows = list(openpyxl.load_workbook(io.BytesIO(book.get_content())).worksheets[2].values)
        assert len(rows) == 3


def test_a_digest_made_by_hand_at_night_does_not_swallow_the_mornings(tmp_path: Path) -> None:
    with desk(tmp_path) as made:
        made.clock.now = made.clock.now.replace(hour=0, minute=30)
        queue_digest(made.shells)
        assert not digest_due(made.shells)
        later(made, 8)
        assert digest_due(made.shells)
        queue_digest(made.shells)
        assert not digest_due(made.shells)


def test_without_recipients_everybody_known_is_told_and_nobody_is_a_fault(tmp_path: Path) -> None:
    with desk(tmp_path) as made:
        assert HEAD.mail in recipients_of(made.shells)
    policy = LetterPolicy(default_mode=Mode.APPROVE)
    with office(tmp_path / "empty", policy=policy) as alone:
        assert ("digest.nobody", "") in make_digest(alone.shells, 1).health.problems


def test_a_past_digest_is_shown_as_it_was(tmp_path: Path) -> None:
    with desk(tmp_path) as made:
        _, two = two_cases(made)
        then = queue_digest(made.shells)
        done(act(made, Accept(), two))
        done(act(made, Step(State.AT_MFA), two))
        later(made, 24)
        queue_digest(made.shells)
        assert made.shells.store.digest_of(then.day) == then


WIDTHS = (360, 721, 768, 860, 1000, 1280, 1600, 1920)
MEASURE = """
onload = () => { for (const frame of document.querySelectorAll("iframe")) {
  const page = frame.contentDocument, found = []
  for (const line of page.querySelectorAll(".cases li")) {
    const parts = [...line.children].map(part => [part.className, part.getBoundingClientRect()])
    const text = document.createRange()
    for (const [name, one] of parts) for (const [other, two] of parts) {
      const across = Math.min(one.right, two.right) - Math.max(one.left, two.left)
      const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top)
      if (name < other && across > 1 && down > 1) found.push(`${name}/${other}`)
    }
    for (const part of line.children) if (part.scrollWidth > part.clientWidth + 1) found.push(`cut ${part.className}`)
  }
  document.body.append(`[${found.join(" ")}]`)
} }
"""


@pytest.mark.browser
def test_no_number_lies_over_a_name_at_any_width(renderer: Renderer, tmp_path: Path) -> None:
    """With the longest company names and six applicants."""
    chromium = program("chromium", "chromium")
    company = "辽宁远帆国际进出口贸易股份有限公司沈阳经济技术开发区铁西新区大连分公司第二营业部"
    people = tuple(Applicant(f"a{n}", f"蒲思远{n}") for n in range(1, 7))
    cases = tuple(
        numbered(
            n, company=company, applicants=people, procedure=key, assessment=lacking_five(), state=state,
            deadlines=due(D.CORRECTION, NOW.date() + timedelta(days=n - 2)), flags=(Flag("prohibited.N4", "x"),),
        )
        for n, (key, state) in enumerate(
            (k, s) for k in ProcedureKey for s in (State.AWAITING_CORRECTION, State.COMPLETE, State.AT_MFA)
        )
    )  # fmt: skip
    (tmp_path / "page.html").write_text(digest_page(morning(cases=cases, heads=("孙岚",)), renderer), encoding="utf-8")
    frames = "".join(f'<iframe src="page.html" style="width:{w}px;height:900px;border:0"></iframe>' for w in WIDTHS)
    (tmp_path / "frame.html").write_text(f"{frames}<script>{MEASURE}</script>", encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--dump-dom")
    command = [
        chromium, *options, "--virtual-time-budget=3000", f"--user-data-dir={tmp_path}/profile",
        (tmp_path / "frame.html").as_uri(),
    ]  # fmt: skip
    seen = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert re.findall(r"\[([^\]]*)\]", seen.partition("</script>")[2]) == [""] * len(WIDTHS)
