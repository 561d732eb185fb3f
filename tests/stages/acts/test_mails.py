"""What staff do with a mail."""

from dataclasses import replace

from tests.support.acts import TUESDAY, around, code, done, in_state, judged_case, signed
from tests.support.judgement import HE, JI, intent, mail, paper, situation, understood

from mailintake.model.act import Answered, IsSpam, LinkTo, NoAction, NotSpam, OpenCase, Unlink
from mailintake.model.case import Case, DeadlineKind, State
from mailintake.model.document import Document
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Decision, Disposition, People
from mailintake.stages.acts.mails import StoredMail, on_mail

P = ProcedureKey
SHA = "f" * 64


def photo(sha256: str = SHA) -> Document:
    return replace(paper("photo", HE), message=sha256, path="new/photo.jpg", sha256="9" * 64)


def stored(*documents: Document, kind: MessageClass = MessageClass.UNKNOWN, cases: tuple[str, ...] = ()) -> StoredMail:
    message = mail(SHA, message_id="<m@x>")
    read = understood(message, intent(P.NEW), kind=kind, people=People((HE,), documents))
    return StoredMail(SHA, Disposition.FOR_STAFF, cases, situation=situation(message, read))


def test_a_mail_that_is_linked_brings_its_papers_and_is_answered() -> None:
    case = judged_case("photo")
    made = done(on_mail(stored(photo()), LinkTo(case.number), signed(LinkTo("")), around(case)))
    (joined,) = made.cases
    assert joined.state is State.COMPLETE
    assert SHA in joined.messages
    assert [o.letter for o in made.letters] == [LetterKind.ACKNOWLEDGEMENT]
    assert made.fate is not None
    assert made.fate.disposition is Disposition.CASE_EXTENDED
    again = stored(photo(), cases=(case.number,))
    assert code(on_mail(again, LinkTo(case.number), signed(LinkTo("")), around(case))) == "case.same"


def test_a_closed_case_takes_no_mail() -> None:
    case = in_state(State.CLOSED)
    assert code(on_mail(stored(), LinkTo(case.number), signed(LinkTo("")), around(case))) == "case.over"


def linked() -> Case:
    case = judged_case("photo")
    return done(on_mail(stored(photo()), LinkTo(case.number), signed(LinkTo("")), around(case))).cases[0]


def test_a_mail_that_is_unlinked_takes_its_papers_with_it_and_waits_for_a_person() -> None:
    case = linked()
    made = done(on_mail(stored(cases=(case.number,)), Unlink(case.number), signed(Unlink("")), around(case)))
    assert all(d.message != SHA for d in made.cases[0].documents)
    assert made.cases[0].state is State.AWAITING_CORRECTION
    assert [n.message for n in made.notices] == [SHA]
    alone = replace(case, messages=(SHA,))
    assert code(on_mail(stored(), Unlink(case.number), signed(Unlink("")), around(alone))) == "mail.only"


def test_people_whom_only_that_mail_spoke_of_go_with_it() -> None:
    case = judged_case("photo")
    theirs = replace(photo(), applicant=JI.key)
    both = replace(case, applicants=(HE, JI), documents=(*case.documents, theirs), messages=(*case.messages, SHA))
    made = done(on_mail(stored(cases=(case.number,)), Unlink(case.number), signed(Unlink("")), around(both)))
    assert [a.name for a in made.cases[0].applicants] == [HE.name]


def test_a_mail_that_opens_a_case_by_a_persons_word_is_sure_and_remembers_what_it_was_taken_for() -> None:
    act = OpenCase(P.CANCEL)
    made = done(on_mail(stored(), act, signed(act), around(now=TUESDAY)))
    (case,) = made.cases
    assert (case.procedure, case.sure, made.opened) == (P.CANCEL, True, (case.number,))
    assert case.taken_for == {P.CANCEL, P.NEW}
    assert made.letters


def test_an_answer_by_hand_meets_our_first_notice() -> None:
    case = judged_case("photo")
    made = done(on_mail(stored(cases=(case.number,)), Answered(), signed(Answered()), around(case)))
    (answered,) = made.cases
    assert [(letter.by, letter.letter) for letter in answered.letters] == [("赵敏", "by_hand")]
    assert all(d.met for d in answered.deadlines if d.kind is DeadlineKind.FIRST_NOTICE)


def test_nothing_to_do_closes_the_lines_of_the_mail_or_one_line() -> None:
    assert done(on_mail(stored(), NoAction(), signed(NoAction()), around())).settled[0].message == SHA
    line = StoredMail("", None, line=17)
    assert done(on_mail(line, NoAction(), signed(NoAction()), around())).settled[0].line == 17


def test_spam_and_what_was_no_spam() -> None:
    made = done(on_mail(stored(), IsSpam(), signed(IsSpam()), around()))
    assert made.fate is not None
    assert (made.fate.disposition, made.fate.message_class) == (Disposition.PARKED, MessageClass.SPAM)
    assert code(on_mail(stored(cases=("x",)), IsSpam(), signed(IsSpam()), around())) == "mail.linked"
    assert code(on_mail(stored(), NotSpam(), signed(NotSpam()), around())) == "mail.not_parked"
    case = judged_case()
    parked = replace(stored(), disposition=Disposition.PARKED)
    opened = replace(parked, anew=Decision(Disposition.CASE_OPENED, (case,), (case.number,)))
    assert done(on_mail(opened, NotSpam(), signed(NotSpam()), around())).cases == (case,)
    still = replace(parked, anew=Decision(Disposition.PARKED))
    assert done(on_mail(still, NotSpam(), signed(NotSpam()), around())).notices
