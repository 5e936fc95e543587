"""Assessing anew what came by an import, whose answers are not trusted."""

from __future__ import annotations

from sqlalchemy import select

from api.storage.assessments import record_assessment
from api.storage.matters import facts_unrecorded, record_reading
from api.storage.store import Store
from api.storage.summaries import Gist
from api.storage.tables import Assessment
from api.workers.onecase import assess_json
from engine.assess import Engine
from engine.errors import EnginesDisagree, InputProblems

ACTOR = "operator"


def assess_imported(engine: Engine, store: Store, workspace: str) -> tuple[int, int]:
    """Assess each matter that has an imported answer, as of its own day under the law here.

    Gives how many were assessed, and how many could not be: their facts cannot be read under this law.
    """
    with store.read(workspace) as tx:
        imported = (Assessment.workspace_id == workspace, Assessment.imported.is_(True))
        matters = tx.session.scalars(select(Assessment.matter_id).where(*imported).distinct()).all()
    made = sum(_assessed(engine, store, workspace, matter) for matter in sorted(matters))
    return made, len(matters) - made


def _assessed(engine: Engine, store: Store, workspace: str, matter: str) -> bool:
    with store.read(workspace) as tx:
        facts = facts_unrecorded(tx, matter)
    try:
        content = assess_json(engine, facts.content, None, "neutral", whole=False)
    except (InputProblems, EnginesDisagree):
        return False
    with store.write(workspace, ACTOR) as tx:
        record_reading(tx, facts)
        gist = Gist.model_validate_json(content)
        record_assessment(tx, matter, facts.version, gist, content, in_words=False)
    return True
