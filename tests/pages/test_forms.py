"""H7: what is typed into a form that may hold a case is not kept by the browser to be offered again."""

from __future__ import annotations

import re

import pytest

from api.web.pages.view import HERE

#: Signing in is what browsers and password managers are meant to help with.
SIGNING_IN = {"door.html", "invitation.html", "you.html"}
TEMPLATES = sorted(path.name for path in (HERE / "templates").glob("*.html") if path.name not in SIGNING_IN)


@pytest.mark.parametrize("name", TEMPLATES)
def test_H7_every_form_tells_the_browser_to_keep_nothing(name: str) -> None:
    forms = re.findall(r"<form\b[^>]*>", (HERE / "templates" / name).read_text("utf-8"))
    assert all('autocomplete="off"' in form for form in forms), forms
