"""The desk in Debian's Chromium: widths, dark, print, keyboard alone, without scripts, and axe-core on every screen."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.desk.chromium import CHROMIUM, FLAGS, OVERLAPS, PATIENCE, Scheme, arriving, at_the_desk, barriers
from tests.desk.conftest import HEAD
from tests.support.worker import Office, application

from mailintake.desk.place import Desk
from mailintake.model.act import Act, Close, Done, Erase, Reject, Signed
from mailintake.model.erasure import ErasureGround
from mailintake.model.letter import OutboxState
from mailintake.worker.acts import perform

# One Chromium at a time on the whole machine; a slow one gets ten minutes for what takes half a minute here.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium"), pytest.mark.timeout(600)]

WIDTHS = (360, 768, 1280, 1920)
COLOURS = ("color-contrast",)  # the one rule whose answer another scheme can change
A4 = 680  # pixels between the margins of a printed page
PICTURES = "HANDBOOK_PICTURES"  # the folder that `make pictures` has them written into
SHOWN = (
    "today", "letters", "cases", "mails", "deadlines", "window", "companies", "report", "audit", "case", "document",
    "letter", "mail", "search",
)  # fmt: skip
LONG = "丹东市某某某某某某国际物流与精密机械制造集团股份有限公司东港分公司第三制造中心"  # as long as names get


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as made:
        opened = made.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=2 * PATIENCE)
        yield opened
        opened.close()


@pytest.fixture
def busy(at: Office) -> Office:
    """Six people and the longest company name, beside what waits already."""
    at.deliver(application(id="long", subject=f"新办APEC商务旅行卡 {LONG}", of=["a", "b", "c", "d", "e", "f"]))
    at.run()
    return at


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


def of_people(at: Office) -> tuple[str, ...]:
    """What is held about somebody, and what would be erased."""
    name = at.shells.store.cases()[0].applicants[0].name
    return (f"/audit/person?who={quote(name)}", f"/audit/erase?case={_ended(at)}")


def _ended(at: Office) -> str:
    """The last case, over, with its letters out of the way, and proposed to be erased by somebody else."""
    number = at.shells.store.summaries()[-1].number
    letters = at.shells.store.outbox((OutboxState.WAITING,), cases=(number,))
    acts: tuple[tuple[Act, str], ...] = (*((Reject(), str(entry.id)) for entry in letters), (Close(), number))
    for what, target in (*acts, (Erase(ErasureGround.REQUEST, number, everyone=True), number)):
        assert isinstance(perform(at.shells, Signed(what, target, HEAD, at.clock.now, "x")), Done)
    return number


def _seen_in(page: Page, scheme: Scheme) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    return [f"{scheme}: {fault}" for fault in barriers(page, only=() if scheme == "light" else COLOURS)]


def test_every_screen_fits_at_every_width_light_and_dark_and_has_no_barrier(
    chromium: Browser, serving: str, desk: Desk, busy: Office
) -> None:
    faults: list[str] = []
    with at_the_desk(chromium, serving, desk) as made:
        page = made.new_page()
        for path in (*screens(busy), *of_people(busy)):
            page.goto(serving + path)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found = [*page.evaluate(OVERLAPS), *_seen_in(page, "light"), *_seen_in(page, "dark")]
                faults += [f"{path} {width}: {fault}" for fault in found]
            page.emulate_media(media="print", color_scheme="light")
            page.set_viewport_size({"width": A4, "height": 960})
            faults += [f"{path} print: {fault}" for fault in page.evaluate(OVERLAPS)]
            faults += [f"{path} print: a button" for _ in range(page.locator("main button:visible").count())]
            page.emulate_media(media="screen")
    assert faults == []


def test_a_clerks_morning_by_keyboard_alone(chromium: Browser, serving: str, desk: Desk, busy: Office) -> None:
    with at_the_desk(chromium, serving, desk) as made:
        page = made.new_page()
        page.goto(serving)
        page.keyboard.press("j")
        for key, said in (("Enter", ""), ("a", "批准"), ("u", "撤销")):
            with arriving(page):
                page.keyboard.press(key)
            assert "/letters/" in page.url
            assert said in page.inner_text("main")
        page.keyboard.press("/")
        page.keyboard.type("贺知秋")
        with arriving(page):
            page.keyboard.press("Enter")  # one key after the name
        assert "还缺" in page.inner_text("main")
        page.goto(f"{serving}/cases/{busy.shells.store.summaries()[0].number}/documents/0")
        for key, there in (("y", "/documents/1"), (" ", "/documents/2"), ("+", "zoom=2")):
            with arriving(page):
                page.keyboard.press(key)
            assert there in page.url
        page.keyboard.press("?")
        expect(page.locator("#help")).to_have_attribute("open", "")


def test_without_scripts_the_same_is_done_with_buttons_at_every_width(
    chromium: Browser, serving: str, desk: Desk, busy: Office
) -> None:
    for width in WIDTHS:
        with at_the_desk(chromium, serving, desk, width=width, scripts=False) as made:
            page = made.new_page()
            page.goto(serving + "/letters")
            for wanted, said in (("ul.lines a", "批准发出"), ("text=批准发出", "已批准"), (".flash button", "已撤销")):
                with arriving(page):
                    page.click(wanted)
                assert said in page.inner_text("main")
            page.fill("#q", "贺知秋")
            with arriving(page):
                page.press("#q", "Enter")
            assert "还缺" in page.inner_text("main")


def opened(page: Page, *names: str) -> None:
    """Parts of the page that are folded."""
    for name in names:
        page.click(f"summary:has-text('{name}')")


def test_back_and_reload_do_nothing_twice(chromium: Browser, serving: str, desk: Desk, busy: Office) -> None:
    number = busy.shells.store.summaries()[0].number
    with at_the_desk(chromium, serving, desk) as made:
        page = made.new_page()
        page.goto(f"{serving}/cases/{number}")
        opened(page, "更多操作", "记一笔")
        page.fill("#note-text", "来电说明")
        with arriving(page):
            page.click("form:has(#note-text) button")
        assert page.locator(".flash").count() == 1
        page.reload()
        page.go_back()
        page.go_forward()
    notes = [w for w in busy.shells.store.words(case=number) if w.words == "来电说明"]
    assert len(notes) == 1


def test_two_tabs_are_harmless_and_what_was_typed_outlives_its_tab(
    chromium: Browser, serving: str, desk: Desk, busy: Office
) -> None:
    number = busy.shells.store.summaries()[0].number
    with at_the_desk(chromium, serving, desk) as made:
        first, second = made.new_page(), made.new_page()
        for page in (first, second):
            page.goto(f"{serving}/cases/{number}")
            opened(page, "更多操作", "提出不予办理", "改单位")
        with second.expect_response("**/drafts", timeout=PATIENCE):
            second.fill("#refuse-reason", "写到一半的理由")
        second.close()
        first.fill("#set_company-company", "丹东改名有限公司")
        with arriving(first):
            first.click("form:has(#set_company-company) button")
        assert "丹东改名有限公司" in first.inner_text("main")
        again = made.new_page()
        again.goto(f"{serving}/cases/{number}")
        expect(again.locator("#refuse-reason")).to_have_value("写到一半的理由")
    with at_the_desk(chromium, serving, desk, name=HEAD) as other:
        page = other.new_page()
        page.goto(f"{serving}/cases/{number}")
        expect(page.locator("#refuse-reason")).to_have_value("")  # nobody else reads what is not said yet


def test_the_handbook_s_pictures_are_taken_and_small(
    chromium: Browser, serving: str, desk: Desk, busy: Office, tmp_path: Path
) -> None:
    folder = Path(os.environ.get(PICTURES, tmp_path))
    with at_the_desk(chromium, serving, desk) as made:
        page = made.new_page()
        for name, path in zip(SHOWN, screens(busy), strict=True):
            page.goto(serving + path)
            with Image.open(io.BytesIO(page.screenshot())) as seen:
                seen.resize((960, 675)).save(folder / f"desk-{name}.webp", quality=60, method=6)
    sizes = {file.name: file.stat().st_size for file in folder.glob("desk-*.webp")}
    assert len(sizes) == len(SHOWN)
    assert max(sizes.values()) <= 80_000
