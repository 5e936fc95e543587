"""The end of a memo: authorities, exhibits, trace, receipt, who decides, signatures."""

from __future__ import annotations

from api.documents.language.marking import marked
from api.documents.memo.matter import Matter
from api.documents.memo.tree import (
    Block,
    Column,
    Item,
    Section,
    Signature,
    bullets,
    faint,
    item,
    line,
    para,
    strong,
    table,
)
from api.documents.text.trace import reasons, visible
from engine.answer.model import StepSaid

_PHASES = {"known": marked("From what is known"), "burden": marked("Added by the burden of proof")}


def authorities(matter: Matter, number: str) -> Section | None:
    """Everything cited above, with the sections that rely on it."""
    tables = matter.cite.table_of_authorities()
    below = [
        Section(title, f"{number}.{place}", found)
        for place, (title, found) in enumerate((one for one in tables if one[1]), 1)
    ]
    return Section(matter.speak.say("Table of authorities"), number, (), tuple(below)) if below else None


def exhibits(matter: Matter, number: str) -> Section | None:
    """The exhibits named above by number; what they are only where free text is allowed."""
    speak, say, rows = matter.speak, matter.speak.say, []
    for name, place in speak.exhibits.items():
        one = matter.case.exhibits[name]
        kind = say("official") if one.official else say("not official")
        about = (one.title, one.author, speak.day(one.dated) if one.dated else "", kind)
        rows.append(
            (
                say("Exhibit {number}", number=place),
                *(about if speak.profile.free_text else (say("title withheld"), "", "", kind)),
            )
        )
    heads = ((say("Exhibit"), 3), (say("Title"), 9), (say("Author"), 6), (say("Dated"), 4), (say("Kind"), 3))
    columns = [Column(*head) for head in heads]
    found = table(say("Exhibits in the order in which the memo names them."), columns, rows)
    return Section(say("Exhibits"), number, found) if found else None


def trace(matter: Matter, number: str) -> Section:
    """The firings of the forward chaining, and the receipt."""
    steps, say = visible(matter.answer.trace, everything=False), matter.speak.say
    lead = say(
        "{shown} of {all} firings: those that conclude a criterion of an instrument in force.",
        shown=len(steps),
        all=len(matter.answer.trace),
    )
    out: list[Block] = [para(lead)]
    for phase, title in _PHASES.items():
        rows = [_step(matter, step) for step in steps if step.phase == phase]
        out += [para(strong(say(title))), *bullets(rows)] if rows else []
    unused = [matter.speak.question(label) for label in matter.answer.not_relied_on]
    out += [para(strong(say("Recorded but not relied on"))), *bullets(item(one) for one in unused)] if unused else []
    return Section(say("Annex: trace"), number, tuple(out))


def _step(matter: Matter, step: StepSaid) -> Item:
    speak = matter.speak
    place = f" [{speak.titled(step.place)}]" if step.place else ""
    because = "; ".join(speak.reason(one).text for one in reasons(step))
    head = (
        faint(f"{step.step}. "),
        strong(f"{'; '.join(map(speak.retelling.names, step.citations))}: "),
        speak.law("criterion", step.criterion, "title", step.title),
        f"{place}: ",
        strong(matter.status(step.status)),
    )
    return item(*head, faint(f". {speak.say('Because {reasons}', reasons=because)}" if because else ""))


def gaps(matter: Matter, number: str) -> Section | None:
    """What the register itself says it does not know of the instruments in force."""
    speak = matter.speak
    rows = [
        item(strong(speak.short(one.instrument)), ": ", speak.english(gap))
        for one in matter.relations
        if one.binding
        for gap in one.known_gaps
    ]
    return Section(speak.say("Annex: known gaps of the register"), number, bullets(rows)) if rows else None


def receipt(matter: Matter, number: str) -> Section:
    """What identifies the answer; the digests of the case stay out where the case must not be recognised."""
    said, open_, say = matter.answer.receipt, matter.profile.free_text, matter.speak.say
    withheld = say("withheld in this profile")
    rows = [
        (say("Answer"), said.digest if open_ else withheld),
        (say("Case"), said.case if open_ else withheld),
        (say("Rules"), say("{digest} (version {version})", digest=said.rules, version=matter.engine.pack.version)),
        (say("Instruments"), said.instruments),
        (say("Engine"), said.engine),
    ]
    note = para(say("The same receipt gives the same answer, years later."), role="note")
    columns = (Column(say("Part"), 3), Column(say("Digest"), 14))
    return Section(say("Annex: receipt"), number, (*table(say("Receipt: digests (SHA-256)."), columns, rows), note))


def decision(matter: Matter, number: str) -> Section:
    """The statement that a human decides, and where to sign."""
    say = matter.speak.say
    said = say(
        "This memo was composed from entered facts and encoded rules. It is not legal advice and decides nothing: "
        "a human decides, after reading the sources and the file. Whoever signs has checked the facts against the "
        "exhibits and the law against the official texts, above all what is marked as unverified."
    )
    signed = Signature((say("Prepared by"), say("Reviewed by"), say("Date")))
    return Section(say("A human decides"), number, (para(line(said), role="notice"), signed))
