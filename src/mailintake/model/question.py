"""What an enquiry asks about, and in which language it is written."""

from enum import StrEnum


class QuestionKind(StrEnum):
    """Kinds of questions; in the order in which they count where one sentence asks for several."""

    COMPLAINT = "complaint"  # not a question: somebody is dissatisfied with the office (guide 1.4, 024-86893247)
    OTHER_SERVICE = "other_service"  # legalisation, service passports, invitations …: not the card
    PROGRESS = "progress"  # how an application stands: only a person can say
    LOST = "lost"  # guide 3.1②
    DAMAGED = "damaged"  # guide 3.1②
    ADD_ECONOMIES = "add_economies"  # guide 3.1③
    LEFT = "left"  # the holder leaves or retires, the card is cancelled: guide 5
    EARLY = "early"  # the card is needed before all economies have agreed: guide 6
    NEW_PASSPORT = "new_passport"  # guide 3.1①, 4
    WHEN_RENEW = "when_renew"  # guide 2.1②
    MEANWHILE = "meanwhile"  # is the old card usable until the new one is made: guide 2.1①
    TOLERANCE = "tolerance"  # what may come later, and how long: 容缺办理事项清单
    AGAIN = "again"  # a registered company applies again: guide 1.1(1)⑦
    WHO = "who"  # who may apply: guide 1, 违规禁办事项清单
    CERTIFICATE = "certificate"  # certificate of no criminal record: guide 1.1(1)⑤
    INSURANCE = "insurance"  # social insurance: guide 1.1(1)⑥
    PROFILE = "profile"  # what the company says of itself: guide 1.1(1)④, 1.1(2)⑤
    COMPANY_PAPERS = "company_papers"  # licence, taxes, proof of trade: guide 1.1(1)③
    PASSPORT = "passport"  # its page and its validity: guide 1.1(1)①, 1.1(2)③
    FORM = "form"  # the form of basic data: guide 1.1(2)④
    TEMPLATES = "templates"  # where forms and specimens are had
    INVOICE = "invoice"  # guide 1.1 ⑧⑨
    SLIP = "slip"  # where remittance slips are sent: guide 1.1(1)⑧⑨
    PHOTO = "photo"  # photo and signature: guide 1.1(2)①②
    FEE = "fee"  # fee, account, transfer: guide 1.1 ⑧⑨
    HOW_LONG = "how_long"  # guide 1.3
    MAIL_TO = "mail_to"  # the mailbox for electronic papers: guide 1.1(2)⑥
    CONTACT = "contact"  # telephone and address of the office: guide 1.4, address list
    ROUTE = "route"  # who examines and approves, and in which order: guide 1
    WHERE = "where"  # guide 1.2, address list
    PAPERS = "papers"  # which papers: guide 1.1
    SENT_BEFORE = "sent_before"  # not a question: slips that lack here are said to have been sent already
    UNKNOWN = "unknown"  # a question that the guide does not answer, or that nobody understood


BY_STAFF = frozenset(  # the guide does not answer these
    {
        QuestionKind.COMPLAINT,
        QuestionKind.OTHER_SERVICE,
        QuestionKind.PROGRESS,
        QuestionKind.SENT_BEFORE,
        QuestionKind.UNKNOWN,
    }
)


class Language(StrEnum):
    """The language a sender writes in."""

    ZH = "zh"
    EN = "en"
