"""``python3 scripts/messages --update`` rewrites the catalogues; ``--check`` says what is wrong with them.

A check fails when a catalogue does not match its sources, or when a message of pages or memos is not
translated, has other placeholders or lacks a plural form. Law content may be untranslated: it stays English.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.messages.checking import faults  # noqa: E402 - found through the line above
from scripts.messages.updating import DOMAINS, TRANSLATED, PoFile, brought_up_to_date  # noqa: E402


def main(arguments: list[str]) -> int:
    """Update or check, and say how far the translations have come."""
    if arguments not in (["--update"], ["--check"]):
        sys.stderr.write(str(__doc__))
        return 2
    found: list[str] = []
    for domain, extract in DOMAINS.items():
        template = extract(ROOT)
        for language in TRANSLATED:
            file = PoFile(ROOT, language, domain)
            wanted = brought_up_to_date(file, template)
            if arguments == ["--update"]:
                file.write(wanted)
            else:
                found += faults(file, wanted)
            sys.stdout.write(f"{file.name}: {file.progress(wanted)}\n")
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
