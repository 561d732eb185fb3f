"""The desk in Debian's Chromium: widths, dark, print, keyboard alone, without scripts, and axe-core on every screen."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from tests.desk.conftest import CLERK
from tests.support.worker import Office, application

from mailintake.desk.place import Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium")]

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WIDTHS = (360, 768, 1280, 1920)
READ_AT = (360, 1280)  # where axe-core looks: the two layouts there are
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
A4 = 680  # pixels between the margins of a printed page
PICTURES = "HANDBOOK_PICTURES"  # the folder that `make pictures` has them written into
SHOWN = (
    "today", "letters", "cases", "mails", "deadlines", "window", "companies", "report", "audit", "case", "document",
    "letter", "mail", "search",
)  # fmt: skip
STATIC = {"resultTypes": ["violations"]}  # the others need not be described
LONG = "丹东市某某某某某某国际物流与精密机械制造集团股份有限公司东港分公司第三制造中心"  # as long as names get
# Boxes that hold text of their own must neither overlap each other nor cut their text.
OVERLAPS = """() => {
  const bad = [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 1) bad.push('page is wider than the window by ' + wide);
  for (const e of document.querySelectorAll('h1,h2,p,td,th,li,button,a,dd,dt,label')) {
    const s = getComputedStyle(e);
    if (e.getClientRects().length === 0 || s.visibility === 'hidden' || e.closest('details:not([open]) > :not(summary)')) continue;
    if (s.overflow !== 'visible' && e.scrollWidth > e.clientWidth + 1 && !e.closest('.scroll')) bad.push('cut: ' + e.textContent.trim().slice(0, 40));
  }
  const rows = [...document.querySelectorAll('main button, main h1, main h2, ul.lines > li > *')].filter(e => e.getClientRects().length && !e.closest('details:not([open]) > :not(summary)'));
  for (let i = 0; i < rows.length; i++) for (let k = i + 1; k < rows.length; k++) {
    const a = rows[i], b = rows[k];
    if (a.contains(b) || b.contains(a)) continue;
    const r = a.getBoundingClientRect(), q = b.getBoundingClientRect();
    if (r.left < q.right - 1 && q.left < r.right - 1 && r.top < q.bottom - 1 && q.top < r.bottom - 1 && r.width && q.width)
      bad.push('overlap: ' + a.textContent.trim().slice(0, 30) + ' / ' + b.textContent.trim().slice(0, 30));
  }
  return bad;
}"""  # noqa: E501


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as made:
        opened = made.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def busy(at: Office) -> Office:
    """Six people and the longest company name, beside what waits already."""
    at.deliver(application(id="long", subject=f"新办APEC商务旅行卡 {LONG}", of=["a", "b", "c", "d", "e", "f"]))
    at.run()
    return at


@contextmanager
def context(
    chromium: Browser, serving: str, desk: Desk, *, width: int = 1280, scripts: bool = True
) -> Iterator[BrowserContext]:
    """A browser that has used a link; a request to another host in all its time fails the test."""
    made = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    made.set_default_timeout(15_000)
    strangers: list[str] = []
    made.on("request", lambda r: None if r.url.startswith(serving) else strangers.append(r.url))
    page = made.new_page()
    page.goto(f"{serving}/login/{desk.sessions.link_for(CLERK)}")
    page.click("button.first")
    page.close()
    yield made
    made.close()
    assert strangers == []


def screens(at: Office) -> tuple[str, ...]:
    number = at.shells.store.summaries()[0].number
    letter = at.outbox()[0].id
    mail = at.shells.store.messages()[0].sha256
    listed = ("/", "/letters", "/cases", "/mails", "/deadlines", "/window?find=LN", "/companies", "/report", "/audit")
    return (
        *listed,
        f"/cases/{number}",
        f"/cases/{number}/documents/0",
        f"/letters/{letter}",
        f"/mails/{mail}",
        "/search?q=LN",
    )


def test_every_screen_fits_at_every_width_light_and_dark_and_has_no_barrier(
    chromium: Browser, serving: str, desk: Desk, busy: Office
) -> None:
    faults: list[str] = []
    with context(chromium, serving, desk) as made:
        page = made.new_page()
        for path in screens(busy):
            page.goto(serving + path)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                faults += [f"{path} {width}: {fault}" for fault in page.evaluate(OVERLAPS)]
                for scheme in SCHEMES if width in READ_AT else ():
                    page.emulate_media(color_scheme=scheme)
                    found = Axe().run(page, options=STATIC).response["violations"]
                    faults += [f"{path} {width} {scheme}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in found]
            page.emulate_media(media="print", color_scheme="light")
            page.set_viewport_size({"width": A4, "height": 960})
            faults += [f"{path} print: {fault}" for fault in page.evaluate(OVERLAPS)]
            faults += [f"{path} print: a button" for _ in range(page.locator("main button:visible").count())]
            page.emulate_media(media="screen")
    assert faults == []


def test_a_clerks_morning_by_keyboard_alone(chromium: Browser, serving: str, desk: Desk, busy: Office) -> None:
    with context(chromium, serving, desk) as made:
        page = made.new_page()
        page.goto(serving)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/letters/*")
        page.keyboard.press("a")
        page.wait_for_selector(".flash")
        assert "批准" in page.inner_text(".flash")
        page.keyboard.press("u")
        page.wait_for_function("document.querySelector('.flash').innerText.includes('撤销')")
        page.keyboard.press("/")
        page.keyboard.type("贺知秋")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search*")
        assert "还缺" in page.inner_text("main")
        page.goto(f"{serving}/cases/{busy.shells.store.summaries()[0].number}/documents/0")
        page.keyboard.press("y")
        page.wait_for_url("**/documents/1")
        page.keyboard.press(" ")
        page.wait_for_url("**/documents/2")
        page.keyboard.press("+")
        page.wait_for_selector("figure.zoom-2")
        page.keyboard.press("?")
        assert page.locator("#help").get_attribute("open") is not None


def test_without_scripts_the_same_is_done_with_buttons_at_every_width(
    chromium: Browser, serving: str, desk: Desk, busy: Office
) -> None:
    for width in WIDTHS:
        with context(chromium, serving, desk, width=width, scripts=False) as made:
            page = made.new_page()
            page.goto(serving + "/letters")
            page.click("ul.lines a")
            page.click("text=批准发出")
            assert "批准" in page.inner_text(".flash")
            page.click(".flash button")
            assert "撤销" in page.inner_text(".flash")
            page.fill("#q", "贺知秋")
            page.press("#q", "Enter")
            assert "还缺" in page.inner_text("main")


def test_back_and_reload_do_nothing_twice(chromium: Browser, serving: str, desk: Desk, busy: Office) -> None:
    number = busy.shells.store.summaries()[0].number
    with context(chromium, serving, desk) as made:
        page = made.new_page()
        page.goto(f"{serving}/cases/{number}")
        page.click("summary:has-text('更多操作')")
        page.fill("#note-text", "来电说明")
        page.click("form:has(#note-text) button")
        page.wait_for_selector(".flash")
        page.reload()
        page.go_back()
        page.go_forward()
    notes = [w for w in busy.shells.store.words(case=number) if w.words == "来电说明"]
    assert len(notes) == 1


def test_the_handbook_s_pictures_are_taken_and_small(
    chromium: Browser, serving: str, desk: Desk, busy: Office, tmp_path: Path
) -> None:
    folder = Path(os.environ.get(PICTURES, tmp_path))
    with context(chromium, serving, desk) as made:
        page = made.new_page()
        for name, path in zip(SHOWN, screens(busy), strict=True):
            page.goto(serving + path)
            with Image.open(io.BytesIO(page.screenshot())) as seen:
                seen.resize((960, 675)).save(folder / f"desk-{name}.webp", quality=60, method=6)
    sizes = {file.name: file.stat().st_size for file in folder.glob("desk-*.webp")}
    assert len(sizes) == len(SHOWN)
    assert max(sizes.values()) <= 80_000
