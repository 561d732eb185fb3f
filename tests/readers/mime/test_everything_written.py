"""Whatever the sender wrote is read as his words, however his program, or he himself, put it into the mail."""

import pytest
from tests.readers.mime.conftest import Read
from tests.support.mails import Mail, build, styled

HEAD = b"From: a@b.cn\r\nSubject: card\r\nMIME-Version: 1.0\r\n"
FACTS = "姓名：贺知秋\n护照号：EA1234561\n卡号：CHN20000001"


def plain(text: str, subject: str = "注销", **headers: str) -> bytes:
    """A mail of one text."""
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return build(Mail(subject, text, headers=more), styled("apple", body_encoding="base64"))


def mixed(*parts: tuple[str, str, str]) -> bytes:
    """A multipart mail of (type, disposition, content)."""
    out = HEAD + b'Content-Type: multipart/mixed; boundary="cut"\r\n\r\n'
    for type_, disposition, content in parts:
        out += b"--cut\r\nContent-Type: " + type_.encode() + b"\r\n"
        out += b"Content-Disposition: " + disposition.encode() + b"\r\n" if disposition else b""
        out += b"\r\n" + content.encode() + b"\r\n"
    return out + b"--cut--\r\n"


@pytest.mark.parametrize(
    ("type_", "disposition"),
    [
        ("text/plain; charset=utf-8", 'attachment; filename="ATT00001.txt"'),
        ("text/plain; charset=utf-8; name=att00002.txt", "inline"),
        ("text/plain; charset=utf-8; name=body.txt", ""),
        ("text/plain; charset=utf-8; name=text-1.txt", "inline; filename=text-1.txt"),
        ("text/plain; charset=utf-8; name=letter.txt", ""),
        ("text/html; charset=utf-8", 'attachment; filename="ATT00003.htm"'),
    ],
)
def test_a_text_under_a_name_that_a_program_gave_is_the_text(type_: str, disposition: str, read: Read) -> None:
    content = FACTS.replace("\n", "<br>") if "html" in type_ else FACTS
    message = read(mixed(("application/pdf", 'attachment; filename="q.pdf"', "%PDF-"), (type_, disposition, content)))
    assert message.new_text == FACTS
    assert [a.name for a in message.attachments] == ["q.pdf"]


def test_a_text_file_of_the_senders_stays_a_file(read: Read) -> None:
    text, file = ("text/plain; charset=utf-8", "", "请查收"), ("text/plain", 'attachment; filename="list.txt"', "x")
    message = read(mixed(text, file))
    assert (message.new_text, [a.name for a in message.attachments]) == ("请查收", ["list.txt"])


def test_the_same_text_once_more_as_a_file_is_read_once(read: Read) -> None:
    text = "text/plain; charset=utf-8"
    assert read(mixed((text, "", FACTS), (text, "attachment; filename=ATT00001.txt", FACTS))).new_text == FACTS


@pytest.mark.parametrize("divider", ["--", "-- ", "——", "_____________"])
def test_a_divider_above_facts_begins_no_signature(divider: str, read: Read) -> None:
    message = read(plain(f"资料如下：\n{divider}\n{FACTS}"))
    assert "CHN20000001" in message.new_text
    assert message.signature_text == ""


def test_facts_behind_the_line_of_a_phone_are_read(read: Read) -> None:
    assert "EA1234561" in read(plain(f"请看\n发自我的iPhone\n\n{FACTS}")).new_text


def test_facts_in_the_frame_of_a_signature_are_read(read: Read) -> None:
    html = f'<div>您好</div><div class="foxmail_signature">{FACTS.replace(chr(10), "<br>")}</div>'
    assert "EA1234561" in read(build(Mail("注销", "", html=html), "163")).new_text


def test_marks_in_front_of_lines_quote_nothing_where_nothing_is_answered(read: Read) -> None:
    message = read(plain("名单：\n> 贺知秋 EA1234561\n> 季云舟 EA1234562"))
    assert message.new_text == "名单：\n贺知秋 EA1234561\n季云舟 EA1234562"


def test_the_same_marks_in_an_answer_are_history(read: Read) -> None:
    message = read(plain("好的\n> 贺知秋 EA1234561", "Re: 名单", In_Reply_To="<x@y>"))
    assert message.new_text == "好的"


MEMOS = [
    f"发件人：沈阳晴川机械有限公司 苏禾\n收件人：省外办 受理老师\n日期：2026年11月2日 9:05\n主题：注销\n\n{FACTS}",
    f"From: Qingchuan Machinery\nTo: APEC desk\nDate: 2 Nov 2026 9:05\nSubject: cancellation\n\n{FACTS}",
    f"老师您好：\n发件人：苏禾\n时间：2026年11月2日 9:05\n收件人：APEC受理\n{FACTS}",
]


