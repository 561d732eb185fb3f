"""Word lists are not for show: each is taken away, and a paper that it reads, or a mail that it decides, comes out
otherwise. Each probe is the smallest that was found; `words_seen.yaml` has them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from ruamel.yaml import YAML
from tests.support.intake_mails import MONDAY, candidates, case, known_mail, letter
from tests.support.judgement import paper as a_paper
from tests.support.observing import Sample, opened_mail, shipped
from tests.support.papers import CENTRE, MFA, Sheet, card, company, passport_page, person
from tests.support.papers_layouts import SLIPS, bank_slip

from mailintake.mailbox.folders import FLAGS, Folder, special, special_names
from mailintake.model.assessment import Assessment, CheckedDocument, Verdict
from mailintake.model.case import Applicant, Case
from mailintake.model.document import Outcome
from mailintake.model.facts import FileFacts, TextFacts, TextLine
from mailintake.model.message import Address
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.situation import Situation
from mailintake.stages.assign.addressee import addressee
from mailintake.stages.decide.decide import decide
from mailintake.stages.interpret import interpret
from mailintake.stages.understand import understand

SEEN = YAML(typ="safe").load(Path(__file__).with_name("words_seen.yaml"))
NOTHING = "\u2042"  # a sign that no paper and no mail has
DAY = date(2026, 11, 3)
Look = Callable[[RuleSet], str]
TOKEN = "<l1@waiban.example>"
FILES = ("照片.jpg", "护照.jpg")
ANOTHER = ("照片.jpg", "苗雨桐照片.jpg", "苗雨桐护照.jpg")
NEW = ("新办", "丁一鸣申请新办", *FILES)
ONE = (case("LN-2026-000001-1"),)
PAIR = replace(ONE[0], applicants=(*ONE[0].applicants, Applicant("a2", "苗雨桐")))
PAIRED: dict[str, Any] = {"cases": (PAIR,), "in_reply_to": (TOKEN,)}
PROFILE = Assessment(Verdict.COMPLETE, (CheckedDocument(a_paper("company_profile"), Outcome.OK),))
WITH_PROFILE = (replace(ONE[0], company="沈阳浩宇机电有限公司", assessment=PROFILE),)
CANCELLED = replace(PAIR, procedure=ProcedureKey.CANCEL, variant="")
EARLY = replace(PAIR, procedure=ProcedureKey.EARLY_ISSUE, variant="")
LOST = replace(ONE[0], procedure=ProcedureKey.REPLACE, variant="lost")
LISTED = (("list-id", "<apec.groups.example>"),)
REPLY = (Address("", "suhe@groups.example"),)
PRINTED = {  # papers whose words stand beside each other: which lists they are read by
    "passport": ("name_zh", "passport_no", "sex", "birth_date", "birth_place", "passport_issue_date", "expiry_date"),
    "card": ("card_no", "card_expiry", "passport_no", "name_pinyin", "birth_date", "nationality"),
    "slip": ("payer_bank", "payee_bank", "holder", "account", "bank", "payer_marks", "payee_marks"),
}


def without(name: str) -> RuleSet:
    """The rules as delivered, but for the words of that list."""
    lists = shipped().rules.vocabulary.lists
    nothing = (NOTHING,) * len(lists[name])  # as many: of some lists each place is a sign of its own
    return replace(shipped().rules, vocabulary=Vocabulary({**lists, name: nothing}))


def paper(text: TextFacts) -> Look:
    """What is read out of that text."""
    return lambda rules: repr(interpret(FileFacts("0" * 64, 1, "pdf"), text, "1.pdf", rules))


def mail(*said: str, cases: Sequence[Case] = (), **changes: Any) -> Look:
    """What is understood of that mail (subject, text, files) and decided about it; `cases`: of its sender, which the
    letter that it answers was about."""
    sent = {TOKEN: cases[0].number} if cases else {}

    def look(rules: RuleSet) -> str:
        message = letter(said[0], said[1], said[2:], **changes)
        known = known_mail(message, rules, candidates(message, cases, rules, sent) if cases else None)
        understood = understand(known)
        decision = decide(Situation(known, understood, MONDAY), (f"LN-2026-{n:06}-0" for n in range(1, 9)))
        return repr((understood, [replace(case, rule_version="") for case in decision.cases], decision.letters))

    return look


def opened(raw: bytes) -> Look:
    """What readers find in those bytes."""
    return lambda rules: repr(opened_mail(Sample("", raw, MONDAY), rules))


def body(text: str, markup: str) -> Look:
    """What readers find in an answer with that text and markup."""
    return opened(_written(text, markup).as_bytes())


def _written(text: str, markup: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "suhe@qingchuan.example", "lnwfapec@163.com", "回复：新办"
    made.set_content(text)
    if markup:
        made.add_alternative(markup, subtype="html")
    return made


def pictured() -> Look:
    """A mail that shows a small picture with a name that a program gave."""
    file = BytesIO()
    Image.effect_noise((120, 90), 40).convert("RGB").save(file, "PNG")
    made = EmailMessage(policy=SMTP)
    made["From"], made["Subject"] = "suhe@qingchuan.example", "APEC"
    made.set_content('<div>新办</div><img src="cid:a">', subtype="html")
    made.add_related(file.getvalue(), "image", "png", cid="<a>", filename="image001.png", disposition="inline")
    return opened(made.as_bytes())


def parts_named(name: str) -> Look:
    """A mail in two parts of HTML, both with that name."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["Subject"] = "suhe@qingchuan.example", "APEC"
    made.make_mixed()
    for text in ("<p>新办</p>", "<p>材料见附件</p>"):
        made.add_attachment(text, subtype="html", filename=name, disposition="inline")
    return opened(made.as_bytes())


