"""Whose each file is and what it is: flat names, folders, pinyin, numbers, content against name."""

import pytest
from tests.support.intake_mails import MONDAY, attachment, facts_of, image, letter, pdf, people_of, reading, sha

from mailintake.model.facts import FileFacts, PdfShape
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.model.understanding import People
from mailintake.stages.assign.steps import assign, kinds_for

SIX = ("丁一鸣", "苗雨桐", "郁文博", "郝思远", "欧阳静怡", "凌志")


def table(people: People) -> dict[str, tuple[str | None, str | None]]:
    """path → (kind, name of the person)."""
    names = {a.key: a.name for a in people.applicants}
    return {d.path: (d.kind, names.get(d.applicant or "")) for d in people.documents}


def names(people: People) -> list[str]:
    """The applicants' names in order."""
    return [a.name for a in people.applicants]


def test_one_person_owns_every_personal_file(rules: RuleSet) -> None:
    files = ("照片.jpg", "签名.jpg", "护照首页.jpg", "APEC申请人员基本资料.pdf", "企业简介.docx", "汇款单-外交部.pdf")
    found = people_of(letter("新办APEC卡-丁一鸣", "材料见附件", files), rules)
    assert table(found) == {
        "照片.jpg": ("photo", "丁一鸣"),
        "签名.jpg": ("signature", "丁一鸣"),
        "护照首页.jpg": ("passport_page", "丁一鸣"),
        "APEC申请人员基本资料.pdf": ("abtc_basic_data", "丁一鸣"),
        "企业简介.docx": ("company_profile", None),
        "汇款单-外交部.pdf": ("remittance_mfa", None),
    }


@pytest.mark.parametrize(
    "pattern",
    [
        "{}照片.jpg",
        "照片-{}.jpg",
        "{}_照片_最终版.jpg",
        "材料.zip/{}/照片.jpg",
        "照片/{}.jpg",
        "3.{}（照片）.jpg",
        "白底照片 {}.JPG",
    ],
)
def test_six_people_in_any_way_of_naming(pattern: str, rules: RuleSet) -> None:
    files = tuple(pattern.format(name) for name in SIX)
    found = people_of(letter("关于为丁一鸣等6人办理APEC商务旅行卡的函", "材料附后", files), rules)
    assert table(found) == {path: ("photo", name) for path, name in zip(files, SIX, strict=True)}
    assert sorted(names(found)) == sorted(SIX)


@pytest.mark.parametrize(
    "pattern", ["{}_photo.jpg", "photo_{}.jpg", "{}photo.jpg", "{}-zhaopian.JPG", "{}/photo.jpg", "files.zip/{}/zp.jpg"]
)
def test_pinyin_names_meet_the_chinese_names_of_the_text(pattern: str, rules: RuleSet) -> None:
    spelt = ("dingyiming", "MiaoYutong", "yu_wenbo")
    files = tuple(pattern.format(name) for name in spelt)
    found = people_of(letter("新办", "申请人：丁一鸣、苗雨桐、郁文博", files), rules)
    assert [owner for _, owner in table(found).values()] == ["丁一鸣", "苗雨桐", "郁文博"]


def test_a_kind_of_two_words_is_not_cut_out_of_a_name_and_a_word(rules: RuleSet) -> None:
    """An e-sign is no "..e_sign": the name before it keeps its last letter."""
    found = people_of(letter("新办", "申请人：贺秋月、卓知雪", ("heqiuyue_sign.jpg", "zhuozhixue_sign.jpg")), rules)
    assert names(found) == ["贺秋月", "卓知雪"]
    assert table(found)["heqiuyue_sign.jpg"] == ("signature", "贺秋月")
    assert table(found)["zhuozhixue_sign.jpg"] == ("signature", "卓知雪")


def test_numbered_files_follow_the_order_of_the_list(rules: RuleSet) -> None:
    found = people_of(
        letter("新办", "申请人：1丁一鸣、2苗雨桐", ("照片1.jpg", "照片2.jpg", "护照2.jpg", "护照1.jpg")), rules
    )
    assert table(found)["护照2.jpg"] == ("passport_page", "苗雨桐")
    assert table(found)["照片1.jpg"] == ("photo", "丁一鸣")


def test_the_one_file_left_goes_to_the_one_person_left(rules: RuleSet) -> None:
    found = people_of(letter("新办丁一鸣、苗雨桐", "", ("丁一鸣照片.jpg", "照片.jpg", "苗雨桐签名.jpg")), rules)
    assert table(found)["照片.jpg"] == ("photo", "苗雨桐")


