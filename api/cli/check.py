"""``dedere check``: every fault of the law content with file and line, or what it holds and should put right.

The files are always read anew: what the cache holds was clean once and proves nothing now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from api.cli.failures import near
from api.documents.filings.content_checks import wording_faults
from api.documents.filings.wording import Wording, read_wording
from api.documents.text.blocks import (
    Entry,
    Paper,
    Section,
    bad,
    entry,
    faint,
    line,
    strong,
    warn,
)
from api.documents.text.terminal import show
from api.documents.text.words import plural
from api.law.content import own_wording, read_located
from api.law.coverage import Coverage, InstrumentCount, coverage
from api.settings import Settings
from engine.content.digest import address_of
from engine.content.lint import Remark, lint
from engine.content.models import Pack
from engine.errors import ContentProblems
from engine.inference.program import compile_pack
from engine.treaties.relations import Relations

Release = Annotated[bool, typer.Option("--release", help="Fail when something must be put right before a release.")]


def command(release: Release = False) -> None:
    """Check rules/ and instruments/, say what to put right, and count what they hold.

    Reads every file anew. Faults are printed one per line with file and line; the exit status is
    then 2. Remarks do not keep the content from being used; with --release those that a release
    must wait for make the exit status 1.
    """
    pack, located = read_located(Settings())
    compile_pack(pack, Relations(pack))
    papers = checked_wording(pack)
    remarks = lint(pack, date.today(), located)  # noqa: DTZ011 - the user's own calendar day
    show(paper(coverage(pack), address_of(pack), remarks, papers))
    if release and any(remark.level == "release" for remark in remarks):
        raise typer.Exit(1)


def checked_wording(pack: Pack) -> Wording | None:
    """The wording of papers beside the law content, read anew and held against it; None where there is none.

    Raises:
        ContentProblems: every fault of its files.
    """
    folder = own_wording(Settings())
    if folder is None:
        return None
    wording = read_wording(folder)
    faults = wording_faults(pack, wording, folder)
    if faults:
        raise ContentProblems(faults)
    return wording


def paper(found: Coverage, address: str, remarks: Sequence[Remark] = (), papers: Wording | None = None) -> Paper:
    """The content in numbers, after what it should put right."""
    encoded = sum(len(one.encoded) for one in found.instruments)
    others = sum(len(one.not_encoded) for one in found.instruments)
    counts = (
        f"{number('criteria', found.criteria)} ({number('grounds', found.grounds)}), {number('facts', found.facts)}, "
        f"{number('instruments', len(found.instruments))}, {number('authorities', found.authorities)}, "
        f"{number('clocks', found.clocks)}, {number('conflicts of norms', found.conflicts)}"
    )
    marked = ", ".join(number(kind, count) for kind, count in found.unverified.items() if count) or "nothing"
    return Paper(
        line(f"Clean: law content {found.version}"),
        (
            line("Address: ", address),
            line(counts),
            line(f"Articles: {encoded} encoded, {others} not encoded (each with its reason)"),
            line("Unverified: ", warn(marked)),
            *([line(_of_papers(papers))] if papers else []),
        ),
        (*_to_put_right(remarks), Section("By instrument", tuple(_row(one) for one in found.instruments))),
    )


def _of_papers(wording: Wording) -> str:
    told = number("statements", len(wording.statements.statements))
    return f"Papers: {number('filings', len(wording.filings))}, {told} of facts"


def _to_put_right(remarks: Sequence[Remark]) -> list[Section]:
    rows = [entry((bad if one.level == "release" else warn)(f"{one.level}: "), str(near(one))) for one in remarks]
    return [Section("To put right", tuple(rows), "What is marked release must be, before one.")] if rows else []


def _row(one: InstrumentCount) -> Entry:
    articles = f"articles {len(one.encoded)} encoded, {len(one.not_encoded)} not; {number('criteria', one.criteria)}"
    marked = [warn(f"; {one.unverified} unverified")] if one.unverified else []
    return entry(strong(one.short), " ", faint(one.id), ": ", articles, *marked)


_SINGLE = {
    "criteria": "criterion",
    "authorities": "authority",
    "parties": "party",
    "conflicts of norms": "conflict of norms",
}


def number(kind: str, count: int) -> str:
    """A number with its noun."""
    return plural(count, _SINGLE.get(kind, kind.removesuffix("s")), kind)
