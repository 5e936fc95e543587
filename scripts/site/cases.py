"""Decided cases: what the tribunal held, what the rules give, and the proof of the grounds that drove it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.documents.language.law_words import CODES
from api.law.conformity import (
    DecidedCase,
    Line,
    Table,
    conformity,
    load_decided,
)
from api.law.library import Library
from engine.answer.model import ProofNode
from engine.assess import Engine, Weighed
from engine.facts.casefile import Case, Finding
from engine.facts.columns import HERE, Place
from engine.facts.values import Value, show, state_name
from engine.facts.vocabulary import CASE, Fact
from engine.inference.compiled import status_of

from . import addresses
from .words import Page, badge, bullets, code, flag, folded, note, plain, table, words

#: What a status looks like in a proof.
MARKS = {"met": "✓ met", "not_met": "✗ not met", "open": "? open", "not_applicable": "– does not apply"}


@dataclass(frozen=True)
class Decision:
    """A decided case with its line of the conformity table and its address."""

    case: DecidedCase
    line: Line
    address: str


def decisions(engine: Engine, folder: Path) -> tuple[list[Decision], Table]:
    """Every decided case, assessed."""
    cases = load_decided(folder)
    found = conformity(engine, cases)
    return [
        Decision(case, line, addresses.case(name))
        for case, line, name in zip(cases, found.lines, _names(cases), strict=True)
    ], found


def _names(cases: list[DecidedCase]) -> list[str]:
    """The authority's id, with the row where one decision gave several cases."""
    times = Counter(case.decided.authority for case in cases)
    rows = [f"{case.decided.authority}-{addresses.slug(case.decided.row)}" for case in cases]
    several = Counter(rows)
    seen: Counter[str] = Counter()
    names = []
    for case, row in zip(cases, rows, strict=True):
        seen[row] += 1
        name = case.decided.authority if times[case.decided.authority] == 1 else row
        names.append(f"{row}-{seen[row]}" if several[row] > 1 else name)
    return names


def case_pages(engine: Engine, library: Library, found: list[Decision], conforming: Table) -> dict[str, str]:
    """Address and text of the conformity table and of every decided case."""
    pages = {"cases/index.md": _index(library, found, conforming)}
    for decision in found:
        page = Page(decision.address)
        _case(page, engine, library, decision)
        pages[page.address] = page.markdown()
    return pages


def _index(library: Library, found: list[Decision], conforming: Table) -> str:
    page = Page("cases/index.md", wide=True)
    page.add(
        "# Decided cases",
        "Real decisions, entered with what is reported of them and nothing more, and assessed by the rules. A case is "
        "*reproduced* when every coded result comes out, *explained* when a result cannot be told from what is reported "
        "(its page says which), and it *differs* otherwise. A result marked *with findings* comes out only because an "
        "evaluation of the tribunal itself was entered: it tests how the rules are joined, not what they predict.",
        plain(conforming.summary()),
        folded("What the codes of a holding mean", bullets(f"{code(short)} {text}" for short, text in CODES.items())),
    )
    groups: dict[str, list[Decision]] = {}
    for decision in found:
        groups.setdefault(decision.line.group, []).append(decision)
    head = ("Decision", "Held", "Obtained", "Driven by", "Conformity", "Review")
    for group, members in groups.items():
        page.add(f"## {plain(group)}", table(head, [_row(page, library, item) for item in members]))
    return page.markdown()


def _row(page: Page, library: Library, decision: Decision) -> tuple[str, ...]:
    line = decision.line
    driving = (
        page.link(plain(library.pack.criteria[name].title), addresses.criterion(name)) for name in line.driven_by[:4]
    )
    more = f"<br>and {len(line.driven_by) - 4} more" if len(line.driven_by) > 4 else ""
    return (
        f"{page.link(plain(line.authority), decision.address)}<br>{plain(line.case)}<br>*{plain(line.route)}*",
        f"{code(line.label)}<br>{plain(line.coded)}",
        code(line.obtained),
        "<br>".join(driving) + more,
        line.verdict + ("<br>with findings" if line.needs_findings else ""),
        badge(line.review),
    )


