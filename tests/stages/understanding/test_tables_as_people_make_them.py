"""Tables as offices make them: heads of two rows, titles, units, departments, sums, people as columns."""

import pytest
from tests.support.judgement import RULES

from mailintake.model.facts import TextFacts, TextLine
from mailintake.stages.words.page import arrange
from mailintake.stages.words.tables import tables_in

ONE = {"passport_no": "EA5550011", "card_no": "CHN64711318", "card_expiry": "2028-01-05"}
TWO = {"passport_no": "EA5550022", "card_no": "CHN64711319", "card_expiry": "2028-02-06"}
ROWS = (
    "1  苗雪  EA5550011  2032-10-10  CHN64711318  2028-01-05",
    "2  顾今朝  EA5550022  2033-11-11  CHN64711319  2028-02-06",
)


@pytest.mark.parametrize(
    "lines",
    [
        ("续办人员名单", "序号  姓名  护照  -  商旅卡", "-  -  号码  有效期至  卡号  有效期至", *ROWS, "合计  2人"),
        (
            "序号  姓名  护照  商旅卡",
            "号码  有效期至  卡号  有效期至",
            *ROWS,
        ),  # cells that reach over others, written once
        ("序号  姓名  护照号  护照有效期  卡号  卡有效期", "-  -  号码  年/月/日  号码  年/月/日", *ROWS),
        ("序号  姓名  护照号  护照有效期  卡号  卡有效期", "销售部", ROWS[0], "车间", ROWS[1], "合计：2人"),
        (
            "姓名,苗雪,顾今朝",
            "护照号,EA5550011,EA5550022",
            "卡号,CHN64711318,CHN64711319",
            "卡有效期,2028-01-05,2028-02-06",
        ),
        (
            "Name  Passport No.  ABTC No.  Valid until",
            "MIAO XUE 苗雪  EA5550011  CHN64711318  2028-01-05",
            "顾今朝 (GU JINZHAO)  EA5550022  CHN64711319  2028-02-06",
        ),
    ],
)
def test_each_column_is_known_whatever_the_head_looks_like(lines: tuple[str, ...]) -> None:
    rows = tables_in("\n".join(lines), RULES).rows
    assert {row.name: dict(row.fields) for row in rows} == {"苗雪": ONE, "顾今朝": TWO}


def test_a_second_part_with_a_head_of_its_own_is_a_table_of_its_own() -> None:
    first = ("新办人员", "姓名  护照号", "苗雪  EA5550011")
    second = ("续办人员", "姓名  护照号  卡号  卡有效期", "顾今朝  EA5550022  CHN64711319  2028-02-06")
    rows = tables_in("\n".join((*first, *second)), RULES).rows
    assert {row.name: dict(row.fields) for row in rows} == {"苗雪": {"passport_no": "EA5550011"}, "顾今朝": TWO}


def test_what_stands_below_a_table_is_no_part_of_it() -> None:
    rest = tables_in("姓名  护照号\n苗雪  EA5550011\n以上一人，请审核。", RULES).rest
    assert rest.strip() == "以上一人，请审核。"


def test_a_row_of_a_workbook_that_begins_with_empty_cells_keeps_its_columns() -> None:
    cells = [(0, 0, "姓名"), (1, 0, "护照"), (3, 0, "商旅卡"), (1, 1, "号码"), (2, 1, "有效期")]
    lines = tuple(TextLine(text, 1, (x * 120, y * 12, x * 120 + 60, y * 12 + 12)) for x, y, text in cells)
    assert arrange(TextFacts(lines)).table.split("\n") == ["姓名  护照  商旅卡", "-  号码  有效期"]
