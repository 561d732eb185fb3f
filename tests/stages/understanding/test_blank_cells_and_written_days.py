"""A cell that is blank in a row is blank, whatever stands beside it, and a day in characters is a day."""

import pytest
from tests.support.judgement import RULES

from mailintake.stages.words.dates import iso_dates
from mailintake.stages.words.tables import tables_in

HEAD = "姓名  护照号  护照有效期  卡号  卡有效期"
FULL = "苗雪  EA5550011  2032-10-10  CHN64711318  2028-01-05"


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (
            "顾今朝  EA5550022  2030-07-07  CHN64711319",
            {"passport_no": "EA5550022", "card_no": "CHN64711319"},
        ),
        ("顾今朝  EA5550022  2031-05-21  2029-02-26", {"passport_no": "EA5550022", "card_expiry": "2029-02-26"}),
        (
            "顾今朝  EA5550022  2031-05-21  CHN64711319  二〇二九年二月廿六日",
            {"passport_no": "EA5550022", "card_no": "CHN64711319", "card_expiry": "2029-02-26"},
        ),
    ],
)
def test_a_blank_cell_takes_no_value_from_its_neighbours(line: str, fields: dict[str, str]) -> None:
    rows = tables_in("\n".join((HEAD, FULL, line)), RULES).rows
    assert {row.name: dict(row.fields) for row in rows}["顾今朝"] == fields


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二七年六月十六日", "2027-06-16"),
        ("二零二七年十二月三十一日", "2027-12-31"),
        ("二○三〇年元月廿三日", "2030-01-23"),
        ("2027年六月十六号", "2027-06-16"),
        ("二\ufffd\ufffd二七年六月十日", "2027-06-10"),
        ("二〇二七年二月三十日", None),
    ],
)
def test_a_day_written_in_characters_is_read(text: str, day: str | None) -> None:
    assert next(iter(iso_dates(text)), None) == day
