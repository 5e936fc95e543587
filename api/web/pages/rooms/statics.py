"""The pages' own files: style, scripts, fonts. Their addresses change with their content."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from api.web.gathering import recording
from api.web.pages.view import HERE

routes = recording(include_in_schema=False)
_MEDIA = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
}


@routes.get("/static/{name}")
def static(name: str) -> Response:
    """One file."""
    file = HERE / "static" / name
    if file.parent != HERE / "static" or file.suffix not in _MEDIA or not file.is_file():
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return FileResponse(file, headers=headers, media_type=_MEDIA[file.suffix])


@routes.get("/favicon.ico")
def icon() -> Response:
    """Browsers ask for it."""
    return static("icon.svg")
