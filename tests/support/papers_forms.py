"""The basic-data form in its shapes: AcroForm, XFA in both storage forms, flattened, scan, empty, placeholder."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from tests.support.papers_people import Person
from tests.support.papers_sheet import Sheet

TITLE = "APEC商务旅行卡申请人员基本资料"
LABELS = {
    "name_zh": ("ChineseName", "中文姓名 Name in Chinese"),
    "surname_pinyin": ("FamilyName", "姓 Family name"),
    "given_name_pinyin": ("GivenNames", "名 Given names"),
    "sex": ("Sex", "性别 Sex"),
    "birth_date": ("DateOfBirth", "出生日期 Date of birth"),
    "birth_place": ("PlaceOfBirth", "出生地 Place of birth"),
    "passport_no": ("PassportNo", "护照号码 Passport No."),
    "passport_issue_date": ("PassportIssue", "签发日期 Date of issue"),
    "expiry_date": ("PassportExpiry", "有效期至 Date of expiry"),
    "employer": ("Company", "工作单位 Employer"),
    "employer_en": ("CompanyEnglish", "单位英文名称 Employer in English"),
    "job_title": ("Position", "职务 Position"),
    "job_title_en": ("PositionEn", "职务(英文) Position in English"),
    "mobile": ("Mobile", "手机号码 Mobile"),
    "email": ("Email", "电子邮箱 E-mail"),
}


def form_values(who: Person, employer: str) -> dict[str, str]:
    """What the person writes into the form, by standard field name."""
    return {
        "name_zh": who.name_zh,
        "surname_pinyin": who.surname,
        "given_name_pinyin": who.given,
        "sex": who.sex,
        "birth_date": who.birth.isoformat(),
        "birth_place": who.place,
        "passport_no": who.passport_no,
        "passport_issue_date": who.issued.isoformat(),
        "expiry_date": who.expiry.isoformat(),
        "employer": employer,
        "employer_en": "SPECIMEN TRADING CO., LTD.",
        "job_title": who.job_title,
        "job_title_en": "SALES MANAGER",
        "mobile": who.mobile,
        "email": who.email,
    }


def _sheet(values: dict[str, str]) -> Sheet:
    sheet = Sheet().say(170, 50, TITLE, 16)
    for row, (field, (_name, label)) in enumerate(LABELS.items()):
        sheet.say(60, 110 + 40 * row, label)
        if values.get(field):
            sheet.say(320, 110 + 40 * row, values[field])
    return sheet


def form_acroform(values: dict[str, str], *, names: dict[str, str] | None = None, tips: bool = True) -> bytes:
    """Fields with values; `names` renames them, for forms whose fields are called Text1."""
    with pikepdf.open(io.BytesIO(_sheet({}).pdf())) as pdf:
        page, fields = pdf.pages[0], []
        for row, (field, (name, label)) in enumerate(LABELS.items()):
            top = 842 - 110 - 40 * row
            widget = Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String((names or {}).get(field, name)),
                V=String(values.get(field, "")),
                Rect=Array([320, top - 18, 540, top]),
                P=page.obj,
            )
            if tips:
                widget.TU = String(label)
            fields.append(pdf.make_indirect(widget))
        page.obj.Annots = Array(fields)
        pdf.Root.AcroForm = Dictionary(Fields=Array(fields), NeedAppearances=True)
        return _saved(pdf)


def form_text(values: dict[str, str]) -> bytes:
    """Printed to PDF: a text layer and no fields."""
    return _sheet(values).pdf()


def form_scan(values: dict[str, str]) -> bytes:
    """Printed and scanned."""
    return _sheet(values).scan()


def form_xfa(values: dict[str, str], *, single_stream: bool = False) -> bytes:
    """A dynamic XFA form: the data packet holds the values, the page only Adobe's placeholder."""
    leaves = "".join(f"<{LABELS[f][0]}>{v}</{LABELS[f][0]}>" for f, v in values.items())
    data = f'<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form1>{leaves}</form1></xfa:data></xfa:datasets>'
    template = '<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="form1"/></template>'
    with pikepdf.open(io.BytesIO(form_placeholder())) as pdf:
        if single_stream:
            whole = f'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">{template}{data}</xdp:xdp>'
            xfa: pikepdf.Object = Stream(pdf, whole.encode())
        else:
            packets = {"template": template, "datasets": data}
            xfa = Array(
                [x for n, p in packets.items() for x in (String(n), pdf.make_indirect(Stream(pdf, p.encode())))]
            )
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=xfa)
        pdf.Root.NeedsRendering = True
        return _saved(pdf)


def form_placeholder() -> bytes:
    """Only the page that asks for Adobe Reader."""
    sheet = Sheet().say(60, 80, "Please wait...", 14)
    sheet.say(60, 110, "If this message is not eventually replaced by the proper contents of the document,", 11)
    return sheet.say(60, 128, "your PDF viewer may not be able to display this type of document.", 11).pdf()


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
