"""What a clerk sees and does, screen by screen, on a real store."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from tests.desk.conftest import AUDITOR, HEAD, SCREENS, Browser, Later, browser
from tests.support.hostile import with_file
from tests.support.worker import Office, mail

from mailintake.desk.place import Desk
from mailintake.model.case import State
from mailintake.model.document import Outcome
from mailintake.model.letter import OutboxState
from mailintake.model.understanding import StaffNotice


def case_number(at: Office) -> str:
    (summary,) = at.shells.store.summaries()
    return summary.number


def waiting(at: Office) -> list[int]:
    return [e.id for e in at.outbox(OutboxState.WAITING)]


@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_opens_for_every_role(desk: Desk, path: str) -> None:
    for name in (HEAD, AUDITOR):
        page = browser(desk, name).get(path)
        assert "<h1>" in page
        assert 'lang="zh-CN"' in page


def test_the_morning_begins_with_the_letters_that_wait(clerk: Browser, at: Office) -> None:
    page = clerk.get("/")
    assert f"{len(waiting(at))} 封信等您批准" in page
    assert f"/letters/{waiting(at)[0]}" in page


def test_an_approved_letter_goes_out_a_minute_later_with_the_bytes_that_were_seen(
    clerk: Browser, at: Office, later: Later
) -> None:
    (entry, *_) = at.outbox(OutboxState.WAITING)
    shown = clerk.get(f"/letters/{entry.id}")
    assert entry.sha256 in shown
    clerk.post("/act", act="approve", on="letter", target=str(entry.id), seen=entry.sha256, back="/letters")
    at.run()
    assert not at.letters()
    later(timedelta(seconds=61))
    at.run()
    assert len(at.letters()) == 1


def test_an_approval_can_be_called_back_for_a_minute(clerk: Browser, at: Office, later: Later) -> None:
    (entry, *_) = at.outbox(OutboxState.WAITING)
    clerk.post("/act", act="approve", on="letter", target=str(entry.id), seen=entry.sha256, back="/letters")
    assert "撤回" in clerk.get("/letters")
    clerk.post("/act", act="recall", on="letter", target=str(entry.id), back="/letters")
    later(timedelta(minutes=5))
    at.run()
    assert not at.letters()
    assert entry.id in waiting(at)


def test_twenty_letters_take_one_key_each(clerk: Browser, at: Office) -> None:
    for number in range(18):
        at.deliver(mail(id=f"more{number}", **{"from": f"苏禾 <suhe{number}@qingchuan.example>"}))
    at.run()
    queue = waiting(at)
    assert len(queue) >= 20
    here, presses = f"/letters/{queue[0]}", 0
    while here != "/letters":
        shown = clerk.get(here)
        (form,) = [f for f in shown.split("<form")[1:] if 'data-key="a"' in f]  # the one thing that the key a presses
        said = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        here, presses = clerk.post("/act", **said), presses + 1
    assert presses == len(queue)
    assert waiting(at) == []


def test_what_was_approved_at_once_is_called_back_at_once(clerk: Browser, at: Office, later: Later) -> None:
    entries = at.outbox(OutboxState.WAITING)
    rows = "\n".join(f"{e.id}:{e.sha256}" for e in entries)
    clerk.client.post("/letters/approve", data={"token": clerk.token(), "letter": rows})
    assert f"全部撤回（{len(entries)} 封）" in clerk.get("/letters")
    numbers = "\n".join(str(e.id) for e in entries)
    clerk.client.post("/letters/recall", data={"token": clerk.token(), "letter": numbers})
    assert f"已撤回 {len(entries)} 封" in clerk.get("/letters")
    later(timedelta(minutes=5))
    at.run()
    assert not at.letters()


def test_what_changed_since_it_was_last_approved_is_marked(clerk: Browser, at: Office) -> None:
    (entry, *_) = at.outbox(OutboxState.WAITING)
    clerk.post("/act", act="edit", on="letter", target=str(entry.id), paragraph="请在周五以前来电。", back="/letters")
    (now,) = [e for e in at.outbox(OutboxState.WAITING) if e.id == entry.id]
    assert now.sha256 != entry.sha256
    page = clerk.get(f"/letters/{entry.id}")
    assert "与上次批准时相比有改动，已标出" in page
    (marked,) = re.findall(r'<ins class="now">(.*?)</ins>', page, re.S)
    assert "请在周五以前来电。" in marked
    assert "您好" not in marked  # only what is new
    clerk.post("/act", 409, act="approve", on="letter", target=str(entry.id), seen=entry.sha256, back="/letters")


def test_letters_of_one_kind_are_approved_at_once_each_bound_to_what_was_shown(
    clerk: Browser, at: Office, later: Later
) -> None:
    entries = at.outbox(OutboxState.WAITING)
    rows = "\n".join(f"{e.id}:{e.sha256}" for e in entries)
    said = {"token": clerk.token(), "letter": rows}
    clerk.client.post("/letters/approve", data=said)
    assert f"已批准 {len(entries)} 封" in clerk.get("/letters")
    later(timedelta(minutes=2))
    at.run()
    assert len(at.letters()) == len(entries)


def test_what_somebody_lacks_is_seen_at_the_first_hit(clerk: Browser, at: Office) -> None:
    page = clerk.get("/search?q=贺知秋")
    assert "还缺" in page
    assert case_number(at) in page
    assert "没有找到" in clerk.get("/search?q=无此人")


def test_what_the_machine_does_not_dare_to_judge_is_named_beside_what_lacks(clerk: Browser, at: Office) -> None:
    number = case_number(at)
    case = at.shells.store.case(number)
    assert case is not None
    assert case.assessment is not None
    first, *rest = case.assessment.documents
    unsure = replace(first, outcome=Outcome.NOT_CHECKED, findings=(), not_checked=("format: unsure",))
    with at.shells.store.begin() as unit:
        unit.save_case(replace(case, assessment=replace(case.assessment, documents=(unsure, *rest))))
    for path in (f"/cases/{number}", "/search?q=贺知秋"):
        told = clerk.get(path).partition("份材料系统没有把握")[2].partition("</p>")[0]
        assert f'/cases/{number}/documents/0">{first.document.name}' in told, path


def test_a_case_is_accepted_with_one_click_and_taken_back_with_another(clerk: Browser, at: Office) -> None:
    number = case_number(at)
    before = at.shells.store.case(number)
    page = clerk.get(f"/cases/{number}")
    assert before is not None
    assert "受理" in page
    act = "accept" if before.state is State.COMPLETE else "accept_with_gaps"
    clerk.post("/act", act=act, on="case", target=number, revision=str(before.revision), back=f"/cases/{number}")
    done = clerk.get(f"/cases/{number}")
    after = at.shells.store.case(number)
    assert after is not None
    assert after.state is State.ACCEPTED
    undo = re.search(r'name="event" value="(\d+)"', done)
    assert undo is not None
    assert "撤销" in done
    clerk.post("/undo", event=undo[1], back="/")
    assert at.shells.store.case(number) == before


def test_two_clerks_on_one_case_the_later_one_is_told_and_loses_nothing(desk: Desk, at: Office) -> None:
    first, second = browser(desk), browser(desk, HEAD)
    number = case_number(at)
    seen = at.shells.store.case(number)
    assert seen is not None
    first.post("/act", act="set_city", on="case", target=number, city="大连", revision=str(seen.revision))
    page = second.post(
        "/act", 409, act="note", on="case", target=number, text="企业来电询问进度", revision=str(seen.revision)
    )
    assert "企业来电询问进度" in page
    assert "周岚" in page


def forms_of(page: str) -> list[dict[str, str]]:
    """The hidden fields of each form in which somebody may type, and under `typed` the names of what they type."""
    found = []
    for form in re.findall(r"<form[^>]*>(.*?)</form>", page, re.S):
        said = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        typed = re.findall(r'<(?:textarea|input type="text")[^>]* name="(\w+)"', form)
        if said.get("act") and typed:
            found.append(said | {"typed": " ".join(typed)})
    return found


def test_what_is_being_typed_in_any_form_is_there_again_until_it_is_done(clerk: Browser, at: Office) -> None:
    number, seen = case_number(at), 0
    letter, mail_ = waiting(at)[0], at.shells.store.messages()[-1].sha256
    for path in (
        f"/cases/{number}",
        f"/cases/{number}/documents/0",
        f"/letters/{letter}",
        f"/mails/{mail_}",
        "/window",
    ):
        for form in forms_of(clerk.get(path)):
            for name in form["typed"].split():
                clerk.post("/drafts", 204, **{"draft": form["draft"], name: f"写到一半{seen}"})
                assert f"写到一半{seen}" in clerk.get(path), (path, form["act"], name)
                seen += 1
    assert seen > 15
    clerk.post("/act", act="note", on="case", target=number, text="写完了", draft=f"{number}-note")
    (note,) = [form for form in forms_of(clerk.get(f"/cases/{number}")) if form["act"] == "note"]
    assert "写到一半" not in clerk.get(f"/cases/{number}").partition(note["draft"])[2].partition("</form>")[0]


def test_a_paper_stands_beside_what_was_found_and_a_ruling_is_one_click(clerk: Browser, at: Office) -> None:
    number = case_number(at)
    page = clerk.get(f"/cases/{number}/documents/0")
    assert "核对结果" in page
    assert "读到的内容" in page
    case = at.shells.store.case(number)
    assert case is not None
    assert case.assessment is not None
    sha256 = case.assessment.documents[0].document.sha256
    clerk.post("/act", act="rule", on="document", target=f"{number}/{sha256}", outcome="ok", reason="")
    after = at.shells.store.case(number)
    assert after is not None
    assert [r.value for r in after.rulings] == ["ok"]


def test_each_look_at_somebodys_papers_is_in_the_log(clerk: Browser, at: Office) -> None:
    number = case_number(at)
    clerk.get(f"/cases/{number}/documents/0")
    seen = [e for e in at.shells.store.events(number) if e.what == "document.viewed"]
    assert [e.actor for e in seen] == ["staff:周岚"]


def test_each_mail_file_and_picture_that_is_looked_at_is_in_the_log(clerk: Browser, at: Office) -> None:
    number, mail_ = case_number(at), at.shells.store.messages()[-1].sha256
    clerk.get(f"/mails/{mail_}")
    for path in (f"/files/{number}/0", f"/mails/{mail_}/files/0", f"/mails/{mail_}/raw", f"/pictures/{number}/0/1.png"):
        assert clerk.client.get(path).status_code == 200, path
    seen = [e.what for e in at.shells.store.events() if e.actor == "staff:周岚"]
    wanted = [
        "desk.entered",
        "mail.viewed",
        "document.downloaded",
        "mail.downloaded",
        "mail.downloaded",
        "document.viewed",
    ]
    assert seen == wanted


def test_opening_a_case_is_in_the_log_wherever_its_people_are_shown(clerk: Browser, at: Office) -> None:
    number = case_number(at)
    case = at.shells.store.case(number)
    assert case is not None
    assert case.company
    for path in (f"/cases/{number}", "/search?q=贺知秋", f"/companies?name={case.company}"):
        before = len(at.shells.store.events(number))
        clerk.get(path)
        (seen,) = at.shells.store.events(number)[before:]
        assert (seen.what, seen.actor) == ("case.viewed", "staff:周岚"), path


def test_what_somebody_may_not_do_is_in_the_log(desk: Desk, at: Office) -> None:
    auditor = browser(desk, AUDITOR)
    auditor.post("/act", 409, act="note", on="case", target=case_number(at), text="x")
    auditor.post("/act", 403, token="forged", act="note", on="case", target=case_number(at), text="x")
    seen = [e.what for e in at.shells.store.events() if e.actor == f"staff:{AUDITOR}"]
    assert seen == ["desk.entered", "desk.denied", "desk.forged"]


def test_refusing_somebody_takes_two_people(desk: Desk, at: Office) -> None:
    number, first, second = case_number(at), browser(desk), browser(desk, HEAD)

    def refuse(who: Browser, status: int = 303) -> None:
        who.post("/act", status, act="refuse", on="case", target=number, reason="属于禁办情形", clause="五")

    refuse(first)
    refuse(first, 409)
    case = at.shells.store.case(number)
    assert case is not None
    assert case.state is not State.REFUSED
    assert "须由另一位同事确认" in second.get(f"/cases/{number}")
    refuse(second)
    after = at.shells.store.case(number)
    assert after is not None
    assert after.state is State.REFUSED


def test_a_mail_shows_by_which_words_it_was_understood(clerk: Browser, at: Office) -> None:
    page = clerk.get(f"/mails/{at.shells.store.messages()[-1].sha256}")
    why = page.partition("为什么这样理解")[2]
    assert "首次申办" in why
    assert "差一点" in why or "+" in why


def test_a_page_with_half_a_character_in_a_subject_is_shown(clerk: Browser, at: Office) -> None:
    row = at.shells.store.messages()[0]
    with at.shells.store.begin() as unit:
        unit.add_notice(StaffNotice("sender.unverified", "半个字 \ud800", message=row.sha256), at.clock.now, "x")
    assert "半个字" in clerk.get("/")


def test_what_a_line_of_the_log_holds_stands_in_words(desk: Desk, at: Office, clerk: Browser) -> None:
    clerk.post("/act", act="note", on="case", target=case_number(at), text="电话里说好了")
    clerk.get(f"/cases/{case_number(at)}")
    rows = browser(desk, AUDITOR).get("/audit").partition("<tbody>")[2]
    details = re.findall(r'<td class="small">(.*?)</td>', rows, re.DOTALL)
    assert any("处理 " in text for text in details)
    codes = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\b(?:state|letter|size)\b")
    assert any("从哪里 工作台" in text for text in details)
    assert [code for text in details for code in codes.findall(text)] == []


def test_an_auditor_looks_and_changes_nothing(desk: Desk, at: Office) -> None:
    auditor = browser(desk, AUDITOR)
    number = case_number(at)
    assert 'action="/act"' not in auditor.get(f"/cases/{number}")
    page = auditor.post("/act", 409, act="note", on="case", target=number, text="x")
    assert "没有执行" in page


def test_an_original_is_only_ever_a_download(clerk: Browser, at: Office) -> None:
    answer = clerk.client.get(f"/files/{case_number(at)}/0")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["content-security-policy"]


HOSTILE = "<script>alert(1)</script>“><img src=x onerror=alert(1)>.svg"


def test_hostile_names_and_texts_are_shown_harmlessly(clerk: Browser, at: Office) -> None:
    at.deliver(with_file(HOSTILE, b"<svg onload='alert(1)'/>", subject=HOSTILE, text=HOSTILE, id="h1"))
    at.run()
    for row in at.shells.store.messages():
        page = clerk.get(f"/mails/{row.sha256}")
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_case_that_came_to_the_window_is_opened_without_mail(clerk: Browser, at: Office) -> None:
    before = len(at.shells.store.summaries())
    clerk.post(
        "/act", act="new_at_window", on="document", target="cancel.only", people="邵立群:E60000001",
        company="丹东样例公司",
        city="丹东", back="/window",
    )  # fmt: skip
    assert len(at.shells.store.summaries()) == before + 1
    assert "丹东样例公司" in clerk.get("/cases")


def test_an_unfit_form_says_which_field(clerk: Browser, at: Office) -> None:
    page = clerk.post("/act", 409, act="extend", on="case", target=case_number(at), due="下周", reason="x")
    assert "没有执行" in page


def test_what_does_not_fit_on_a_page_is_on_the_next_and_never_left_out(
    clerk: Browser, at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("丹东样例公司", "锦州样例公司"):
        clerk.post("/act", act="new_at_window", on="document", target="cancel.only", people="邵立群", company=name)
    monkeypatch.setattr("mailintake.desk.screens.companies.STEP", 1)
    monkeypatch.setattr("mailintake.desk.screens.audit._MOST", 2)
    for start, wanted in (("/companies", {"丹东样例公司", "锦州样例公司"}), ("/audit", {'<td class="no">1</td>'})):
        here, seen = start, ""
        while here:
            seen += clerk.get(here)
            following = re.search(r'href="([^"]+)">(?:后面的|更早的)', seen.rpartition("<h1>")[2])
            here = following[1].replace("&amp;", "&") if following else ""
        assert all(one in seen for one in wanted), start
    assert "共 1 件" in clerk.get("/companies?name=丹东样例公司")


def test_the_board_of_last_days_and_this_morning_say_what_is_behind_their_page(
    clerk: Browser, at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        clerk.post("/act", act="new_at_window", on="document", target="cancel.only", people=f"邵立{'群林森'[number]}")
    monkeypatch.setattr("mailintake.desk.screens.deadlines.STEP", 1)
    monkeypatch.setattr("mailintake.desk.screens.today._DONE", 1)
    assert "今天更早还办了 2 件" in clerk.get("/")
    here, listed = "/deadlines", set()
    while here:
        page = clerk.get(here).rpartition("<h1>")[2].partition("申请人的补正期限")[0]
        listed |= set(re.findall(r'href="/cases/([^"]+)"', page))
        following = re.search(r'href="([^"]+ours=[^"]+)">后面的', page)
        here = following[1].replace("&amp;", "&") if following else ""
    ours = {s.number for s in at.shells.store.due_cases_until(None, 100, theirs=False)[0]}
    assert listed == ours
    assert len(ours) > 1


def test_what_is_searched_is_never_part_of_a_query(clerk: Browser, at: Office) -> None:
    for q in ("x' OR '1'='1", "x'; DROP TABLE cases; --", '%" OR 1=1 --', "\\"):
        page = clerk.get(f"/search?q={quote(q)}")
        assert case_number(at) not in page.rpartition("<h1>")[2]
    assert clerk.get("/search?q=%25")  # a sign with a meaning is a sign
    assert len(at.shells.store.summaries()) == 1


def test_a_number_in_an_address_that_is_none_is_answered_plainly(clerk: Browser, at: Office) -> None:
    number = case_number(at)
    for said in ("-1", "1e9", "99999999999999999999", "٣", "a", ""):
        for path in (f"/cases?skip={said}", f"/cases/{number}/documents/0?page={said}&turn={said}&zoom={said}"):
            clerk.get(path)
    clerk.get(f"/cases/{number}/documents/999", 404)
    clerk.get("/letters/999999", 404)


def test_a_download_s_name_makes_no_header(clerk: Browser, at: Office) -> None:
    name = '照片"\r\nset-cookie: a=b;.jpg'
    at.deliver(with_file(name, b"no picture", subject="材料", text="见附件", id="h2"))
    at.run()
    row = next(r for r in at.shells.store.messages() if "h2" in r.message_id)
    answer = clerk.client.get(f"/mails/{row.sha256}/files/0")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w%.-]+", answer.headers["content-disposition"])


def test_only_a_paragraph_of_ones_own_can_be_written_into_a_letter(clerk: Browser, at: Office) -> None:
    (entry, *_) = at.outbox(OutboxState.WAITING)
    clerk.post(
        "/act", act="edit", on="letter", target=str(entry.id), paragraph="请来电。", subject="改过的主题",
        to="x@y.example", account="6222", back="/letters",
    )  # fmt: skip
    now = next(e for e in at.outbox() if e.id == entry.id)
    assert (now.subject, now.to) == (entry.subject, entry.to)
    assert "6222" not in clerk.get(f"/letters/{entry.id}")


def test_who_asks_what_is_held_about_them_gets_all_of_it_and_the_log_does_not_name_them(
    desk: Desk, clerk: Browser, at: Office
) -> None:
    number = case_number(at)
    case = at.shells.store.case(number)
    assert case is not None
    (person,) = case.applicants
    assert person.passport_no
    clerk.get(f"/mails/{case.messages[0]}")
    auditor = browser(desk, AUDITOR)
    for asked in (person.name, person.passport_no):
        page = auditor.get(f"/audit/person?who={quote(asked)}").rpartition("<h1>")[2]
        assert f"/cases/{number}/folder.zip" in page
        assert person.passport_no in page
        assert all(document.name in page for document in case.documents)
        assert f"/mails/{case.messages[0]}" in page
        assert all(f"/letters/{entry.id}" in page for entry in at.shells.store.outbox(cases=(number,)))
        assert "查看来信" in page
    logged = [event for event in at.shells.store.events(number) if event.what == "person.asked"]
    assert len(logged) == 2
    assert all(word not in repr(logged) for word in (person.name, person.passport_no))


def test_the_beginning_of_a_number_shows_nobody_what_is_held_about_another(clerk: Browser, at: Office) -> None:
    case = at.shells.store.case(case_number(at))
    assert case is not None
    page = clerk.get(f"/audit/person?who={case.applicants[0].passport_no[:5]}").rpartition("<h1>")[2]
    assert case.number not in page
    assert any(event.what == "person.asked" and not event.case for event in at.shells.store.events())


def test_two_people_erase_a_case_and_its_pages_still_open(desk: Desk, clerk: Browser, at: Office) -> None:
    number = case_number(at)
    case = at.shells.store.case(number)
    assert case is not None
    where = f"/audit/erase?case={number}"
    assert "还没有办完" in clerk.get(where)
    clerk.post("/act", act="close", on="case", target=number, back="/")
    page = clerk.get(where)
    assert "不能恢复" in page
    assert "请输入编号" in page

    def erased_by(who: Browser, typed: str, status: int = 303) -> str:
        said = {"act": "erase", "on": "case", "target": number, "ground": "request", "number": typed, "back": "/audit"}
        return who.post("/act", status, token=None, **said)

    assert "编号" in erased_by(clerk, "LN", 409)
    erased_by(clerk, number)
    assert "要由另一位同事确认" in clerk.get(where)
    assert "请输入编号" not in clerk.get(where)
    head = browser(desk, HEAD)
    assert f"/audit/erase?case={number}" in head.get("/audit")
    assert "确认删除" in head.get(where)
    erased_by(head, number)
    told = head.get("/audit")
    assert "不能恢复" in told
    assert 'action="/undo"' not in told
    letters = [f"/letters/{entry.id}" for entry in at.shells.store.outbox(cases=(number,))]
    for path in (f"/cases/{number}", f"/mails/{case.messages[0]}", *letters, where, "/mails"):
        shown = head.get(path)
        assert "删除" in shown, path
        assert case.applicants[0].name not in shown
    assert "不能删除" not in browser(desk, AUDITOR).get(where)


def test_of_more_cases_of_one_company_than_are_shown_the_page_says_how_many_there_are(
    clerk: Browser, at: Office
) -> None:
    case = at.shells.store.case(case_number(at))
    assert case is not None
    with at.shells.store.begin() as unit:
        for number in range(25):
            unit.save_case(replace(case, number=f"LN-2025-{number:06d}-0", revision=0))
    assert "全部 26 件" in clerk.get(f"/cases/{case.number}")
