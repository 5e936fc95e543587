"""A Python client of the API, generated from docs/openapi.json with openapi-python-client.

    python scripts/client.py [FOLDER]

The package is written to FOLDER/dedere_client (build/client by default). A case stays plain data in
it: its facts are named by the law content, and a client must not change with every new fact.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTION = ROOT / "docs" / "openapi.json"
PACKAGE = "dedere_client"
#: Schemas that the law content makes; their parts have names that begin like theirs.
OF_THE_LAW = ("Case", "FlatCase")
SETTINGS = {
    "package_name_override": PACKAGE,
    "literal_enums": True,
    # The generator knows no lines of text; as bytes they go and come unchanged.
    "content_type_overrides": {
        "text/csv": "application/octet-stream",
        "application/x-ndjson": "application/octet-stream",
    },
}


def plainer(description: dict[str, Any]) -> dict[str, Any]:
    """The description with cases as plain objects."""
    schemas = description["components"]["schemas"]
    kept = {name: one for name, one in schemas.items() if not name.startswith(OF_THE_LAW)}
    plain = {name: {"type": "object", "additionalProperties": True} for name in OF_THE_LAW}
    return {**description, "components": {**description["components"], "schemas": kept | plain}}


def generate(description: Path, folder: Path) -> Path:
    """Write the client into a folder; gives the package's folder.

    Raises:
        SystemExit: the generator found something it cannot express.
    """
    target = folder / PACKAGE
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        source, settings = Path(scratch) / "openapi.json", Path(scratch) / "config.json"
        source.write_text(json.dumps(plainer(json.loads(description.read_text("utf-8")))), "utf-8")
        settings.write_text(json.dumps(SETTINGS), "utf-8")
        tools = Path(sys.executable).parent
        done = subprocess.run(  # noqa: S603 - our own tool on our own description
            [tools / "openapi-python-client", "generate", "--path", source, "--output-path", target,
             "--config", settings, "--meta", "none", "--overwrite", "--fail-on-warning"],
            env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return target


def main() -> None:
    """Generate the client."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "client"
    print(f"Written to {generate(DESCRIPTION, folder)}")  # noqa: T201


if __name__ == "__main__":
    main()
