"""事项, 要件 and checks, as declared in config/procedures/*.yaml and config/documents.yaml."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from mailintake.model.value import config_value

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class ProcedureKey(StrEnum):
    """The six procedures of the guide, in its order."""

    NEW = "new"
    RENEW = "renew"
    REPLACE = "replace"
    PASSPORT_CHANGE = "passport_change"
    CANCEL = "cancel"
    EARLY_ISSUE = "early_issue"


class Scope(StrEnum):
    """Whom a document belongs to."""

    APPLICANT = "applicant"
    COMPANY = "company"
    GROUP = "group"  # one per 团组: one mail, one batch


class Severity(StrEnum):
    """What a failed check does."""

    CORRECT = "correct"  # told to the applicant, the document does not count
    WARN = "warn"  # told to staff, the document counts
    FLAG = "flag"  # told to staff only, with evidence
    STAFF = "staff"  # a line of the staff checklist: only a person can look


class Identifies(StrEnum):
    """Whom or what a paper names beyond doubt."""

    PERSON = "person"  # who somebody is: the form, a passport page
    CARD = "card"  # which card somebody holds


class PassportRole(StrEnum):
    """Which of somebody's passports a page shows."""

    ANY = "any"  # the kind alone does not say
    OLD = "old"
    NEW = "new"


@config_value
class CheckSpec:
    """A check and its parameters. `use` names a file in checks/; `params` is validated by that file's Params."""

    use: str
    id: str = ""  # what tells two checks of the same `use` apart; files laid over this one change it by that name
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.CORRECT
    clause: str = ""
    source: str = ""  # file:line, filled in by the loader


@config_value
class DocumentKind:
    """What a document is, how it is recognised and what is checked of it."""

    key: str
    title: str
    subject: str  # first half of its finding codes: photo, signature, passport, form, slip …
    scope: Scope
    missing: str  # finding code when it did not come
    formats: tuple[str, ...] = ()  # FileFacts.format values that are accepted; empty: any readable
    near_formats: tuple[str, ...] = ()  # right content in the wrong format: said in words
    aliases: tuple[str, ...] = ()  # words in file and folder names, longest wins
    not_aliases: tuple[str, ...] = ()  # words that speak against
    text_any: tuple[str, ...] = ()  # words in the document's own text that choose it where its name may mean several
    text_all: tuple[str, ...] = ()  # words that must all be there for the text alone to decide; empty: it never does
    text_not: tuple[str, ...] = ()  # words in its text by which it is not that kind, whatever its name says
    needs_text: bool = False  # a check or the assignment needs its text: OCR is worth its cost
    shape_hint: str = ""  # how its pixels look: portrait | signature | page; empty: no hint
    fact: bool = False  # not a file: may stand in a letter, a form or the mail body
    fields: tuple[str, ...] = ()  # fact kinds: Field names that satisfy it (any)
    reader: str = ""  # what reads its text (stages.interpret); empty: nothing is read out of it
    identifies: Identifies | None = None  # whom or what it names beyond doubt: person | card
    passport: PassportRole | None = None  # a passport page: any | old | new
    asks_for: ProcedureKey | None = None  # the procedure that an official letter of this kind asks for
    generic: bool = False  # its content does not tell it from its relatives: any letter, any passport page
    own_picture: bool = False  # everybody has an own one: two people with the same picture are flagged
    names_company: bool = False  # the employer it names is the company that applies
    statement: bool = False  # its text says what somebody is or did: words of the 禁办 list count in it
    checks: tuple[CheckSpec, ...] = ()
    source: str = ""


@config_value
class Requirement:
    """One 要件 of a variant."""

    kind: str
    tolerable: bool = False  # 容缺
    alternatives: tuple[str, ...] = ()  # other kinds that satisfy it
    clause: str = ""
    note: str = ""
    source: str = ""


@config_value
class Variant:
    """A case of a procedure with its own list; `like` names another variant ("new.first_time")."""

    id: str
    title: str
    email: tuple[Requirement, ...] = ()
    paper: tuple[Requirement, ...] = ()
    like: str = ""
    companion: ProcedureKey | None = None  # procedure that must be opened along with it
    clause: str = ""
    default: bool = False
    notice: str = ""  # code of a line for staff: a person looks at every case of it, and no letter calls it complete
    source: str = ""


@config_value
class Condition:
    """A condition on the case as a whole, judged by a check over case facts; failures are flags or warnings."""

    use: str
    id: str = ""  # what tells two conditions of the same `use` apart, as for checks
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.FLAG
    clause: str = ""
    source: str = ""


@config_value
class Procedure:
    """One of the six."""

    key: ProcedureKey
    title: str
    time_limit_days: int  # working days, provincial review
    fees: tuple[str, ...] = ()  # keys of config/fees.yaml
    tolerance: bool = False  # has a 容缺 list
    correction_days: int | None = (
        None  # 补正期限 in working days: the guide sets one with a 容缺 list, and nowhere else
    )
    reply_within_days: int | None = None  # the office's own wish, where the guide sets no period; said as a wish
    variants: tuple[Variant, ...] = ()
    conditions: tuple[Condition, ...] = ()
    clause: str = ""
    source: str = ""

    @property
    def reply_days(self) -> int | None:
        """Working days that the sender has: the guide's, else those the office wishes; None: no day is set."""
        return self.correction_days if self.tolerance else self.reply_within_days

    def variant(self, id_: str | None) -> Variant:
        """The variant of that id, or the default one (the first where none is marked)."""
        by_id = next((v for v in self.variants if v.id == id_), None)
        return by_id or next((v for v in self.variants if v.default), self.variants[0])

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind that any variant asks for, by mail or on paper, or takes instead."""
        requirements = (r for v in self.variants for r in (*v.email, *v.paper))
        return frozenset(kind for r in requirements for kind in (r.kind, *r.alternatives))


@config_value
class Prohibition:
    """A 违规禁办 item: flagged to staff with evidence, never decided, never told."""

    id: str
    procedures: tuple[ProcedureKey, ...]
    title: str
    words: tuple[str, ...] = ()  # in job title, employer or certificate text
    never_alone: tuple[str, ...] = ()  # weak words: need a second sign
    not_words: tuple[str, ...] = ()  # 传媒有限公司 is an ordinary company
    fields: tuple[str, ...] = ()  # reading fields looked at: job_title employer tax_grade has_record …
    values: tuple[str, ...] = ()  # field values that raise it (tax_grade: C, D)
    says: tuple[str, ...] = ()  # patterns: a sentence of a mail or letter that states it; {name} is an applicant's name
    says_not: tuple[str, ...] = ()  # patterns: in the same clause, or reaching into it, they take it back
    says_company: tuple[str, ...] = ()  # patterns that state it of the company itself, whoever applies
    of_person: bool = False  # what `says` says counts only where it is about an applicant
    manual: bool = False  # a checklist line for every case of the procedure
    clause: str = ""
    source: str = ""
