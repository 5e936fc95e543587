"""Matters put into the store of the running service, and the addresses of all its pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.storage.matters import create_matter
from engine.content.documents import read_path
from tests.pages.browser.support import Watched

ROOT = Path(__file__).parents[3]
#: Pages of one matter, behind its address.
OF_MATTER = (
    "", "/interview", "/answers", "/relations", "/verdict", "/verdict?depth=full", "/graph", "/memo", "/history", "/whatif",
    "/exhibits", "/lists/counts", "/lists/asylum_steps", "/ask/fear_well_founded", "/ask/person_nationalities",
    "/ask/persecution_grounds",
)  # fmt: skip
#: Pages of nobody's matter.
OTHERS = (
    "/", "/matters/new", "/you", "/people", "/keys", "/webhooks", "/audit", "/reference", "/training", "/law", "/law/instruments",
    "/law/instruments/cat", "/law/instruments/cat/articles/3", "/law/facts", "/law/criteria/cat.art03_core", "/law/decided",
    "/law/relations?requesting=KAZ&requested=UKR&on=2020-01-13", "/law?q=torture", "/nowhere",
)  # fmt: skip


def origin_document() -> dict[str, Any]:
    """The origin case as data."""
    found: dict[str, Any] = plain(read_path(ROOT / "examples" / "akhmetova.yaml").data)
    return found


def plain(data: Any) -> Any:
    """The same as JSON would have it: days as text."""
    if isinstance(data, dict):
        return {key: plain(one) for key, one in data.items()}
    if isinstance(data, list):
        return [plain(one) for one in data]
    return data if isinstance(data, str | int | float | bool | None) else str(data)


def keep(watched: Watched, document: dict[str, Any], reference: str, workspace: str) -> str:
    """Keep a matter and assess it by its page; gives its id."""
    with watched.site.store.write(workspace, "usr_test") as tx:
        matter = create_matter(tx, reference, document).id
    watched.go(f"/matters/{matter}")
    watched.page.click("form[action$='/assess'] button")
    watched.page.wait_for_load_state()
    return matter
