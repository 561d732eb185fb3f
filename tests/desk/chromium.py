"""Debian's Chromium as a clerk's browser. Every wait is for something to happen, with patience for a slow machine:
nothing here sleeps, and nothing is looked at while a page is still on its way."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.desk.conftest import CLERK

from mailintake.desk.place import Desk

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-extensions", "--no-first-run",
]  # fmt: skip
PATIENCE = 90_000.0  # milliseconds; a machine may be much slower than this one
Scheme = Literal["light", "dark"]
expect.set_options(timeout=PATIENCE)

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
_BARRIERS = "options => axe.run(document, options).then(found => found.violations)"


@contextmanager
def arriving(page: Page) -> Iterator[None]:
    """What is pressed or clicked in here leads to a page, which is there, with its script, at the end."""
    with page.expect_navigation(wait_until="load", timeout=PATIENCE):
        yield


@contextmanager
def at_the_desk(
    chromium: Browser, serving: str, desk: Desk, *, width: int = 1280, scripts: bool = True, name: str = CLERK
) -> Iterator[BrowserContext]:
    """A browser that has used a link; a request to another host in all its time fails the test."""
    made = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    made.set_default_timeout(PATIENCE)
    strangers: list[str] = []
    made.on("request", lambda r: None if r.url.startswith(serving) else strangers.append(r.url))
    page = made.new_page()
    page.goto(f"{serving}/login/{desk.sessions.link_for(name)}")
    with arriving(page):
        page.click("button.first")
    expect(page).to_have_url(re.compile(rf"{re.escape(serving)}/$"))
    page.close()
    yield made
    made.close()
    assert strangers == []


def barriers(page: Page, *, only: tuple[str, ...] = ()) -> list[str]:
    """What axe-core says against the page as it is shown now; `only`: by these of its rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    found = page.evaluate(_BARRIERS, options)
    return [f"{fault['id']} {fault['nodes'][0]['html'][:120]}" for fault in found]