def _case(page: Page, engine: Engine, library: Library, decision: Decision) -> None:
    case, line = decision.case, decision.line
    weighed = engine.weigh(engine.read(case.document), case.on, case.reading)
    page.add(f"# {plain(case.name)}")
    page.add(f"{page.link(plain(line.authority), addresses.authority(case.decided.authority))} {badge(line.review)}")
    kind = "danger" if line.verdict == "differs" else "info"
    page.add(note(kind, line.verdict.capitalize(), plain(line.explanation or "; ".join(line.differences)) or _AGREES))
    rows = [
        ("Held", f"{code(case.decided.label)} {plain(case.decided.outcome)}"),
        ("Obtained", code(line.obtained)),
        ("Assessed on", case.on.isoformat()),
        ("Route", plain(line.route)),
        ("Reading of disputed facts", case.reading),
    ]
    page.add(table(("", ""), rows), plain(line.note), "## Expected and obtained", _expected(page, line))
    page.add("## Facts entered", *_facts(page, library, weighed.read.case), "## Proof of the grounds that drove it")
    for name in line.driven_by:
        page.add(f"### {plain(library.pack.criteria[name].title)} {{ #{addresses.slug(name)} }}")
        page.add(page.link(code(name), addresses.criterion(name)))
        page.add("\n".join(_proof(page, engine.prove(weighed, name, _place(engine, weighed, name)), 0)))
    if not line.driven_by:
        page.add("No ground is met; nothing drove the outcome.")


_AGREES = "Every coded result comes out."


def _expected(page: Page, line: Line) -> str:
    rows = []
    for key, wanted in line.expected.items():
        name = key.split(" ")[0]
        obtained = line.obtained if key == "outcome" else line.statuses.get(name, "")
        link = "outcome" if key == "outcome" else page.link(code(key), addresses.criterion(name))
        rests = "the tribunal's own findings" if key in line.needs_findings else "reported facts"
        rows.append((link, words(wanted), words(obtained), rests))
    return table(("Result", "Expected", "Obtained on the record", "Comes out from"), rows)


def _facts(page: Page, library: Library, case: Case) -> Iterator[str]:
    head = ("Fact", "Answer", "Standing", "Note")
    yield table(head, _findings(page, library, case.findings))
    for part, items in case.items.items():
        for item in items:
            title = plain(item.title or item.id)
            yield f"**{plain(library.pack.vocabulary.parts[part].item).capitalize()}: {title}**"
            yield table(head, _findings(page, library, item.findings))


def _findings(page: Page, library: Library, findings: dict[str, Finding]) -> list[tuple[str, ...]]:
    rows = []
    for name, finding in findings.items():
        fact = library.pack.vocabulary.facts[name]
        said = _shown(finding.value, fact)
        if finding.disputed:
            said = f"person: {_shown(finding.person, fact)}; State: {_shown(finding.state, fact)}"
        link = page.link(plain(fact.question), addresses.fact(fact))
        rows.append((f"{link} {code(name)}", said, finding.standing, plain(finding.note)))
    return rows


def _shown(value: Value | None, fact: Fact) -> str:
    """The answer in words; States by name."""
    if fact.type in ("state", "states") and value:
        return plain(", ".join(state_name(code) for code in ([value] if fact.type == "state" else sorted(value))))
    return plain(show(value, fact))


def _place(engine: Engine, weighed: Weighed, name: str) -> Place:
    """The case, or the first item for which the criterion is met."""
    scope = engine.pack.criteria[name].scope
    if scope == CASE:
        return HERE
    entry, record = engine.program.entries[name], weighed.evaluation.record
    places = weighed.evaluation.strict_columns.places(scope)
    return next((place for place in places if status_of(record, entry, place) == "met"), places[0])


def _proof(page: Page, node: ProofNode, depth: int) -> Iterator[str]:
    """The node, and what it turns on; what does not decide is named and not opened."""
    yield f"{'    ' * depth}- {_head(page, node)}"
    for child in node.children:
        if child.dispositive:
            yield from _proof(page, child, depth + 1)
        else:
            yield f'{"    " * (depth + 1)}- <span class="aside">{_in_short(page, child)}</span>'


def _in_short(page: Page, node: ProofNode) -> str:
    """A step that does not decide, on one line."""
    if node.kind == "not":
        return f"{_head(page, node)} {_in_short(page, node.children[0])}"
    return _head(page, node) + (" …" if node.children and not node.criterion else "")


def _head(page: Page, node: ProofNode) -> str:
    text = plain(node.text)
    if node.criterion:
        text = page.link(text, addresses.criterion(node.criterion)) + flag(node.review)
    if node.finding and node.finding.source != "register":
        standing = f", {node.finding.standing}" if node.finding.standing else f", {_SOURCES[node.finding.source]}"
        text += f"{'' if node.text.endswith('?') else ':'} *{plain(node.finding.shown)}{plain(standing)}*"
    return f'<span class="mark {node.status}">{MARKS[node.status]}</span> {text}'


_SOURCES = {
    "finding": "entered",
    "gate": "settled by a gate question",
    "latest item": "from the latest step",
    "presumption": "presumed",
    "burden": "by the burden of proof",
    "unknown": "nobody says",
    "date": "the date of assessment",
    "reading": "the reading chosen",
}
