"""Server time of every page of the example case, and of its memo as DOCX and PDF.

    python benchmarks/pages.py

The application answers in this process, so that the figures are the server's alone; each page is asked
for once to warm it and then several times. Targets: pages under 100 ms, DOCX under 1 s, PDF under 1.5 s.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rich.console import Console
from rich.table import Table

from api.documents.memo import docx, pdf
from api.documents.memo.compose import memo_of
from api.law.content import load_engine
from api.operations.observe import logs
from api.storage.matters import create_matter
from engine.content.documents import Document
from tests.api.http.support import app_over
from tests.pages.browser.matters import OF_MATTER, OTHERS, origin_document
from tests.pages.support import Visitor, visitor
from tests.store.support import open_store

ROUNDS = 7
TARGET_MS = 100


def main() -> None:
    """Print the table."""
    logs.configure(level="error")
    folder = Path(tempfile.mkdtemp())
    engine = load_engine()
    store = open_store(f"sqlite:///{folder / 'dedere.db'}", folder)
    anna = visitor(app_over(store, engine), store)
    with store.write(anna.workspace, anna.person) as tx:
        matter = create_matter(tx, "Example 1", origin_document()).id
    anna.send(f"/matters/{matter}/assess")
    table = Table("page", "median ms", "worst ms", "within 100 ms")
    for path in [f"/matters/{matter}{one}" for one in OF_MATTER] + list(OTHERS):
        median, worst = timed(anna, path)
        table.add_row(path.replace(matter, "…"), f"{median:.0f}", f"{worst:.0f}", "yes" if median < TARGET_MS else "NO")
    for name, render, target in (("memo as DOCX", docx.render, 1000), ("memo as PDF", pdf.render, 1500)):
        case = engine.read(Document(origin_document(), "case"))
        spent = []
        for _ in range(4):
            started = time.perf_counter()
            render(memo_of(engine, case))
            spent.append((time.perf_counter() - started) * 1000)
        median = statistics.median(spent[1:])
        table.add_row(
            name, f"{median:.0f}", f"{max(spent[1:]):.0f}", f"under {target}: {'yes' if median < target else 'NO'}"
        )
    Console().print(table)


def timed(anna: Visitor, path: str) -> tuple[float, float]:
    """Median and worst of several answers, in milliseconds."""
    spent = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        anna.get(path)
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent[1:]), max(spent[1:])


if __name__ == "__main__":
    main()
