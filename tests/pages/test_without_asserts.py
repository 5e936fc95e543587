"""With ``python -O`` no assert runs: what is refused is refused all the same, by pages and by the API."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.conftest import ROOT

_REFUSED = """
import json, sys, tempfile
from pathlib import Path
from tests.api.http.support import CASE, JSON, Client, app_over, new_key
from tests.pages.support import visitor
from tests.store.support import open_store
from engine.assess import Engine
from engine.content.loader import load_pack

if __debug__:
    sys.exit("asserts run")
folder = Path(tempfile.mkdtemp())
store = open_store(f"sqlite:///{folder / 'dedere.db'}", folder)
app = app_over(store, Engine(load_pack(Path("tests/toyland/rules"), Path("tests/toyland/instruments"))))
anna = visitor(app, store)
client = Client(app, new_key(store, anna.workspace))
made = client.post("/v1/matters", content=json.dumps({"reference": "T/1", "case": CASE}), headers=JSON)
path = f"/matters/{made.json()['id']}"
wrong = {**CASE, "facts": {**CASE["facts"], "ground_up": {"value": "perhaps"}}}
statuses = {
    "intake": anna.send("/matters/new", reference="T/2", assessed_on="1950-06-01", requesting_state="Nowhere").status_code,
    "no day": anna.send("/matters/new", reference="T/3", assessed_on="never", requesting_state="AND").status_code,
    "answer": anna.send(path + "/ask/ground_up", answer="perhaps").status_code,
    "whatif": anna.send(path + "/whatif/save", ("at", "case::ground_up"), **{"v-case::ground_up": "perhaps"}).status_code,
    "list": anna.send(path + "/lists/counts", act="add", title="").status_code,
    "api": client.post("/v1/matters", content=json.dumps({"reference": "T/4", "case": wrong}), headers=JSON).status_code,
    "stale": anna.send(path + "/ask/ground_up", csrf="another", answer="yes").status_code,
}
with store.look(anna.workspace, anna.person) as tx:
    from api.storage.matters import read_facts
    version = read_facts(tx, made.json()["id"]).version
print(json.dumps({**statuses, "version": version, "matters": len(client.get("/v1/matters").json()["matters"])}))
"""


def test_what_the_engine_refuses_is_not_saved_without_asserts() -> None:
    ran = subprocess.run(
        [sys.executable, "-O", "-c", _REFUSED], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    said = ast.literal_eval(ran.stdout.splitlines()[-1])
    assert said == {
        "intake": 422,
        "no day": 422,
        "answer": 422,
        "whatif": 422,
        "list": 422,
        "api": 422,
        "stale": 403,
        "version": 1,
        "matters": 1,
    }
