"""``dedere precedents``: the precedents that govern a case, and the nearest on each side."""

from __future__ import annotations

from api.cli.desk import As, CaseFile, On, open_case
from api.cli.dossier import Question, dossiers_of
from api.documents.text.dossier import precedents_paper
from api.documents.text.terminal import show


def command(case: CaseFile, question: Question = "", on: On = "", reading: As = "neutral") -> None:
    """Show, question by question, the precedents that govern and the nearest for the person and for the State."""
    desk = open_case(case, on, reading)
    show(precedents_paper(dossiers_of(desk, question)))
