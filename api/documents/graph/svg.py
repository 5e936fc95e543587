"""A graph as SVG: status by shape, line and word as well as by colour, with title, description and text per box."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from textwrap import wrap
from xml.sax.saxutils import escape

from api.documents.graph.layout import Layout, Spot, laid_out
from api.documents.graph.model import (
    KINDS,
    Edge,
    Graph,
    Node,
)
from api.documents.language.marking import marked
from api.documents.language.words import STATUSES
from engine.answer.model import Status

WIDTHS = {"fact": 300.0, "group": 200.0, "criterion": 270.0, "ground": 290.0, "outcome": 250.0}
BETWEEN, GAP, MARGIN, HEAD = 90.0, 14.0, 28.0, 92.0
LEADING, PAD, SIZE = 15.0, 9.0, 12
#: Lines of one box before the rest is left to its title.
MOST_LINES = 6
#: Edge colour, fill, dashes of each status; dark on light at more than 7 to 1.
LOOKS: dict[Status | None, tuple[str, str, str]] = {
    "met": ("#0b3d70", "#e2eefa", ""),
    "open": ("#6b3a00", "#fff2dd", "2 4"),
    "not_met": ("#3c3c3c", "#f3f3f3", "8 4"),
    "not_applicable": ("#4a4a4a", "#ffffff", "1 3"),
    None: ("#111111", "#111111", ""),
}
#: Puts a word of the picture into the reader's language.
Say = Callable[[str], str]
LINES = marked("solid line: the result turns on it; dashed: it does not, or not yet")
UNVERIFIED = marked("unverified")
NOT = marked("not")
_FONT = "'Noto Sans', 'DejaVu Sans', Arial, sans-serif"


def render(graph: Graph, say: Say = str) -> str:
    """The picture as one SVG document; ``say`` puts its own few words into another language."""
    return _Picture(graph, say).text()


class _Picture:
    def __init__(self, graph: Graph, say: Say) -> None:
        self.graph, self.say = graph, say
        self.lines = {name: _lines(node, say) for name, node in graph.nodes.items()}
        self.layout: Layout = laid_out(graph, self._height, GAP)
        kinds = [[graph.nodes[name].kind for name in layer if name in graph.nodes] for layer in self.layout.layers]
        self.widths = [max((WIDTHS[kind] for kind in layer), default=120.0) for layer in kinds]
        self.lefts = [MARGIN + sum(self.widths[:index]) + BETWEEN * index for index in range(len(self.widths))]

    def _height(self, name: str) -> float:
        return 2 * PAD + LEADING * len(self.lines[name])

    def text(self) -> str:
        """All parts, back to front."""
        width = max(self.lefts[-1] + self.widths[-1] + MARGIN if self.lefts else 0, 920)
        height = HEAD + self.layout.height + 2 * MARGIN + 40
        size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
        rows = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d" font-family="{_FONT}" font-size="{SIZE}">',
            f'<title id="t">{_safe(self.graph.title)}</title>',
            f'<desc id="d">{_safe(self.graph.description)}</desc>',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *self._heads(width),
            *(self._edge(edge, route) for edge, route in zip(self.graph.edges, self.layout.routes, strict=True)),
            *(self._box(node) for node in self.graph.nodes.values()),
            *_legend(height - MARGIN, self.say),
            "</svg>",
        ]
        return "\n".join(rows) + "\n"

    def _heads(self, width: float) -> list[str]:
        shown = (
            wrap(self.graph.title, max(20, int(width / 11)))[:1]
            + wrap(self.graph.description, max(40, int(width / 6.6)))[:2]
        )
        rows = [
            f'<text x="{MARGIN}" y="{26 + 18 * place}" font-size="{17 if place == 0 else SIZE}" font-weight="{700 if place == 0 else 400}">{_safe(row)}</text>'
            for place, row in enumerate(shown)
        ]
        for index, layer in enumerate(self.layout.layers):
            kinds = [self.graph.nodes[name].kind for name in layer if name in self.graph.nodes]
            if kinds:
                main = max(KINDS, key=lambda kind: (kind != "group" and kinds.count(kind) > 0, kinds.count(kind)))
                rows.append(
                    f'<text x="{self.lefts[index]:.1f}" y="{HEAD}" font-weight="700" fill="#333333">{_safe(self.say(KINDS[main]))}</text>'
                )
        return rows

    def _corner(self, spot: Spot) -> tuple[float, float]:
        return self.lefts[spot.layer], MARGIN / 2 + HEAD + spot.y

    def _wide(self, spot: Spot) -> float:
        return WIDTHS[self.graph.nodes[spot.name].kind] if not spot.dummy else self.widths[spot.layer]

    def _edge(self, edge: Edge, route: tuple[str, ...]) -> str:
        """A curve through the room kept for it; dashed when nothing turns on it, marked when negated."""
        spots = [self.layout.spots[name] for name in route]
        path = ""
        for left, right in pairwise(spots):
            x1, y1 = self._corner(left)
            x2, y2 = self._corner(right)
            x1 += self._wide(left)
            half = (x2 - x1) / 2
            path += f"{f'M{x1:.1f},{y1:.1f}' if not path else ''} C{x1 + half:.1f},{y1:.1f} {x2 - half:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
            if right.dummy:
                path += f" L{x2 + self._wide(right):.1f},{y2:.1f}"
        look = (
            'stroke="#333333" stroke-width="1.8"'
            if edge.turns
            else 'stroke="#8a8a8a" stroke-width="1" stroke-dasharray="4 4"'
        )
        end_x, end_y = self._corner(spots[-1])
        mark = ""
        if edge.negated:
            mark = f'<circle cx="{end_x - 13:.1f}" cy="{end_y:.1f}" r="11" fill="#ffffff" stroke="#333333"/><text x="{end_x - 13:.1f}" y="{end_y + 3.5:.1f}" font-size="9.5" text-anchor="middle">{_safe(self.say(NOT))}</text>'
        return f'<path d="{path}" fill="none" {look}/>{mark}'

    def _box(self, node: Node) -> str:
        spot = self.layout.spots[node.id]
        x, middle = self._corner(spot)
        wide, high = WIDTHS[node.kind], spot.height
        stroke, fill, dashes = LOOKS[node.status]
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        heavy = 2.6 if node.kind in ("ground", "outcome") else 1.6
        shape = _shape(node.status, x, middle - high / 2, wide, high)
        told = "; ".join(part for part in (node.text, node.value, node.note, node.name) if part)
        ink = "#ffffff" if node.kind == "outcome" else "#111111"
        rows = [
            f'<text x="{x + 12:.1f}" y="{middle - high / 2 + PAD + LEADING * (place + 0.78):.1f}" fill="{ink}"{_weight(style)}>{_safe(row)}</text>'
            for place, (row, style) in enumerate(self.lines[node.id])
        ]
        said = self.say(STATUSES[node.status] if node.status else KINDS["outcome"])
        halo = f'<path d="{shape}" fill="none" stroke="#b35900" stroke-width="12"/>' if node.lit else ""
        return f'<g><title>{_safe(f"{said}: {told}")}</title>{halo}<path d="{shape}" fill="{fill}" stroke="{stroke}" stroke-width="{heavy}"{dashed}/>{"".join(rows)}</g>'


def _weight(style: str) -> str:
    return {"strong": ' font-weight="700"', "faint": ' font-size="10.5" fill-opacity="0.86"'}.get(style, "")


def _lines(node: Node, say: Say) -> list[tuple[str, str]]:
    """The words of a box in lines: its status and name, what it says, the value, the rest."""
    room = int(WIDTHS[node.kind] / (6.9 if node.text.isascii() else 7.6))  # Cyrillic letters are wider
    head = say(STATUSES[node.status]).upper() if node.status else node.name.upper()
    if node.kind == "group":
        return [(row, "") for row in wrap(f"{head.lower()}: {node.text}", room)[:3]]
    mark = f" [{say(UNVERIFIED)}]" if node.unverified else ""
    rows = [
        (row, "strong") for row in wrap(f"{head}{mark}{': ' + node.value if node.value else ''}", int(room * 0.92))[:2]
    ]
    text = wrap(node.text, room)
    if len(text) > MOST_LINES:
        text = [*text[: MOST_LINES - 1], f"{text[MOST_LINES - 1][: room - 2]} \u2026"]
    rows += [(row, "") for row in text]
    return rows + [(row, "faint") for row in wrap(node.note, int(room * 1.12))[:2]]


def _shape(status: Status | None, x: float, y: float, wide: float, high: float) -> str:
    """Met: a rectangle; open: round ends; not met: cut corners; not applicable: slanted."""
    right, bottom = x + wide, y + high
    if status == "open":
        r = min(high / 2, 20.0)
        arc = f"a{r:.1f},{r:.1f} 0 0 1"
        return f"M{x + r:.1f},{y:.1f} H{right - r:.1f} {arc} {r:.1f},{r:.1f} V{bottom - r:.1f} {arc} {-r:.1f},{r:.1f} H{x + r:.1f} {arc} {-r:.1f},{-r:.1f} V{y + r:.1f} {arc} {r:.1f},{-r:.1f} Z"
    if status == "not_met":
        c = 9.0
        return f"M{x + c:.1f},{y:.1f} H{right - c:.1f} L{right:.1f},{y + c:.1f} V{bottom - c:.1f} L{right - c:.1f},{bottom:.1f} H{x + c:.1f} L{x:.1f},{bottom - c:.1f} V{y + c:.1f} Z"
    slant = 9.0 if status == "not_applicable" else 0.0
    return f"M{x + slant:.1f},{y:.1f} H{right:.1f} L{right - slant:.1f},{bottom:.1f} H{x:.1f} Z"


def _legend(y: float, say: Say) -> list[str]:
    rows, x = [], MARGIN
    for status in STATUSES:
        word = say(STATUSES[status])
        stroke, fill, dashes = LOOKS[status]
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        rows.append(
            f'<path d="{_shape(status, x, y - 17, 34, 24)}" fill="{fill}" stroke="{stroke}" stroke-width="1.6"{dashed}/>'
        )
        rows.append(f'<text x="{x + 42:.1f}" y="{y:.1f}">{_safe(word)}</text>')
        x += 70 + 7.2 * len(word)
    rows.append(f'<text x="{x:.1f}" y="{y:.1f}">{_safe(say(LINES))}</text>')
    return rows


def _safe(text: str) -> str:
    """Words that XML shows as they are."""
    return escape(text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"), {'"': "&quot;"})
