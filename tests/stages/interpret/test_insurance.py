"""Social insurance lists: a month that is mentioned is no month that was paid."""

from collections.abc import Callable

import pytest
from tests.support.papers import Sheet

from mailintake.model.facts import Reading

Read = Callable[..., Reading]
ROWS = ("202605 养老 已缴费", "202606 养老 已缴费")


@pytest.mark.parametrize(
    "mention",
    [
        "首次参保年月：2010年03月",
        "参加工作时间：2010-03",
        "参保日期  201003",
        "统计时段：202001-202610",
        "查询范围：2020年1月至2026年10月",
        "截至2026年10月累计缴费5个月",
        "本年度 2026-01 至 2026-10 期间缴费情况如下",
        "备注：202601-202603补缴于202606",
        "合同期限 2020年1月",
        "批次：202604",
        "打印日期：2026-11-03",
    ],
)
def test_a_month_that_is_only_mentioned_does_not_count(read: Read, mention: str) -> None:
    assert read("\n".join(("社会保险缴费明细", "姓名：王伟", mention, *ROWS))).get("insured_months") == "2"


@pytest.mark.parametrize(
    "paid", ["缴费起止 202601-202603", "缴费时段：2026-01 至 2026-03", "费款所属期：2026年1月-2026年3月"]
)
def test_a_label_of_payments_before_a_range_is_one(read: Read, paid: str) -> None:
    assert read("\n".join(("社会保险缴费明细", "姓名：王伟", paid, *ROWS))).get("insured_months") == "5"


def test_a_column_for_the_first_and_one_for_the_last_month_are_a_range(read: Read) -> None:
    sheet = Sheet().say(100, 50, "社会保险参保证明", 16)
    rows = (
        ("险种", "起始年月", "终止年月", "月数"),
        ("企业养老", "202511", "202604", "6"),
        ("失业保险", "2025-11", "2026-04", "6"),
    )
    for at, row in enumerate(rows):
        for x, text in zip((60, 150, 260, 370), row, strict=True):
            sheet.say(x, 100 + 20 * at, text, 11)
    assert read(sheet).get("insured_months") == "6"
    assert read("\n".join("  ".join(row) for row in (("社会保险参保证明",), *rows))).get("insured_months") == "6"


def test_the_month_of_arrival_beside_the_month_owed_is_no_range(read: Read) -> None:
    sheet = Sheet().say(100, 50, "社会保险缴费明细", 16).say(60, 100, "费款所属期", 11).say(200, 100, "到账年月", 11)
    sheet.say(60, 120, "202601", 11).say(200, 120, "202606", 11)
    assert read(sheet).get("insured_months") == "1"
