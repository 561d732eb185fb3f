"""What a letter says, judged by the words of its plain text."""

import re

WORDS: dict[str, tuple[str, ...]] = {
    "photo": ("照片",),
    "signature": ("签名",),
    "passport_scan": ("护照",),
    "old_passport": ("旧护照", "原护照"),
    "form_pdf": ("基本资料",),
    "company_profile": ("企业简介", "公司简介"),
    "slip_mfa": ("外交部",),
    "slip_centre": ("外事服务中心", "服务中心"),
    "no_crime_certificate": ("无犯罪",),
    "social_insurance": ("社会保险", "社保"),
    "application_form": ("申请事项表",),
    "business_licence": ("营业执照",),
    "tax_proof": ("纳税", "完税"),
    "trade_proof": ("往来证明", "报关单", "合同"),
    "official_letter": ("公函", "申请函", "请示", "换卡申请", "申请"),
    "police_report": ("挂失", "公安"),
    "card_copy": ("正反面", "原卡"),
    "card_number": ("卡号",),
    "card_validity": ("有效期",),
    "passport_info": ("护照",),
    "person_info": ("姓名", "人员"),
    "early_reason": ("原因", "理由", "事由"),
    "cloud_link": ("超大附件", "云附件", "网盘", "中转站", "链接", "云端"),
    "container": ("压缩包", "压缩文件", "附件"),
}
_PROMISES = re.compile(
    r"(?:已经?|予以|给予|将会?|肯定|一定|必定|保证)(?:获得?|得到|被)?(?:批准|审批通过|核准|通过审批)"
)
_NEGATED = re.compile(r"(?:不|并非|不代表|不等于|是否|未|没有|不表示)[^。；\n]{0,12}$")
_PAY = re.compile(r"汇款|缴费|转账|打款|支付|手续费|收款账号|账号")


def names_kind(text: str, kind: str) -> bool:
    """Does the letter name that paper or fact?"""
    return any(word in text for word in WORDS.get(kind, (kind,)))


def promises_approval(text: str) -> bool:
    """Does it say that the card will be granted?"""
    return any(not _NEGATED.search(text[: found.start()]) for found in _PROMISES.finditer(text))


def asks_payment(text: str) -> bool:
    """Does it speak of paying? Sentences that say nothing is due do not count."""
    sentences = re.split(r"[。；\n]", text)
    return any(_PAY.search(s) and not re.search(r"无需|不需|不用|免费|不收", s) for s in sentences)
