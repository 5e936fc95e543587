"""Sentences that the engine composes, as patterns: how they are recognised and said in another language.

The engine speaks English only. What stands in braces is a part; its name says what it is: ``day`` a
date, ``state`` a State, ``short`` an instrument, ``names`` pinpoints, ``amount`` a number with its unit, ``answer`` a value
as it is shown, ``label`` the name of a fact or criterion, ``list`` that of a part of the case,
``raw`` words left as they are, ``offers`` States with their codes;
any other part is again something that the engine says. The first pattern that fits is used.
"""

from __future__ import annotations

from api.documents.language.marking import marked
from api.documents.language.words import OUTCOMES, READINGS, STATUSES

#: Whole sentences and words without a part.
FIXED = (
    *OUTCOMES.values(),
    *STATUSES.values(),
    *READINGS.values(),
    marked("yes"),
    marked("no"),
    marked("none"),
    marked("not known"),
    marked("disputed"),
    marked("treaty register"),
    marked("its days are not known"),
    marked("Surrender is not permitted"),
    marked("Surrender is not permitted now"),
    marked("Surrender is permitted only on a sufficient assurance"),
    marked("Surrender may be refused; the requested State decides"),
    marked("Nothing examined here forbids surrender"),
    marked("It cannot be said on these facts whether surrender is permitted"),
    marked("There is no treaty duty to extradite: no treaty in force between them obliges it here."),
    marked(
        "There is no treaty duty to extradite: none in this register binds the two States on this date, and bilateral treaties are not all in it."
    ),
    marked("It does not apply here on this date and in this reading of the law."),
    marked("this reading of the law has not been verified"),
    marked("the State is not known"),
    marked("It is not the case that:"),  # in answers of earlier versions
    marked("The answer must be no:"),
    marked("This must not be so:"),
    marked("Not all of these:"),
    marked("None of these:"),
    marked("All of these:"),
    marked("At least one of these:"),
    marked("List them, or say that there are none."),
    marked(
        "No instrument of surrender between the two States was examined: none in this register is known to"
        " bind them on this date, and bilateral treaties are not all in it."
    ),
    marked("chosen in the case"),
    marked("the default reading"),
    marked("whoever entered it (not stated)"),
    marked("the person"),
    marked("the State"),
    marked("both sides"),
    marked("the requesting State"),
    marked("the date of assessment"),
    marked("all conditions of a group"),
    marked("one condition of a group"),
    marked("part of a longer list of conditions"),
    marked("a presumption that nothing rebuts"),
    marked("this is not a number"),
    marked("this is not a date"),
    marked("give the matter a reference"),
    # the argument of a dossier
    marked("The other side cannot rely on this: what is entered stands against it."),
    marked(
        "This decision governs the case: all that it rested on is here, and all that speaks against it was there too."
    ),
    marked("The nearest decision for this side. It would govern if this were proved:"),
    marked("The presumption falls if one of these is shown:"),
    marked("This decision does not govern: it differs in this."),
    marked("This may not be relied on."),
    marked("Nothing that would rebut the presumption has been entered."),
)
#: Sentences with parts, the narrower ones first.
PATTERNS = (
    # what was typed and cannot be taken
    marked("'{raw}' is not a State. Did you mean {offers}?"),
    marked("'{raw}' is not a State"),
    marked("'{raw}': more than one State is called so. Did you mean {offers}?"),
    marked("'{raw}': this State ended on {day}. Did you mean {offers}?"),
    marked("'{raw}': this State ended on {day}. {raw_note}. Did you mean {offers}?"),
    marked("'{raw}': it is no State in this register. {raw_note}. Did you mean {offers}?"),
    marked("{reason}: {label} is '{raw}', {label_other} is '{raw_other}'; both cannot be right"),
    marked("{label} is '{raw}', but {label_other} is answered '{raw_other}'; both cannot be right"),
    marked("{label} is before {label_other}"),
    marked("{label} is after the day of assessment"),
    marked("{label} names the State of {label_other}"),
    marked("{label} contradicts {label_other}"),
    marked("Correct {label} or {label_other}"),
    # levels of a factor
    marked("at least “{level}”"),
    marked("at most “{level}”"),
    # the outcome
    marked("{sentence}. This is settled: no fact still unknown can change it."),
    marked(
        "{sentence}, on the word of {speakers}. No fact still unknown can change it,"
        " but what it rests on is not established."
    ),
    marked("{sentence}. This is not settled: not everything that may bind the two States was examined."),
    marked("The {short} is in force between the two States and was not examined: none of its articles is encoded."),
    marked("Whether the {short} binds the two States is not known: {reason}"),
    marked("{sentence}. Every possible answer to what is open forbids surrender today; some forbid it for good."),
    marked(
        "{sentence}, on the record as it stands. Proof of what is still open could change that, but every possible"
        " answer forbids surrender today."
    ),
    marked("{sentence}: it ranges from {low} to {high}, depending on what is still unknown."),
    marked("{sentence}, on the record as it stands. It is not settled: proof of what is still open could change it."),
    # the duty
    marked("{names} obliges the requested State to extradite, but that duty gives way to the bars named here."),
    marked("{names} obliges the requested State to extradite; that alone never makes surrender admissible."),
    marked("{names} obliges the requested State to extradite."),
    marked("Whether {names} obliges extradition is open, but that duty gives way to the bars named here."),
    marked("Whether {names} obliges extradition is open; that alone never makes surrender admissible."),
    marked("Whether {names} obliges extradition is open."),
    # what is unverified
    marked("the pinpoint or text of {names} has not been verified"),
    marked("the status of the {short} is unverified: {reason}"),
    # bilateral treaties that are known and not encoded
    marked("An extradition treaty between {state} and {state_other} was signed on {day} and is not in force."),
    marked("An extradition treaty between {state} and {state_other} is known and is not in force."),
    marked(
        "An extradition treaty between {state} and {state_other} is believed to "
        "exist and not encoded: {reason}. Read it before you rely on this answer."
    ),
    marked(
        "An extradition treaty between {state} and {state_other} is known and not "
        "encoded: {reason}. Read it before you rely on this answer."
    ),
    marked(
        "A treaty on legal assistance with a part on extradition between {state} "
        "and {state_other} was signed on {day} and is not in force."
    ),
    marked(
        "A treaty on legal assistance with a part on extradition between {state} "
        "and {state_other} is known and is not in force."
    ),
    marked(
        "A treaty on legal assistance with a part on extradition between {state} "
        "and {state_other} is believed to exist and not encoded: {reason}. Read it before you rely on this answer."
    ),
    marked(
        "A treaty on legal assistance with a part on extradition between {state} "
        "and {state_other} is known and not encoded: {reason}. Read it before you rely on this answer."
    ),
    marked("A treaty on legal assistance between {state} and {state_other} is known; it does not cover extradition."),
    marked("in force since {day}"),
    marked("signed on {day}, in force since a day that is not known"),
    # treaty relations
    marked("The {short} binds here on this date: {reason}"),
    marked("The {short} bound here on the day asked for: {question}"),
    marked("The {short} bound here on {day}: {reason}"),
    marked("through the {short}: {reason}"),
    marked("needs the {short}: {reason}"),
    marked("suspended between {state} and {state_other} from {day}"),
    marked("displaced by the {short} between these two States"),
    marked("may be displaced by the {short}: {reason}"),
    marked("in force for {state} since {day} at the latest; {reason}"),
    marked("in force for {state} since {day} at the latest"),
    marked("in force for {state} since {day}; {reason}"),
    marked("in force for {state} since {day}"),
    marked("not yet in force for {state} (from {day})"),
    marked("not yet in force for {state} (not before {day})"),
    marked("{state} is a party, but the date of entry into force is not verified; {reason}"),
    marked("{state} is a party, but the date of entry into force is not verified"),
    marked("ended for {state} on {day}"),
    marked("the status of {state} is not verified"),
    marked("{state} has signed but not ratified"),
    marked("{state} is not a party"),
    marked("{state} cannot become a party"),
    marked("{state} is not in the register for this instrument"),
    marked("{state} had signed but not ratified on {day}, the last day of the list"),
    marked("{state} was not a party on {day}, the last day of the list"),
    marked("{state} is a territory of {state_other}: {reason}"),
    marked("whether it applies to {state}, a territory of {state_other}, is not in the register"),
    marked("{state} has made the declaration '{declared}' to the {short}: yes"),
    marked("{state} has made the declaration '{declared}' to the {short}: no"),
    marked("{state} has made the declaration '{declared}' to the {short}"),
    marked("The requesting State has made the declaration '{declared}' to the {short}: yes"),
    marked("The requesting State has made the declaration '{declared}' to the {short}: no"),
    marked("The requesting State has made the declaration '{declared}' to the {short}"),
    marked("The requested State has made the declaration '{declared}' to the {short}: yes"),
    marked("The requested State has made the declaration '{declared}' to the {short}: no"),
    marked("The requested State has made the declaration '{declared}' to the {short}"),
    marked(
        "The register does not know whether {state} made a declaration under article {raw} of the {short}: {declared}"
    ),
    # evidence
    marked("a finding of {label} for {label_group} is in force for {label_state}"),
    marked("a finding of {label} is in force for {label_state}"),
    marked("precedents on {label} for the person govern"),
    marked("precedents on {label} for the state govern"),
    marked("presumption {label}"),
    marked("{raw} ({raw_where}), decided for the person, governs"),
    marked("{raw} ({raw_where}), decided for the state, governs"),
    # leaves of a proof
    marked("{question} Reading: {value}"),
    marked("This reading holds from {day} until {day_end}"),
    marked("This reading holds from {day}"),
    marked("This reading holds until {day}"),
    marked("{question} [any]"),
    marked("{question} [the same as: {question_other}]: {answer}"),
    marked("{question} [the same as: {question_other}]"),
    marked("{question} [at least {amount}]"),
    marked("{question} [more than {amount}]"),
    marked("{question} [at most {amount}]"),
    marked("{question} [less than {amount}]"),
    marked("{question} [exactly {amount}]"),
    marked("{question} [on or after {moment}]"),
    marked("{question} [after {moment}]"),
    marked("{question} [on or before {moment}]"),
    marked("{question} [before {moment}]"),
    marked("{question} [on {moment}]"),
    marked("{question} [{values}]"),
    marked("{moment} plus {raw} months"),
    marked("{moment} minus {raw} months"),
    marked("{moment} plus {raw} days"),
    marked("{moment} minus {raw} days"),
    # lists
    marked("At least one of the {part}: none is listed"),
    marked("At least one of the {part}: the list is not known"),
    marked("At least one of the {part}"),
    marked("Each of the {part}: none is listed"),
    marked("Each of the {part}: the list is not known"),
    marked("Each of the {part}"),
    marked("The latest of the {part}: none is listed"),
    marked("The latest of the {part}: the list is not known"),
    marked("The latest of the {part}"),
    # the trace
    marked("some of the {list}: yes"),
    marked("some of the {list}: no"),
    marked("every of the {list}: yes"),
    marked("every of the {list}: no"),
    marked("latest of the {list}: yes"),
    marked("latest of the {list}: no"),
    marked("{label} is met"),
    marked("{label} is not met"),
    marked("{short} binds: yes"),
    marked("{short} binds: no"),
    marked("this reading holds from {day} until {day_end}"),
    marked("this reading holds from {day}"),
    marked("this reading holds until {day}"),
    marked("{label}: yes"),
    marked("{label}: no"),
    # assumptions
    marked("on the account of {who}, undisputed"),
    marked("as answered under its former name {raw}"),
    marked("together with what was answered under its former name {raw}"),
    marked("what was answered under its former name {raw} does not answer the present question"),
)
