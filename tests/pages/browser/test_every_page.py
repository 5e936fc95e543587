"""Every page: T18 nothing is asked of other servers, T24 axe finds nothing, narrow screens, three languages.

T25 with words 40 % longer; T27 hostile text of a case stays text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe

from api.storage.workspaces import create_workspace
from tests.pages.browser.matters import OF_MATTER, OTHERS, keep, origin_document
from tests.pages.browser.support import Site, Watched

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
#: All grounds are built alike, and all steps of a proof; with 36,000 elements axe takes minutes for one page.
ONLY_THE_FIRST = """() => {
  document.querySelectorAll('article.ground ~ article.ground, .part ~ .part .part').forEach(one => one.remove());
  document.querySelectorAll('.part ~ .part article.ground .steps .steps').forEach(one => one.remove());
  document.querySelectorAll('.steps .steps > li:nth-child(n + 4)').forEach(one => one.remove());
  document.querySelectorAll('ul > li:nth-child(n + 60)').forEach(one => one.remove());
}"""
LANGUAGES = ("en", "uk", "ru")


@dataclass(frozen=True)
class Held:
    """The origin case in a workspace of its own."""

    workspace: str
    matter: str

    def paths(self) -> list[str]:
        """Every page."""
        return [f"/matters/{self.matter}{path}" for path in OF_MATTER] + list(OTHERS)


@pytest.fixture(scope="module")
def held(site: Site) -> dict[str, Held]:
    """Filled by the first test that opens a page."""
    return {}


def origin(watch: Callable[..., Watched], held: dict[str, Held], **options: object) -> tuple[Watched, Held]:
    """Somebody signed in, with the origin case assessed."""
    if "origin" not in held:
        first = _workspace(watch)
        held["origin"] = Held(first[1], keep(first[0], origin_document(), "UA-2020/1", first[1]))
    return watch(workspace=held["origin"].workspace, **options), held["origin"]


def _workspace(watch: Callable[..., Watched]) -> tuple[Watched, str]:
    watched = watch(signed_in=False)
    workspace = create_workspace(watched.site.store, "A law centre", "usr_test")
    watched.page.goto(watched.site.link(workspace=workspace)[0])
    watched.page.click("main button")
    watched.page.wait_for_url(watched.site.address + "/")
    return watched, workspace


def faults(watched: Watched) -> list[str]:
    """What axe finds on the page."""
    found = Axe().run(watched.page, None, RULES).response["violations"]
    return [f"{one['id']} {node['target']} {node['failureSummary'][:150]}" for one in found for node in one["nodes"]][
        :6
    ]


def axed(watched: Watched, paths: list[str], language: str, shortened: str = "") -> dict[str, list[str]]:
    """What axe finds, by page; a script may shorten each of them first."""
    found = {}
    for path in paths:
        watched.go(path)
        assert watched.page.locator("html").get_attribute("lang") == language
        watched.page.evaluate(shortened)
        if said := faults(watched):
            found[path] = said
    return found


@pytest.mark.parametrize(("turn", "language", "scheme"), [(0, "en", "light"), (1, "uk", "dark"), (2, "ru", "light")])
def test_T24_axe_finds_nothing_on_any_page(
    watch: Callable[..., Watched], held: dict[str, Held], turn: int, language: str, scheme: str
) -> None:
    """Each page in one of the languages, of alike grounds one; the next test has them all."""
    watched, case = origin(watch, held, locale=language, color_scheme=scheme)
    assert axed(watched, case.paths()[turn::3], language, ONLY_THE_FIRST) == {}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_T24_axe_finds_nothing_on_any_page_in_any_language(
    watch: Callable[..., Watched], held: dict[str, Held], language: str, scheme: str
) -> None:
    watched, case = origin(watch, held, locale=language, color_scheme=scheme)
    assert axed(watched, case.paths(), language) == {}


@pytest.mark.parametrize(
    "size",
    [(320, 640), pytest.param((390, 844), marks=pytest.mark.slow), pytest.param((1024, 768), marks=pytest.mark.slow)],
    ids=str,
)
def test_no_page_scrolls_sideways(watch: Callable[..., Watched], held: dict[str, Held], size: tuple[int, int]) -> None:
    watched, case = origin(watch, held, viewport={"width": size[0], "height": size[1]}, locale="uk")
    wide = []
    for path in case.paths():
        watched.go(path)
        if watched.page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth + 1"):
            wide.append(path.replace(case.matter, "…"))
    assert wide == []


def test_T25_longer_words_fit_too(watch: Callable[..., Watched], held: dict[str, Held]) -> None:
    watched, case = origin(watch, held, viewport={"width": 390, "height": 844})
    wide = []
    for path in case.paths():
        watched.go(path)
        watched.page.evaluate(LONGER)
        if watched.page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth + 1"):
            wide.append(path.replace(case.matter, "…"))
    assert wide == []


LONGER = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const text = node.nodeValue;
    if (text.trim()) node.nodeValue = text + 'é'.repeat(Math.ceil(text.trim().length * 0.4));
  }
}"""