def test_an_english_mail_names_its_people(rules: RuleSet) -> None:
    text = "Applicants: Miao Yutong and Mr. DING Yiming, Shenyang Haoyu Machinery Co., Ltd.\nBest regards,\nWang Lei"
    found = people_of(letter("APEC card application", text, ("photo.jpg",), "Wang Lei wang@haoyu.example"), rules)
    assert sorted(names(found)) == ["DING YIMING", "MIAO YUTONG"]
    assert found.company == "Shenyang Haoyu Machinery Co., Ltd."
    assert found.city == "沈阳"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("申请人丁一鸣、苗雨桐，材料附后", ["丁一鸣", "苗雨桐"]),
        ("我公司丁一鸣（护照号E11223344）申请办理", ["丁一鸣"]),
        ("兹有我单位欧阳静怡同志因业务需要申办", ["欧阳静怡"]),
        ("现为丁一鸣等3人申办", ["丁一鸣"]),
        ("丁一鳴換護照了", ["丁一鸣"]),
        ("老师好，凌志的卡到期了。王科 13912345678", ["凌志"]),
        ("老师好，我是浩宇机电的王科，凌志的卡丢了", ["凌志"]),
        ("凌志在大连出差时把卡丢了，已报警。\n王科", ["凌志"]),
        ("老师好，麻烦您看一下材料，谢谢", []),
        ("请联系经办人王科，电话13912345678", []),
        ("祝工作顺利！\n沈阳浩宇机电有限公司 行政部 王科", []),
        ("单位简介、安全生产许可证和路条都在附件", []),
        ("钱明天汇，章明天盖", []),
        ("新办名单\n姓名 | 护照号 | 备注\n丁一鸣 | E11223344 | 首次\n苗雨桐 | E55667788 | 本次不办", ["丁一鸣"]),
        ("材料是我给潘总发的，丁一鸣首次申办", ["丁一鸣"]),
        ("苗雨桐的位置由新同事接了，丁一鸣新办，材料附上", ["丁一鸣"]),
        ("卡的正反面我孙女帮我照了，丁一鸣申请续办", ["丁一鸣"]),
        ("您好，我是安禾医疗影像的丁一鸣，护照E11223344，申请新办", ["丁一鸣"]),
        ("我司丁一鸣外贸部经理，申请新办", ["丁一鸣"]),
        ("两家新办（抚顺远诚、铁岭沃川）\n(1)铁岭沃川种业有限公司 申请人 丁一鸣", ["丁一鸣"]),
    ],
)
def test_who_applies_is_read_from_the_text(text: str, expected: list[str], rules: RuleSet) -> None:
    assert names(people_of(letter("APEC商务旅行卡", text, ("照片.jpg",)), rules)) == expected


def test_a_company_s_short_name_is_no_person(rules: RuleSet) -> None:
    text = "沈阳金达机电有限公司申请办理，申请人丁一鸣"
    assert names(people_of(letter("新办", text, ("金达公函.pdf", "金达简介.docx", "丁一鸣照片.jpg")), rules)) == [
        "丁一鸣"
    ]


def test_numbers_of_a_list_go_to_their_people(rules: RuleSet) -> None:
    text = "申请人丁一鸣、苗雨桐，护照号E11223344、EA1234567。"
    found = people_of(letter("新办", text), rules)
    assert [(a.name, a.passport_no) for a in found.applicants] == [("丁一鸣", "E11223344"), ("苗雨桐", "EA1234567")]


def test_facts_of_the_body_reach_the_person(rules: RuleSet) -> None:
    text = "丁一鸣已离职，旧护照E11223344，新护照EA1234567，卡号CHN23456789，有效期至2028年5月6日，1980年1月2日出生"
    one = people_of(letter("注销", text), rules).applicants[0]
    assert (one.passport_no, one.old_passport_no, one.card_no) == ("EA1234567", "E11223344", "CHN23456789")
    assert (one.card_expiry, one.birth_date) == ("2028-05-06", "1980-01-02")


def test_content_beats_a_wrong_name_and_completes_a_vague_one(rules: RuleSet) -> None:
    files = ("照片.jpg", "扫描件1.pdf", "请示.pdf", "旧护照.jpg")
    readings = {
        "照片.jpg": reading("passport_page", name_zh="丁一鸣"),
        "扫描件1.pdf": reading("social_insurance"),
        "请示.pdf": reading("cancellation_request"),
        "旧护照.jpg": reading("passport_page", passport_no="E11223344"),
    }
    found = table(people_of(letter("丁一鸣材料", "", files), rules, readings))
    assert [kind for kind, _ in found.values()] == [
        "passport_page",
        "social_insurance",
        "cancellation_request",
        "old_passport_page",
    ]


