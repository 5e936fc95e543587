"""Hold the legal changelog to the law content: any change of rules/ or instruments/ needs an entry.

CHANGELOG.md has a section "Legal changes". Each entry is a heading of the third level with the lines
``Instruments:`` (ids, or all), ``Articles:`` (numbers, all or none) and ``Dates:`` (at least one day,
YYYY-MM-DD). The newest entry, which stands first, also says ``content digest:`` and the first twelve
figures of the digest of the content it describes.

Run without arguments to check, with ``--update`` to rewrite the digest of the newest entry. Where
there is no git history to compare with, only the digest is compared.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from api.law.legal_history import CHANGELOG, SECTION, Entry, entries  # noqa: E402 - found through the line above
from engine.content.digest import SHOWN, digest_folder, joint_digest  # noqa: E402 - found through the line above

ROOMS = ("rules", "instruments")
_DIGEST = re.compile(r"(?m)^(content digest: )([0-9a-f]*)[ \t]*$")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def content_digest(root: Path) -> str:
    """The first figures of the digest of the content as it stands in the working tree."""
    return joint_digest(*(digest_folder(root / room) for room in ROOMS))[:SHOWN]


def problems(root: Path) -> Iterator[str]:
    """Everything that is wrong with the legal changelog of a repository."""
    found = entries((root / CHANGELOG).read_text("utf-8")) if (root / CHANGELOG).is_file() else []
    if not found:
        yield f"{CHANGELOG} has no entry under '## {SECTION}'"
        return
    for entry in found:
        yield from _of_entry(entry, root)
    recorded, current = found[0].lines.get("content digest", ""), content_digest(root)
    if recorded != current:
        yield (
            f"rules/ or instruments/ changed: the newest entry records content digest '{recorded}', now it is "
            f"'{current}'. Say in it (or in a new entry above it) which instrument, articles and dates changed, then "
            "run: python scripts/legal_changelog.py --update"
        )


def _of_entry(entry: Entry, root: Path) -> Iterator[str]:
    known = {path.parent.name for path in (root / "instruments").glob("*/instrument.yaml")}
    instruments = entry.words("Instruments")
    for name in instruments or ["nothing"]:
        if name not in {*known, "all"}:
            yield f"entry '{entry.heading}': Instruments names '{name}', which is not in the register (ids, or all)"
    if not entry.words("Articles"):
        yield f"entry '{entry.heading}': Articles names nothing (numbers, all or none)"
    elif "all" not in instruments and set(instruments) <= known:
        listed = {"all", "none"}.union(*(_articles(root, name) for name in instruments))
        for number in entry.words("Articles"):
            if number not in listed:
                yield f"entry '{entry.heading}': article {number} is not one of {', '.join(instruments)}"
    if not _DAY.search(entry.lines.get("Dates", "")):
        yield f"entry '{entry.heading}': Dates names no day (YYYY-MM-DD)"


def _articles(root: Path, name: str) -> set[str]:
    data = yaml.safe_load((root / "instruments" / name / "articles.yaml").read_text("utf-8"))
    return {str(number) for number in data["articles"]}


def unrecorded(root: Path) -> list[str] | None:
    """Content files changed since the last release or commit while the changelog was not; None without history."""
    base = _git(root, "describe", "--tags", "--abbrev=0") or _git(root, "rev-parse", "--verify", "--quiet", "HEAD~1")
    paths = ("--", *ROOMS, CHANGELOG)
    changed = _git(root, "diff", "--name-only", base.strip(), *paths) if base else None
    added = _git(root, "ls-files", "--others", "--exclude-standard", *paths)
    if changed is None or added is None:
        return None
    names = [*changed.splitlines(), *added.splitlines()]
    return [] if CHANGELOG in names else [name for name in names if name.endswith(".yaml")]


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - fixed program and words
            ["git", "-C", str(root), *words],  # noqa: S607 - git is found where the user has it
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def update(root: Path) -> None:
    """Rewrite the digest of the newest entry."""
    path = root / CHANGELOG
    text = path.read_text("utf-8")
    path.write_text(_DIGEST.sub(rf"\g<1>{content_digest(root)}", text, count=1), "utf-8")


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Check, or rewrite the digest; 1 when something is wrong."""
    if arguments not in ([], ["--update"]):
        sys.stderr.write("usage: python scripts/legal_changelog.py [--update]\n")
        return 2
    if arguments:
        update(root)
    wrong, since = list(problems(root)), unrecorded(root)
    if since:
        wrong.append(
            f"{CHANGELOG} has not changed since the last release or commit, but these have: {', '.join(since)}"
        )
    for each in wrong:
        sys.stderr.write(f"{each}\n")
    if since is None:
        sys.stdout.write("No git history to compare with: only the content digest was compared.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