def test_titles_and_addresses_say_nothing_of_a_case(watch: Callable[..., Watched], held: dict[str, Held]) -> None:
    watched, case = origin(watch, held)
    for path in case.paths():
        page = watched.page.request.get(watched.site.address + path, headers={"accept": "text/html"})
        title = re.findall(r"<title>(.*?)</title>", page.text(), re.DOTALL)[0]  # no script changes it
        assert "UA-2020" not in title
        assert "Journalist" not in title
        assert title.strip()


HOSTILE = [
    "<script>window.hit=1</script>", '"><img src=x onerror=window.hit=1>', "'-window.hit-'", "{{7*7}}CANARY", "${7*7}CANARY",
    "#{7*7}CANARY", "{%raw%}CANARY", "=1+1", "@SUM(1)", "+1", "-1", "<svg onload=window.hit=1>", "javascript:window.hit=1",
    "</textarea><script>window.hit=1</script>", "</title><script>window.hit=1</script>", "<!--CANARY", "]]>CANARY",
    "&lt;b&gt;CANARY", "\u202eCANARY", "CANARY\u200b", "<a href=//evil.example>CANARY</a>", "#import CANARY",
    '#read("/etc/passwd")', "$CANARY$", "*CANARY*", "_CANARY_", "`CANARY`", "\\CANARY", "<w:p>CANARY</w:p>", "%00CANARY",
]  # fmt: skip


def test_T27_hostile_text_stays_text(watch: Callable[..., Watched]) -> None:
    watched, workspace = _workspace(watch)
    document = origin_document()
    document["title"] = HOSTILE[0]
    document["notes"] = " ".join(HOSTILE)
    document["counts"][0]["title"] = HOSTILE[1]
    document["exhibits"] = {f"e{number}": {"title": one, "author": one} for number, one in enumerate(HOSTILE)}
    for number, finding in enumerate(one for one in document["facts"].values() if isinstance(one, dict)):
        finding["note"] = HOSTILE[number % len(HOSTILE)]
        finding["exhibits"] = [{"id": f"e{number % len(HOSTILE)}", "page": HOSTILE[number % len(HOSTILE)][:40]}]
        if finding.get("standing") == "asserted":
            finding["by"] = HOSTILE[(number + 3) % len(HOSTILE)]
    for part in ("counts", "assurances", "asylum_steps"):
        for item in document[part]:
            for finding in (one for one in item.values() if isinstance(one, dict)):
                finding.pop("exhibits", None)
    matter = keep(watched, document, '"><script>window.hit=1</script>', workspace)
    for path in [f"/matters/{matter}{one}" for one in OF_MATTER] + ["/"]:
        watched.go(path)
        assert watched.page.evaluate("() => window.hit") is None
        assert "49CANARY" not in watched.text()
        assert watched.page.locator("main img[src=x], main svg[onload], main a[href*='evil.example']").count() == 0
