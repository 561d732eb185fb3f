"""Which of our words stand for which word of the labels."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]

KINDS: dict[str, tuple[str, ...]] = {
    "form_pdf": ("abtc_basic_data",),
    "passport_scan": ("passport_page", "new_passport_page", "passport_colour_scan"),
    "old_passport": ("old_passport_page",),
    "no_crime_certificate": ("no_criminal_record",),
    "slip_mfa": ("remittance_mfa",),
    "slip_centre": ("remittance_centre",),
    "trade_proof": ("trade_evidence",),
    "official_letter": (
        "company_letter",
        "replacement_request",
        "passport_change_request",
        "cancellation_request",
        "early_issue_request",
    ),
    "police_report": ("police_loss_report",),
    "card_copy": ("card_both_sides",),
    "person_info": ("fact_person_name",),
    "passport_info": ("fact_passport",),
    "card_number": ("fact_card_no",),
    "card_validity": ("fact_card_expiry",),
    "early_reason": ("fact_reason",),
}
FACTS = frozenset({"person_info", "passport_info", "card_number", "card_validity", "early_reason"})
PAPERS = frozenset(
    {
        "business_licence",
        "tax_proof",
        "trade_proof",
        "no_crime_certificate",
        "social_insurance",
        "application_form",
        "official_letter",
    }
)
SUBJECTS = {
    "form_pdf": "form",
    "passport_scan": "passport",
    "old_passport": "passport",
    "no_crime_certificate": "certificate",
    "social_insurance": "insurance",
    "business_licence": "licence",
    "tax_proof": "tax",
    "trade_proof": "trade",
    "official_letter": "letter",
    "police_report": "police",
    "card_copy": "card",
    "company_profile": "profile",
    "application_form": "application",
}
FACT_CODES = ("facts.missing", "card.number_missing")

FOLLOW_UPS = frozenset({"supplement", "payment_slip", "correction", "withdrawal", "chase", "thanks"})
AUTOMATIC = frozenset({"auto_reply", "recall_notice", "read_receipt", "calendar", "provider_notice"})
PROCEDURES = frozenset({"new", "renew", "replace", "passport_change", "cancel", "early_issue"})
EFFECTS = {
    "case_opened": "opened",
    "case_extended": "extended",
    "for_staff": "held_for_staff",
    "parked": "untouched",
    "answered": "untouched",
    "duplicate": "untouched",
}
REPLIES = {
    "acknowledgement": "acknowledgement",
    "tolerated": "tolerated_acknowledgement",
    "correction": "correction_request",
    "payment_reminder": "payment_reminder",
    "to_staff": "staff_only",
    "received": "staff_only",
    "unreadable": "staff_only",
    "card_or_passport": "staff_only",
    "new_or_renew": "staff_only",
    "procedure_sheet": "staff_only",
}
VARIANTS = {"passport": "new_passport", "damaged": "damaged", "lost": "lost", "add": "add_economies"}
FLAGS = {
    "prohibited": ("prohibited.",),
    "sender": ("sender.",),
    "cloud_link": ("cloud_link.",),
    "two_procedures": ("procedure.", "two_procedures"),
    "duplicate": ("duplicate.",),
    "account": ("account.",),
}


def kinds_for(label: str) -> tuple[str, ...]:
    """Our document kinds for a kind of the labels."""
    return KINDS.get(label, (label,))


def label_for(kind: str) -> str:
    """The labels' kind for one of ours; itself where there is none."""
    return next((label for label, kinds in KINDS.items() if kind in kinds), kind)


def codes_for(reason: str) -> tuple[str, ...]:
    """Our finding codes for a reason of the labels, which are `kind.fault`."""
    subject, _, fault = reason.partition(".")
    if subject in FACTS:
        return FACT_CODES
    return (f"{SUBJECTS.get(subject, subject)}.{fault}", reason)


def flag_fits(expected: str, ours: str) -> bool:
    """Does one of our flags say what the labels ask for? Their second half is worded differently."""
    starts = FLAGS.get(expected.partition(".")[0], (expected,))
    return ours.startswith(starts)


def categories(line: Row) -> set[str]:
    """Everything the labels may call what we made of the mail."""
    kind, fate = line["message_class"], line["disposition"]
    found = {"follow_up"} if fate == "case_extended" or kind in FOLLOW_UPS else set[str]()
    if kind == "application" and line["procedure"]:
        found |= {line["procedure"], *line["procedures"]}
    elif kind in AUTOMATIC:
        found.add("auto_generated")
    elif kind in ("enquiry", "bounce", "spam"):
        found.add(kind)
    if fate == "for_staff" or not found:
        found.add("other")
    if fate == "for_staff" and any(c["linked_by"] == "guess" for c in line["cases"]):
        found.add("follow_up")
    return found


def effects(line: Row) -> set[str]:
    """What became of the case, in the labels' words; a new case that waits for staff is both."""
    found = {EFFECTS.get(line["disposition"] or "", "failed")}
    if any(c["state"] == "needs_triage" for c in line["cases"]):
        found.add("held_for_staff")
    return found


def replies(line: Row) -> set[str]:
    """The labels' words for the letters written."""
    return {REPLIES.get(letter["letter"], letter["letter"]) for letter in line["letters"]} or {"none"}
