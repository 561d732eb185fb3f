"""What staff see in the morning: mail, page."""

import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.support.debian import program
from tests.support.digests import HEALTHY, morning

from mailintake.config.resource import resource
from mailintake.letters.render import Renderer
from mailintake.letters.samples import OFFICE, digests
from mailintake.model.digest import Digest
from mailintake.reports.page import digest_page

MEASURE = """
onload = () => { for (const frame of document.querySelectorAll("iframe")) {
  const page = frame.contentDocument.documentElement
  document.body.append(`[${page.scrollWidth - page.clientWidth}]`)
} }
"""
QUIET = {"cases": (), "notices": (), "outbox": ()}


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """The shipped templates."""
    return Renderer(resource("templates"))


def text(renderer: Renderer, digest: Digest) -> str:
    """The text version of the mail."""
    return renderer.digest(digest, OFFICE).text


def test_subject_carries_number_and_what_is_due(renderer: Renderer) -> None:
    subject = renderer.digest(morning(), OFFICE).subject
    assert subject == "【APEC卡日报 第215期】今天到期 2 件，待您处理 6 件（11月24日 周二）"


def test_first_five_lines_name_every_case_due_today(renderer: Renderer) -> None:
    head = "\n".join(text(renderer, morning()).splitlines()[:5])
    assert "LN-2026-000118" in head
    assert "LN-2026-000131" in head


def test_blocks_stand_in_their_order(renderer: Renderer) -> None:
    said = text(renderer, morning())
    places = [
        said.index(w)
        for w in ("今天到期", "已经逾期", "需要您判断", "待受理（", "发出 3 封", "等待申请人", "数字", "自检")
    ]
    assert places == sorted(places)


def test_a_quiet_day_is_two_lines_and_still_numbered(renderer: Renderer) -> None:
    lines = text(renderer, morning(**QUIET)).strip().splitlines()
    assert len(lines[: lines.index("")]) == 2
    assert "第 215 期" in lines[-1]


@pytest.mark.parametrize(
    "health",
    [
        replace(HEALTHY, recorded=2024),
        replace(HEALTHY, quarantined=1),
        replace(HEALTHY, problems=(("mailbox.fault", "main: timeout"),)),
        replace(HEALTHY, calendar_short=True, calendar_known_until=date(2026, 12, 31)),
    ],
)
def test_a_fault_ends_the_quiet(renderer: Renderer, health: object) -> None:
    assert "自检" in text(renderer, morning(**QUIET, health=health))


def test_reconciliation_shows_the_difference(renderer: Renderer) -> None:
    assert "邮箱 2026 封全部已登记，差 0" in text(renderer, morning())
    assert "已登记 2024 封，差 2" in text(renderer, morning(health=replace(HEALTHY, recorded=2024)))


def test_text_and_html_of_the_mail_give_the_same_figures(renderer: Renderer) -> None:
    mail = renderer.digest(morning(), OFFICE)
    page = re.sub(r"<[^>]*>", "|", "<body" + mail.html.partition("<body")[2])
    numbers = set(re.findall(r"LN-[0-9-]+|[0-9]{3,}", page))
    assert numbers
    assert all(number in mail.text for number in numbers)


def test_the_page_needs_nothing_from_elsewhere(renderer: Renderer) -> None:
    page = digest_page(morning(), renderer)
    for outside in ("<script", "http://", "https://", "url(", "@import", "<link", "<img"):
        assert outside not in page


def test_page_shows_every_case_and_every_notice(renderer: Renderer) -> None:
    page = digest_page(morning(), renderer)
    for number in (97, 118, 131, 140, 141, 142):
        assert f"LN-2026-{number:06d}" in page
    assert "自检" in page


def test_page_and_mail_escape_hostile_words(renderer: Renderer) -> None:
    for digest in digests():
        assert "<script>" not in digest_page(digest, renderer)
        assert "<script>" not in renderer.digest(digest, OFFICE).html


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1100])
def test_nothing_scrolls_sideways(renderer: Renderer, tmp_path: Path, width: int) -> None:
    """A frame of that width tells whether its page is wider than itself."""
    chromium = program("chromium", "chromium")
    (tmp_path / "page.html").write_text(digest_page(morning(), renderer), encoding="utf-8")
    (tmp_path / "mail.html").write_text(renderer.digest(morning(), OFFICE).html, encoding="utf-8")
    style = f"width:{width}px;height:900px;border:0"
    frames = "".join(f'<iframe src="{name}.html" style="{style}"></iframe>' for name in ("page", "mail"))
    (tmp_path / "frame.html").write_text(f"{frames}<script>{MEASURE}</script>", encoding="utf-8")
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--allow-file-access-from-files",
        "--dump-dom",
        "--virtual-time-budget=3000",
        f"--user-data-dir={tmp_path}/profile",
    )
    command = [chromium, *options, (tmp_path / "frame.html").as_uri()]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert re.findall(r"\[(-?[0-9]+)\]", seen.partition("</script>")[2]) == ["0", "0"]
