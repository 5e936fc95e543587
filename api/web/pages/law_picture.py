"""The periods of binding as a picture: one row for each instrument, a bar for each period, a line at the day asked about.

Binding is a full bar, unclear a dashed frame with a question mark, unverified is hatched; what does not
bind is left empty. The page has the same as a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from api.documents.language.catalogues import Speech
from api.law.periods import Period

LEFT, RIGHT, TOP, ROW, WIDTH = 196, 16, 64, 30, 940
_BAR, _LEGEND = 16, 46
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_MOST_TICKS = 10
_FONT = "'Noto Sans', 'DejaVu Sans', Arial, sans-serif"


@dataclass(frozen=True)
class Inks:
    """The colours of one scheme."""

    paper: str
    ink: str
    soft: str
    bar: str
    open: str
    now: str


LIGHT = Inks("#ffffff", "#1c2328", "#4d5860", "#1d4f73", "#7a4d00", "#9b1c1c")
DARK = Inks("#1c2328", "#eceae4", "#b4bcc2", "#8cc4ec", "#f5cf7a", "#ffb4a8")


@dataclass(frozen=True)
class Row:
    """An instrument with its periods."""

    name: str
    periods: list[Period]

    @property
    def empty(self) -> bool:
        """Whether it never binds and cannot be thought to."""
        return all(one.standing.binding is False for one in self.periods)


def picture(speech: Speech, rows: list[Row], on: date, inks: Inks = LIGHT) -> str:
    """The picture as an SVG document; ``rows`` are those that are not empty."""
    return "\n".join(_Picture(speech, rows, on, inks).parts()) + "\n"


class _Picture:
    def __init__(self, speech: Speech, rows: list[Row], on: date, inks: Inks) -> None:
        self.speech, self.rows, self.on, self.inks = speech, rows, on, inks
        days = [day for row in rows for one in row.periods for day in (one.start, one.end) if day]
        self.first = date(max(min([on, *days]).year - 1, date.min.year), 1, 1)
        self.last = date(min(max([on, *days]).year + 2, date.max.year), 1, 1)
        self.bottom = TOP + ROW * len(rows)

    def parts(self) -> Iterator[str]:
        height = self.bottom + _LEGEND
        title = self.speech.say("Periods in which instruments bind the two States")
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
            f'role="img" aria-label="{_safe(title)}" font-family="{_FONT}" font-size="13" fill="{self.inks.ink}">'
        )
        yield f"<title>{_safe(title)}</title>{self._hatch()}"
        yield f'<rect width="{WIDTH}" height="{height}" fill="{self.inks.paper}"/>'
        yield from self._axis()
        for number, row in enumerate(self.rows):
            yield from self._row(TOP + ROW * number, row)
        yield from self._day()
        yield from self._legend()
        yield "</svg>"

    def _hatch(self) -> str:
        lines = f'<path d="M0,0 V6" stroke="{self.inks.bar}" stroke-width="5"/>'
        return (
            '<defs><pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)">{lines}</pattern></defs>'
        )

    def _x(self, day: date) -> float:
        share = min((day - self.first) / (self.last - self.first), 1.0)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def _axis(self) -> Iterator[str]:
        years = self.last.year - self.first.year
        step = next((step for step in _STEPS if years / step <= _MOST_TICKS), _STEPS[-1])
        for year in range(self.first.year - self.first.year % step + step, self.last.year + 1, step):
            x = self._x(date(year, 1, 1))
            yield f'<path d="M{x:.1f},{TOP - 8} V{self.bottom}" stroke="{self.inks.soft}" stroke-opacity="0.35"/>'
            yield f'<text x="{x:.1f}" y="{TOP - 14}" text-anchor="middle" fill="{self.inks.soft}">{year}</text>'

    def _row(self, top: int, row: Row) -> Iterator[str]:
        middle = top + ROW / 2
        yield f'<text x="{LEFT - 10}" y="{middle + 4.5}" text-anchor="end">{_safe(_short(row.name))}</text>'
        yield f'<path d="M{LEFT},{middle} H{WIDTH - RIGHT}" stroke="{self.inks.soft}" stroke-opacity="0.35"/>'
        for one in row.periods:
            if one.standing.binding is not False:
                start, end = self._x(one.start or self.first), self._x(one.end or self.last)
                yield self._bar(start, middle - _BAR / 2, max(end - start, 3), one)

    def _bar(self, x: float, y: float, wide: float, one: Period) -> str:
        box = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{_BAR}"'
        if one.standing.binding is None:
            frame = f'fill="{self.inks.paper}" stroke="{self.inks.open}" stroke-width="1.5" stroke-dasharray="5 3"'
            mark = (
                f'<text x="{x + wide / 2:.1f}" y="{y + 13:.1f}" text-anchor="middle" fill="{self.inks.open}">?</text>'
            )
            return f"<rect {box} {frame}/>{mark if wide > 14 else ''}"
        fill = self.inks.bar if one.standing.verified else "url(#h)"
        return f'<rect {box} fill="{fill}" stroke="{self.inks.bar}" stroke-width="1.5"/>'

    def _day(self) -> Iterator[str]:
        x = self._x(self.on)
        yield f'<path d="M{x:.1f},{TOP - 30} V{self.bottom}" stroke="{self.inks.now}" stroke-width="2"/>'
        anchor = "end" if x > WIDTH * 0.6 else "start"
        shift = -6 if anchor == "end" else 6
        said = self.speech.day(self.on)
        yield f'<text x="{x + shift:.1f}" y="{TOP - 34}" text-anchor="{anchor}" fill="{self.inks.now}" font-weight="700">{said}</text>'

    def _legend(self) -> Iterator[str]:
        y, x = self.bottom + 20, 16.0
        full = f'fill="{self.inks.bar}" stroke="{self.inks.bar}"'
        hatched = f'fill="url(#h)" stroke="{self.inks.bar}"'
        dashed = f'fill="none" stroke="{self.inks.open}" stroke-dasharray="5 3"'
        words = (
            (full, self.speech.say("binding")),
            (hatched, self.speech.say("binding, but unverified")),
            (dashed, self.speech.say("not clear whether binding")),
        )
        for look, said in words:
            yield f'<rect x="{x:.0f}" y="{y - 8}" width="30" height="14" {look} stroke-width="1.5"/>'
            yield f'<text x="{x + 38:.0f}" y="{y + 4}">{_safe(said)}</text>'
            x += 66 + 7.6 * len(said)


def _short(name: str, most: int = 26) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}\N{HORIZONTAL ELLIPSIS}"


def _safe(text: str) -> str:
    return escape(text, {'"': "&quot;"})