def test_two_sources_that_differ_are_a_conflict(rules: RuleSet) -> None:
    readings = {"护照.jpg": reading("passport_page", passport_no="E99887766", name_zh="丁一鸣")}
    mail = letter("新办", "申请人丁一鸣（护照号E11223344）", ("护照.jpg",))
    assert people_of(mail, rules, readings).applicants[0].conflicts == ("passport_no: mail E11223344 / mrz E99887766",)


def test_two_generic_slips_are_one_of_each(rules: RuleSet) -> None:
    found = table(people_of(letter("汇款单", "", ("汇款单1.jpg", "汇款单2.jpg")), rules))
    assert sorted(kind or "" for kind, _ in found.values()) == ["remittance_centre", "remittance_mfa"]


def test_a_nameless_picture_is_what_a_short_note_says(rules: RuleSet) -> None:
    found = table(people_of(letter("Re: 告知", "丁一鸣的签名补上", ("IMG_2034.JPG",)), rules))
    assert found == {"IMG_2034.JPG": ("signature", "丁一鸣")}


def test_shape_tells_photo_signature_and_form_without_names(rules: RuleSet) -> None:
    mail = letter(
        "材料", "丁一鸣的全部材料发给您，请审核，如有不妥请随时联系我们，谢谢", ("1.jpg", "2.jpg", "3.pdf", "4.jpg")
    )
    facts: dict[str, FileFacts] = {
        sha("1.jpg"): image("1.jpg", 600, 800),
        sha("2.jpg"): image("2.jpg", 300, 150, 3.0),
        sha("3.pdf"): pdf("3.pdf", PdfShape.XFA),
        sha("4.jpg"): image("4.jpg", 2480, 3508),
    }
    found = assign(ReadMail(mail, facts, {}, rules, MONDAY))
    assert [d.kind for d in found.documents] == ["photo", "signature", "abtc_basic_data", None]


def test_containers_are_listed_only_when_they_could_not_be_opened(rules: RuleSet) -> None:
    good, bad = attachment("好.zip"), attachment("坏.zip", problem="archive.encrypted")
    mail = letter("材料", "", (good, "好.zip/照片.jpg", bad))
    found = assign(ReadMail(mail, facts_of(mail), {}, rules, MONDAY))
    assert [(d.path, d.problem) for d in found.documents] == [("好.zip/照片.jpg", ""), ("坏.zip", "archive.encrypted")]


def test_nothing_is_dropped(rules: RuleSet) -> None:
    found = people_of(letter("材料", "", ("说明.txt", "a.dat", "Thumbs.db")), rules)
    assert [(d.path, d.kind) for d in found.documents] == [("说明.txt", None), ("a.dat", None), ("Thumbs.db", None)]


def test_the_procedure_says_what_a_letter_and_a_passport_page_are(rules: RuleSet) -> None:
    files = ("公函.pdf", "护照1.jpg", "护照2.jpg")
    readings = {
        "护照1.jpg": reading("passport_page", passport_no="E11223344", expiry_date="2027-01-01"),
        "护照2.jpg": reading("passport_page", passport_no="EA1234567", expiry_date="2036-01-01"),
    }
    documents = people_of(letter("换卡", "丁一鸣", files), rules, readings).documents
    replaced = kinds_for(ProcedureKey.REPLACE, "new_passport", documents, rules)
    assert [d.kind for d in replaced] == ["replacement_request", "old_passport_page", "new_passport_page"]
    cancelled = kinds_for(ProcedureKey.CANCEL, "only", documents, rules)
    assert cancelled[0].kind == "cancellation_request"
    assert [d.kind for d in kinds_for(ProcedureKey.REPLACE, "damaged", documents, rules)][1:] == [
        "passport_colour_scan"
    ] * 2


@pytest.mark.parametrize(
    ("text", "company", "city"),
    [
        ("我是沈阳浩宇机电有限公司的王科", "沈阳浩宇机电有限公司", "沈阳"),
        ("我公司（大连远舟物流（集团）股份有限公司）申请新办", "大连远舟物流(集团)股份有限公司", "大连"),
        ("谢谢\n辽宁鸿图新材料有限责任公司\n营口市老边区", "辽宁鸿图新材料有限责任公司", "营口"),
        ("我公司的卡到期了", "", ""),
    ],
)
def test_company_and_city(text: str, company: str, city: str, rules: RuleSet) -> None:
    found = people_of(letter("APEC卡", text), rules)
    assert (found.company, found.city) == (company, city)
