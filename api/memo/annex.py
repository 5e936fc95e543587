"""The end of a memo: authorities, exhibits, trace, receipt, who decides, signatures."""

from __future__ import annotations

from api.memo.matter import Matter
from api.memo.tree import Block, Column, Item, Section, Signature, bullets, faint, item, line, para, strong, table
from api.text.trace import reasons, visible
from api.text.words import STATUSES
from engine.answer import StepSaid

_PHASES = {"known": "From what is known", "burden": "Added by the burden of proof"}
_WITHHELD = "withheld in this profile"


def authorities(matter: Matter, number: str) -> Section | None:
    """Everything cited above, with the sections that rely on it."""
    tables = matter.cite.table_of_authorities()
    below = [
        Section(title, f"{number}.{place}", found)
        for place, (title, found) in enumerate((one for one in tables if one[1]), 1)
    ]
    return Section("Table of authorities", number, (), tuple(below)) if below else None


def exhibits(matter: Matter, number: str) -> Section | None:
    """The exhibits named above by number; what they are only where free text is allowed."""
    speak, rows = matter.speak, []
    for name, place in speak.exhibits.items():
        one = matter.case.exhibits[name]
        kind = "official" if one.official else "not official"
        about = (one.title, one.author, speak.day(one.dated) if one.dated else "", kind)
        rows.append((f"Exhibit {place}", *(about if speak.profile.free_text else ("title withheld", "", "", kind))))
    columns = (Column("Exhibit", 3), Column("Title", 9), Column("Author", 6), Column("Dated", 4), Column("Kind", 3))
    found = table("Exhibits in the order in which the memo names them.", columns, rows)
    return Section("Exhibits", number, found) if found else None


def trace(matter: Matter, number: str) -> Section:
    """The firings of the forward chaining, and the receipt."""
    steps = visible(matter.answer.trace, everything=False)
    out: list[Block] = [
        para(
            f"{len(steps)} of {len(matter.answer.trace)} firings: those that conclude a criterion of an instrument in force."
        )
    ]
    for phase, title in _PHASES.items():
        rows = [_step(matter, step) for step in steps if step.phase == phase]
        out += [para(strong(title)), *bullets(rows)] if rows else []
    unused = [matter.speak.question(label) for label in matter.answer.not_relied_on]
    out += [para(strong("Recorded but not relied on")), *bullets(item(one) for one in unused)] if unused else []
    return Section("Annex: trace", number, tuple(out))


def _step(matter: Matter, step: StepSaid) -> Item:
    place = f" [{matter.speak.titled(step.place)}]" if step.place else ""
    because = "; ".join(matter.speak.reason(one) for one in reasons(step))
    head = (
        faint(f"{step.step}. "),
        strong(f"{'; '.join(step.citations)}: "),
        f"{step.title}{place}: ",
        strong(STATUSES[step.status]),
    )
    return item(*head, faint(f". Because {because}" if because else ""))


def gaps(matter: Matter, number: str) -> Section | None:
    """What the register itself says it does not know of the instruments in force."""
    rows = [item(strong(one.short), f": {gap}") for one in matter.relations if one.binding for gap in one.known_gaps]
    return Section("Annex: known gaps of the register", number, bullets(rows)) if rows else None


def receipt(matter: Matter, number: str) -> Section:
    """What identifies the answer; the digests of the case stay out where the case must not be recognised."""
    said, open_ = matter.answer.receipt, matter.profile.free_text
    rows = [
        ("Answer", said.digest if open_ else _WITHHELD),
        ("Case", said.case if open_ else _WITHHELD),
        ("Rules", f"{said.rules} (version {matter.engine.pack.version})"),
        ("Instruments", said.instruments),
        ("Engine", said.engine),
    ]
    note = para("The same receipt gives the same answer, years later.", role="note")
    return Section(
        "Annex: receipt",
        number,
        (*table("Receipt: digests (SHA-256).", (Column("Of", 3), Column("Digest", 14)), rows), note),
    )


def decision(matter: Matter, number: str) -> Section:
    """The statement that a human decides, and where to sign."""
    said = (
        "This memo was composed from entered facts and encoded rules. It is not legal advice and decides nothing: "
        "a human decides, after reading the sources and the file. Whoever signs has checked the facts against the "
        "exhibits and the law against the official texts, above all what is marked as unverified."
    )
    return Section(
        "A human decides", number, (para(line(said), role="notice"), Signature(("Prepared by", "Reviewed by", "Date")))
    )
