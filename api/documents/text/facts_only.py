"""The table of decided cases by their observable facts alone, in words."""

from __future__ import annotations

from typing import Any

from api.documents.text.blocks import Entry, Paper, Section, bad, code, entry, faint, good, line, strong, warn
from api.law.facts_only import EntryResult, FactsOnly, IssueResult, Picture

_PICTURES: dict[Picture, str] = {
    "coded": "With the general picture as coded",
    "register": "With the general picture by earlier findings of the register",
}
#: So many bases of one result are named.
_MOST_NAMED = 4


def facts_only_paper(table: FactsOnly) -> Paper:
    """What is decided and how, by issue; then every result that is wrong."""
    consulted = "only decisions before each case" if table.earlier_only else "all other decisions"
    lead = (line(f"{len(table.entries)} decided cases by their facts alone; consulted: {consulted}."),)
    sections = [_sums(table, picture, title) for picture, title in _PICTURES.items()]
    sections += [_wrong(table, picture, title) for picture, title in _PICTURES.items()]
    return Paper(line("Decided cases by facts alone"), lead, tuple(sections))


def _sums(table: FactsOnly, picture: Picture, title: str) -> Section:
    sums = table.sums(picture)
    allowed = table.barred_but_allowed(picture)
    rows = [entry(strong("all issues"), f"  {_figures(sums)}")]
    rows += [entry(f"decided for the {side}", f"  {_figures(found)}") for side, found in sums["by_side"].items()]
    rows += [entry(code(issue), f"  {_figures(found)}") for issue, found in sums["by_issue"].items()]
    barred = bad(", ".join(allowed)) if allowed else good("none")
    rows.append(entry("barred by a tribunal, but allowed here: ", barred))
    return Section(title, tuple(rows))


def _figures(sums: dict[str, Any]) -> str:
    def share(value: float | None) -> str:
        return "-" if value is None else f"{value:.1%}"

    return (
        f"{sums['decided']} of {sums['results']} decided ({share(sums['coverage'])}), "
        f"{sums['right']} as the tribunal did ({share(sums['precision'])})"
    )


def _wrong(table: FactsOnly, picture: Picture, title: str) -> Section:
    rows = [
        _result(one, result)
        for one in table.entries
        for result in (one.issues if picture == "coded" else one.register)
        if result.right is False
    ]
    return Section(f"Decided otherwise: {title[0].lower()}{title[1:]}", tuple(rows or [entry(good("none"))]))


def _result(one: EntryResult, result: IssueResult) -> Entry:
    by = ", ".join(f"{basis.kind} {basis.id}" for basis in result.by[:_MOST_NAMED])
    more = len(result.by) - _MOST_NAMED
    return entry(
        strong(one.id),
        f"  {result.issue}: the tribunal decided for the {result.outcome}, here for the {result.decided_for}",
        below=[entry(faint("by "), warn(by), f" and {more} more" if more > 0 else "")],
    )
