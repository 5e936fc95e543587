"""A graph as PNG, drawn from its SVG: by cairo where it is installed, otherwise by typst, which comes along."""

from __future__ import annotations

from importlib import import_module

from api.documents.graph import svg
from api.documents.graph.model import Graph
from engine.errors import expected

#: The picture alone on a page of its own size; it reaches typst as data.
_PAGE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.picture), format: "svg")\n'
#: Dots per inch of typst: a pixel of the SVG is a typographic point there.
_DOTS = 108.0
_CAIRO_SCALE = 1.5


def render(graph: Graph) -> bytes:
    """The picture in 1.5 times its size."""
    picture = svg.render(graph)
    try:
        cairosvg = import_module("cairosvg")
    except (ImportError, OSError):
        return _by_typst(picture)
    made: bytes = cairosvg.svg2png(picture.encode(), scale=_CAIRO_SCALE)
    return made


def _by_typst(picture: str) -> bytes:
    import typst  # noqa: PLC0415 - only who wants a PNG pays for it

    made = typst.compile(_PAGE, format="png", ppi=_DOTS, sys_inputs={"picture": picture}, ignore_system_fonts=True)
    return expected(made, bytes)
