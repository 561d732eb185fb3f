"""The service as systemd starts it: what it leaves behind for staff."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook
from tests.support.office import make_office

from mailintake.model.zone import SHANGHAI


def working_now(config: Path) -> None:
    """A calendar in which today is a working day, whatever day the tests run on, and the hour of the digest is past."""
    today = datetime.now(UTC).astimezone(SHANGHAI).date()
    days = [today + timedelta(days=n) for n in (-1, 0, 1)]
    make_up = ", ".join(day.isoformat() for day in days if day.isoweekday() > 5)
    year = f"{{name: 元旦, first: {today.year}-01-01, last: {today.year}-01-01, make_up: [{make_up}]}}"
    following = f"{{name: 元旦, first: {today.year + 1}-01-01, last: {today.year + 1}-01-01}}"
    days_off = f"holidays:\n  - {year}\n  - {following}\n"
    (config / "calendar.yaml").write_text(f"known_until: {today.year + 1}-12-31\n{days_off}", "utf-8")
    settings = config / "mailintake.yaml"
    settings.write_text(
        settings.read_text("utf-8") + "digest: {time: 00:00, recipients: [duty@office.example]}\n", "utf-8"
    )


def test_the_service_writes_the_digest_page_and_workbook_and_queues_the_mail_once_a_day(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    working_now(office.config)
    first, second = office.run("run", "--once", "--json"), office.run("run", "--once", "--json")
    assert (first.code, second.code) == (0, 0), first.err + second.err
    folder = office.data / "digest"
    (day,) = (path.stem for path in folder.glob("20*.html"))
    assert sorted(path.name for path in folder.iterdir()) == [f"{day}.csv", f"{day}.html", f"{day}.xlsx", "index.html"]
    assert "新办" in (folder / "index.html").read_text("utf-8")
    assert [s.title for s in load_workbook(folder / f"{day}.xlsx")] == ["今天", "本周", "全部在办"]
    letters = office.run("letter", "list", "--everything", "--json").rows[0]
    assert [row["to"] for row in letters if row["letter"] == "digest"] == [["duty@office.example"]]
