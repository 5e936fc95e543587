"""Builds a release: the wheel twice, compared byte for byte, and a bill of materials with licences.

``scripts/release [FOLDER]`` (dist unless given). SOURCE_DATE_EPOCH is the time of the last commit
unless it is set. Nothing is uploaded.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.markers import Marker

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "uv.lock"
#: Components that need watching, and what contains them.
RISKY = {
    "durable-rules": (
        "Native code, last released in 2020; a fault in it can end a process. Contained: only "
        "engine/inference/durable.py imports it; it runs in worker processes that are replaced when they die; a second, "
        "independent engine computes every assessment of record, and where they differ no answer is given."
    )
}
_LICENCE = "License :: "


class Failed(Exception):
    """Why there is no release."""


def main(arguments: list[str]) -> int:
    """Build, compare, and write what belongs to a release."""
    folder = Path(arguments[0] if arguments else ROOT / "dist")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        wheel = build_twice(folder)
        bill = bill_of_materials(wheel)
    except (Failed, subprocess.CalledProcessError) as error:
        print(f"No release: {error}", file=sys.stderr)  # noqa: T201
        return 1
    (folder / "dedere.cdx.json").write_text(written(bill), "utf-8")
    print(f"{digest(wheel)}  {wheel.name}: two builds are equal; {len(bill['components'])} components listed")  # noqa: T201
    return 0


def build_twice(folder: Path) -> Path:
    """The wheel, if a second build of it is the same to the byte.

    Raises:
        Failed: the builds differ.
    """
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        one, other = build(Path(first)), build(Path(second))
        if one.read_bytes() != other.read_bytes():
            raise Failed("two builds of the wheel differ")
        wheel = folder / one.name
        wheel.write_bytes(one.read_bytes())
    return wheel


def build(folder: Path, tree: Path = ROOT) -> Path:
    """One wheel, built from a tree with the tools of this environment."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch()}
    subprocess.run(command, cwd=tree, env=environment, check=True, capture_output=True)  # noqa: S603 - fixed words
    (wheel,) = folder.glob("*.whl")
    return wheel


def epoch() -> str:
    """The time that goes into the wheel: given, or that of the last commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    command = ["git", "log", "-1", "--format=%ct"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - fixed words
    return done.stdout.strip() or "315532800"  # 1980, the first year that a zip file knows


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def locked() -> list[tuple[str, str]]:
    """Name and version of every package that an installation on this machine gets, and of what builds it."""
    packages: dict[str, list[dict[str, Any]]] = {}
    for package in tomllib.loads(LOCK.read_text("utf-8"))["package"]:
        packages.setdefault(package["name"], []).append(package)
    (project,) = packages["dedere"]
    waiting = [*project["dependencies"], *project["optional-dependencies"]["build"]]
    versions: dict[str, str] = {}
    while waiting:
        wanted = waiting.pop()
        if not Marker(wanted.get("marker", "python_version > '3'")).evaluate():
            continue
        for package in packages[wanted["name"]]:
            if package["version"] != wanted.get("version", package["version"]):
                continue
            extras = [one for name in wanted.get("extra", []) for one in package["optional-dependencies"][name]]
            if package["name"] not in versions:
                waiting += package.get("dependencies", [])
            versions[package["name"]] = package["version"]
            waiting += extras
    return sorted(versions.items())


def bill_of_materials(wheel: Path) -> dict[str, Any]:
    """A CycloneDX 1.6 bill of the wheel and of everything that is installed with it.

    Raises:
        Failed: a package has no licence that could be named, or is not installed here.
    """
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _itself(wheel)},
        "components": [component(name, version) for name, version in locked()],
    }


def written(bill: dict[str, Any]) -> str:
    """The text of a bill of materials."""
    return json.dumps(bill, indent=1, sort_keys=True) + "\n"


def _itself(wheel: Path) -> dict[str, Any]:
    name, version = wheel.name.split("-")[:2]
    return {
        "type": "application",
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "licenses": [{"license": {"id": "MIT"}}],
        "hashes": [{"alg": "SHA-256", "content": digest(wheel)}],
    }


def component(name: str, version: str) -> dict[str, Any]:
    """One package of the lock, with its licences and, if it is a risk, how that is contained."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        raise Failed(f"{name} is locked but not installed here; run make demo first") from None
    purl = f"pkg:pypi/{name.replace('_', '-')}@{version}"
    said = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    notes = [{"name": f"dedere:{note}", "value": text} for note, text in notes_on(name, version, found["Version"])]
    return {**said, "licenses": licences(name, found), **({"properties": notes} if notes else {})}


def notes_on(name: str, version: str, installed: str) -> Iterator[tuple[str, str]]:
    """How a risk is contained, and where the licence was read if not in the locked version."""
    if name.replace("_", "-") in RISKY:
        yield "risky-component", RISKY[name.replace("_", "-")]
    if installed != version:
        yield "licence-read-in-version", installed


def licences(name: str, found: metadata.PackageMetadata) -> list[dict[str, Any]]:
    """What a package says of its licence: an SPDX expression, else its classifiers, else its own words."""
    data = found.json
    if "license_expression" in data:
        return [{"expression": str(data["license_expression"])}]
    named = list(_classified(data.get("classifier", [])))
    own = str(data.get("license", "")).strip().splitlines()[:1]
    if not named and not own:
        raise Failed(f"{name} names no licence; look it up and add it")
    return [{"license": {"name": text}} for text in named or own]


def _classified(classifiers: Any) -> Iterator[str]:
    for text in classifiers:
        if text.startswith(_LICENCE) and text != "License :: OSI Approved":
            yield text.rsplit(" :: ", 1)[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
