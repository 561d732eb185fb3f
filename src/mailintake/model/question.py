"""What an enquiry asks about, and in which language it is written."""

from enum import StrEnum


class QuestionKind(StrEnum):
    """Kinds of questions; in the order in which they count where one sentence asks for several."""

    COMPLAINT = "complaint"  # not a question: somebody is dissatisfied with the office (guide 1.4, 024-86893247)
    OTHER_SERVICE = "other_service"  # legalisation, service passports, invitations …: not the card
    PROGRESS = "progress"  # how an application stands: only a person can say
    LOST = "lost"  # guide 3.1②
    NEW_PASSPORT = "new_passport"  # guide 3.1①, 4
    WHEN_RENEW = "when_renew"  # guide 2.1②
    WHO = "who"  # who may apply: guide 1, 违规禁办事项清单
    TEMPLATES = "templates"  # where forms and specimens are had
    INVOICE = "invoice"  # guide 1.1 ⑧⑨
    PHOTO = "photo"  # photo and signature: guide 1.1(2)①②
    FEE = "fee"  # fee, account, transfer: guide 1.1 ⑧⑨
    HOW_LONG = "how_long"  # guide 1.3
    WHERE = "where"  # guide 1.2, address list
    PAPERS = "papers"  # which papers: guide 1.1
    UNKNOWN = "unknown"  # a question that the guide does not answer, or that nobody understood


class Language(StrEnum):
    """The language a sender writes in."""

    ZH = "zh"
    EN = "en"
