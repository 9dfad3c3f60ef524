"""Handing out kept files: always to be saved, never shown, kept by no cache on the way."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404


def attachment(path: Path, name: str) -> FileResponse:
    """The bytes of a file to be saved under a name. Raises Http404 when they are gone."""
    try:
        file = path.open("rb")
    except OSError:
        raise Http404 from None
    response = FileResponse(
        file, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