def folder(flag: str) -> Look:
    """The folder of that use where the server marks none."""
    others = ("INBOX", "草稿箱", "垃圾邮件", "已发送", "已删除", "归档")
    there = tuple(Folder(name, name, frozenset()) for name in others)
    return lambda rules: repr(special(there, flag, special_names(rules.vocabulary.lists)))


@cache
def sheets(name: str) -> tuple[Sheet, ...]:
    """Pages of that kind as they are printed."""
    match name:
        case "passport":
            page = passport_page(person(0))
            return page, Sheet(texts=[text for text in page.texts if not text.mono])  # and without its two lines
        case "card":
            return (card(person(0), "CHN12345678", date(2027, 3, 28)),)
        case _:
            return tuple(bank_slip(fee, 2, company(3), DAY, layout) for layout in SLIPS for fee in (MFA, CENTRE))


OTHERS = {
    "bound_for_patterns": lambda rules: repr(
        addressee(letter("咨询", "我们丹东的企业能直接跑沈阳去交吗？", ()), rules)
    ),  # mails of which more than subject, text and files counts, and what no mail shows
    "card_found_patterns": mail("回复：回执", "出租车司机把卡送回来了，对不起。", cases=(LOST,), in_reply_to=(TOKEN,)),
    "card_kept_patterns": mail("回复：回执", "公司把他返聘了，卡还要用。", cases=(CANCELLED,), in_reply_to=(TOKEN,)),
    "case_number_labels": mail("补照片", "受理编号 2026-0117，补发照片。", "照片.jpg", cases=ONE),
    "i_alone_patterns": mail(
        "丁一鸣新办APEC卡",
        "因为公司安排，今年出差特别多，所以想说明一下：我是市档案局在编人员。",
        *FILES,
        sender="丁一鸣 dym@haoyu.example",
    ),
    "leaving_kept_patterns": mail(
        "回复：回执", "苗雨桐又回来上班了，她的卡请不要注销。", cases=(CANCELLED,), in_reply_to=(TOKEN,)
    ),
    "leaving_lists": mail("回复：补正", "苗雨桐辞职了，名单里去掉吧。", **PAIRED),
    "leaving_not_early_patterns": mail(
        "回复：补正", "苗雨桐不急，她的不用提前。", cases=(EARLY,), in_reply_to=(TOKEN,)
    ),
    "leaving_papers": mail("回复：补正", "苗雨桐的照片去掉，换这一张。", **PAIRED),
    "leaving_pronouns": mail("回复：补正", "苗雨桐辞职了，请把他拿掉。", **PAIRED),
    "leaving_share_patterns": mail("回复：补正", "苗雨桐的申请请作废，丁一鸣照旧。", **PAIRED),
    "leaving_stop_patterns": mail("回复：补正", "苗雨桐不报，丁一鸣照报", **PAIRED),
    "leaving_stops": mail("回复：补正", "苗雨桐放弃申请，丁一鸣照办。", **PAIRED),
    "leaving_supposed": mail("回复：补正", "也许苗雨桐就不用了，等定了再说。", **PAIRED),
    "leaving_taken": mail("回复：补正", "请把苗雨桐划掉。", **PAIRED),
    "list_name_marks": mail(*NEW, sender="苏禾 via 团组 list@groups.example", headers=LISTED, reply_to=REPLY),
    "mail_layout_picture_names": pictured(),
    "mail_text_part_names": parts_named("body.html"),
    "new_matter_words": mail("Re: 补正", "另外续办苗雨桐", *FILES, cases=ONE, in_reply_to=(TOKEN,)),
    "noreply_locals": mail(*NEW, sender="noreply@haoyu.example"),
    "own_letter_marks": mail("转发：收件回执", "", quoted_text="收件回执 受理编号 LN-2026-000011-0 注销APEC卡"),
    "sent_before_patterns": mail("Re: 补正", "基本资料表上次不是发过了吗？", cases=ONE, in_reply_to=(TOKEN,)),
    "company_papers_before_patterns": mail(
        "新办 苗雨桐", "沈阳浩宇机电有限公司再报一位苗雨桐新办，公司简介上次交过了。", *ANOTHER, cases=WITH_PROFILE
    ),
    "until_when_patterns": mail("Re: 补正", "请问签名最迟几号前交？", cases=ONE, in_reply_to=(TOKEN,)),
    "question_who_topics_patterns": mail("咨询", "请问我爱人不在公司上班，能跟我一起申请APEC卡吗？"),
    "slips_sent_patterns": mail(
        "丁一鸣办新卡的汇款单", "出纳补汇了服务费，回单请查收。", "外服中心汇款单.jpg", cases=ONE
    ),
    "slips_sent_before_patterns": mail(NEW[0], "丁一鸣申请新办，材料附后。汇款单出纳昨天已经发过您邮箱。", *FILES),
    "part_patterns": mail("材料（2/3）", "丁一鸣新办，第二批", *FILES, cases=ONE),
    "person_added_patterns": mail("回复：补正", "再加一位苗雨桐，材料附上", *ANOTHER, cases=ONE, in_reply_to=(TOKEN,)),
    "public_mail_domains": mail(*NEW, sender="dym@163.com", reply_to=(Address("", "other@163.com"),)),
    "robot_sender_words": mail("工单", "您的邮件已收到，请勿回复。", sender="邮件系统 a@b.example"),
    "our_company_words": mail(
        "丁一鸣续办APEC卡",
        "沈阳浩宇机电有限公司丁一鸣续办，卡2026年12月20日到期。沈阳浩宇机电有限公司已经倒闭。",
        *FILES,
    ),
    **{f"folder_{flag.lower()}": folder(flag) for flag in FLAGS},
}


def looks(name: str) -> tuple[Look, ...]:
    """Papers or the mail in which the list is seen."""
    if name in OTHERS:
        return (OTHERS[name],)
    if name in SEEN["bodies"]:
        return (body(*SEEN["bodies"][name]),)
    if name in SEEN["papers"]:
        return (paper(TextFacts(tuple(map(TextLine, SEEN["papers"][name].splitlines())))),)
    if name in SEEN["mails"]:
        return (mail(*SEEN["mails"][name]),)
    of, _, field = name.removeprefix("doc_").partition("_")
    assert field in PRINTED.get(of, ()), f"no paper and no mail is known in which {name} decides"
    return tuple(paper(sheet.read("ocr", 0.98)) for sheet in sheets(of))


def test_a_list_that_has_nothing_to_do_with_a_mail_changes_nothing() -> None:
    look = mail(*NEW, cases=ONE)
    assert look(without("doc_economy_AUS")) == look(shipped().rules)


@pytest.mark.parametrize("name", sorted(shipped().rules.vocabulary.lists))
def test_without_its_words_something_is_read_or_understood_otherwise(name: str) -> None:
    assert any(look(without(name)) != look(shipped().rules) for look in looks(name))
