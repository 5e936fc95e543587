"""Closed sets of words about the law content: families, reach, relations, standing, kinds of facts, burdens.

The law library says them in the visitor's language, the documentation site in English.
"""

from __future__ import annotations

from api.documents.language.marking import marked
from engine.content.models import Effect

FAMILIES = {
    "human_rights": marked("human rights"),
    "protection": marked("protection of refugees"),
    "abolition": marked("abolition of the death penalty"),
    "national": marked("law of the requested State"),
    "cooperation": marked("extradition and cooperation"),
    "offences": marked("treaties on certain offences"),
    "assistance": marked("mutual assistance"),
}
BINDS = {
    "requested_state": marked("binds the requested State whatever the requesting State has ratified"),
    "pair": marked("binds only if both States are bound by it towards each other"),
}
RELATIONS = {
    "requires": marked("applies only to States that are also bound by"),
    "extends": marked("extends"),
    "displaced_by": marked("gives way, between States bound by both, to"),
    "replaces_earlier_bilaterals": marked("replaces earlier bilateral treaties between its Parties"),
    "yields_to_existing": marked("leaves existing treaties between its Parties in place"),
    "supplements": marked("supplements"),
    "amends": marked("amends"),
}
UNLISTED = {
    "unknown": marked(
        "Of a State that is not listed the register knows nothing; it is not taken for a stranger to the treaty."
    ),
    "not_party": marked("A State that is not listed is not a party."),
    "not_eligible": marked("A State that is not listed cannot become a party."),
}
PARTIES = {
    "party": marked("party"),
    "former_party": marked("former party"),
    "signed_only": marked("signed only"),
    "not_party": marked("not a party"),
    "not_eligible": marked("cannot become a party"),
    "unverified": marked("status not verified"),
}
DECLARATIONS = {
    "reservation": marked("reservation"),
    "declaration": marked("declaration"),
    "statement": marked("statement"),
}
#: What an effect does, in a lawyer's words; the glossary has them too.
EFFECTS_TOLD: dict[Effect, str] = {
    Effect.ABSOLUTE_BAR: marked("surrender is forbidden, without exception"),
    Effect.MANDATORY_REFUSAL: marked("extradition must be refused"),
    Effect.SUSPENSION: marked("no surrender for the time being"),
    Effect.ASSURANCE_REQUIRED: marked("surrender only on a sufficient assurance"),
    Effect.OPTIONAL_REFUSAL: marked("extradition may be refused"),
    Effect.PROCEDURAL_DEFECT: marked("no surrender until the defect is put right"),
    Effect.EXCLUDE_EVIDENCE: marked("a piece of evidence may not be used"),
    Effect.DETENTION_UNLAWFUL: marked("custody here is unlawful; it does not decide on surrender"),
    Effect.OBLIGATION: marked("the treaty obliges to extradite"),
    Effect.PROSECUTE_INSTEAD: marked("the requested State must prosecute instead"),
    Effect.POSTPONEMENT: marked("surrender may be postponed"),
    Effect.LIMIT_AFTER_SURRENDER: marked("binds the requesting State after surrender"),
    Effect.NO_DUTY: marked("the treaty does not oblige; that forbids nothing"),
}
TYPES = {
    "yes_no": marked("yes or no"),
    "choice": marked("one of the values below"),
    "set": marked("any of the values below, as a list"),
    "number": marked("a number"),
    "date": marked("a date"),
    "state": marked("a State (three-letter ISO 3166 code)"),
    "states": marked("a list of States (three-letter ISO 3166 codes)"),
}
BURDENS = {
    "person": marked("the person"),
    "state": marked("the State"),
    "shared": marked("shared"),
    "nobody": marked("nobody; a matter of record"),
}
CONSEQUENCES = {
    "release_possible": marked("release is possible"),
    "release_required": marked("release is required"),
    "decision_due": marked("a decision is due"),
    "surrender_due": marked("surrender is due"),
    "speciality_ends": marked("speciality ends"),
    "return_due": marked("return is due"),
    "answer_due": marked("an answer is due"),
    "treaty_effect": marked("the treaty takes effect or ends"),
}
#: The States that a condition can ask about, and the two together.
WHO = {
    "pair": marked("binds the two States towards each other on the date of assessment"),
    "requested_state": marked("binds the requested State on the date of assessment"),
    "requesting_state": marked("binds the requesting State on the date of assessment"),
}
#: The same where the day is that of a fact, which is named after it.
WHO_THEN = {
    "pair": marked("bound the two States towards each other on the day of:"),
    "requested_state": marked("bound the requested State on the day of:"),
    "requesting_state": marked("bound the requesting State on the day of:"),
}
CONFORMITY = {
    "reproduced": marked("reproduced"),
    "explained": marked("explained"),
    "differs": marked("differs"),
}
#: How holdings are coded: per article, and for the case as a whole.
CODES = {
    "V": marked("a violation was found"),
    "Vc": marked("removal would be a violation"),
    "Vp": marked("the risk or the promise was not examined as it must be"),
    "NV": marked("no violation"),
    "NE": marked("not examined separately"),
    "n/c": marked("not coded; nothing may be inferred"),
    "IN, INADM": marked("the complaint was inadmissible"),
    "IM": marked("an interim measure"),
    "BAR": marked("the tribunal held that removal was barred"),
    "NO_BAR": marked("the tribunal held that it was not barred on the coded article"),
    "NOT_NOW": marked("not examined as it must be, so not for the time being"),
    "BAR_ART6_ONLY": marked("barred because of the trial abroad, not because of ill-treatment"),
    "DETENTION_ONLY": marked("decides on custody only"),
    "SUPERSEDED": marked("decided on a reading that has since been given up"),
    "OVER_REFUSAL": marked("surrender was refused on too thin a basis"),
    "MIXED": marked("barred for one ground or person, not for another"),
}