@pytest.mark.parametrize("text", MEMOS)
def test_the_head_of_an_own_memo_is_no_history(text: str, read: Read) -> None:
    message = read(plain(text))
    assert "CHN20000001" in message.new_text
    assert message.quoted_text == ""


def test_a_sentence_that_ends_in_wrote_goes_on_in_the_senders_words(read: Read) -> None:
    message = read(plain(f"总公司在2026年的批复里写到：\n{FACTS}", "Re: 注销"))
    assert "CHN20000001" in message.new_text


def test_a_mail_of_nothing_but_a_frame_is_what_its_sender_says(read: Read) -> None:
    html = f'<blockquote type="cite"><p>{FACTS.replace(chr(10), "</p><p>")}</p></blockquote>'
    assert "CHN20000001" in read(build(Mail("注销商务旅行卡", "", html=html), "163")).new_text


def test_an_answer_between_quoted_items_takes_its_item_along(read: Read) -> None:
    text = (
        "答复如下。\n\n在 2026-11-03 10:20，外办 <lnwfapec@163.com> 写道：\n> 1. 人员姓名 —— 没有写明\n贺知秋\n"
        "> 2. 商务旅行卡有效期（到哪天） —— 没有写明\n2027年2月20日\n"
        "> 3. 卡号：没有写明\n卡号：CHN20000001\n> 谢谢\n不客气"
    )
    message = read(plain(text, "Re: 补正", In_Reply_To="<x@y>"))
    assert message.new_text == (
        "答复如下。\n人员姓名: 贺知秋\n商务旅行卡有效期: 2027年2月20日\n卡号：CHN20000001\n不客气"
    )


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("ISO-2022-CN", b'\x1b$)A\x0eW"Oz\x0f ABTC\r\n\x1b$)A\x0e;;\x0f'),
        ("us-ascii", b'\x1b$)A\x0eW"Oz\x0f ABTC\r\n\x1b$)A\x0e;;\x0f'),
        ("hz-gb-2312", b'~{W"Oz~} ABTC\r\n~{;;~}'),
        ("us-ascii", b'~{W"Oz~} ABTC\r\n~{;;~}'),
        ("cp54936", "注销 ABTC\r\n换".encode("gb18030")),
    ],
)
def test_seven_bit_and_oddly_labelled_chinese_is_read(charset: str, data: bytes, read: Read) -> None:
    raw = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + data
    assert read(raw).new_text == "注销 ABTC\n换"


def test_a_set_without_a_table_is_told_as_damage(read: Read) -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=iso-2022-cn\r\n\r\n\x1b$)G\x0eD!\x0f ok\x1b$)A\x1bNxx"
    assert read(raw).new_text == "\ufffd ok\ufffd"


def test_what_nobody_sees_between_letters_does_not_cut_them(read: Read) -> None:
    text = "贺\u200d知\u00ad秋 EA\u00ad123\u200c4561 葛\U000e0101城"
    assert read(plain(text)).new_text == "贺知秋 EA1234561 葛城"


def test_a_row_of_a_table_is_one_line_whatever_stands_in_its_cells(read: Read) -> None:
    rows = [["姓名", "护照号", "卡号"], ["贺知秋", "", "CHN20000001"], ["季云舟", "EA1234562", "CHN20000002"]]
    cells = "".join(
        "<tr>" + "".join(f"<td><p class=M><b>{c}</b><o:p></o:p></p></td>" for c in r) + "</tr>" for r in rows
    )
    message = read(build(Mail("名单", "", html=f"<p>名单：</p><table>{cells}</table><p>完</p>"), "163"))
    assert message.new_text.split("\n") == ["名单：", *("\t".join(r) for r in rows), "完"]


def test_a_table_that_only_lays_out_the_page_keeps_the_lines_of_its_cells(read: Read) -> None:
    inner = "<table><tr><td>卡号</td><td>CHN20000001</td></tr></table>"
    left, right = f"<div>您好</div><div>请注销</div>{inner}", f"<div>{'长' * 200}</div><div>尾</div>"
    html = f"<table><tr><td>{left}</td><td>{right}</td></tr></table>"
    text = read(build(Mail("注销", "", html=html), "163")).new_text
    assert text.split("\n") == ["您好", "请注销", "卡号\tCHN20000001", "长" * 200, "尾"]


def test_cells_and_rows_that_were_left_open_are_closed(read: Read) -> None:
    message = read(build(Mail("名单", "", html="<table><tr><td>甲<td>乙<tr><td>丙<td>丁</table>完"), "163"))
    assert message.new_text == "甲\t乙\n丙\t丁\n完"
