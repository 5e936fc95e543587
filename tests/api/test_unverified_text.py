"""In text, too, a pinpoint that nobody has checked never stands without its mark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.cli.app import run

#: Articles whose numbers are not known go by these words in the content; each is marked unverified there.
UNSURE = "article number to verify"
CASE = """facts:
  requesting_state: KAZ
  requested_state: UKR
  request_type: extradition
  request_purpose: prosecution
  harm_to_sovereignty_or_security: yes
"""


@pytest.mark.parametrize("words", [("assess",), ("assess", "--all"), ("explain", "ukr-kaz-2018.refusal_security")])
def test_every_mention_is_marked(words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, "utf-8")
    command, *more = words
    options = [word for word in more if word.startswith("--")]
    named = [word for word in more if not word.startswith("--")]
    assert run([command, str(path), *named, *options, "--on", "2024-06-01"]) == 0
    text = re.sub(r"\s+", " ", capsys.readouterr().out)
    mentions = [text[found.start() : found.end() + 24] for found in re.finditer(UNSURE, text)]
    assert mentions
    assert [mention for mention in mentions if "unverified" not in mention] == []
