"""Raw SQL of migrations stands in files beside them: NAME_up.sql and NAME_down.sql."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


def run(migration_file: str, name: str) -> migrations.RunSQL:
    """The operation for a pair of files in the folder ``sql`` beside the migration."""
    folder = Path(migration_file).parent / "sql"
    return migrations.RunSQL(
        (folder / f"{name}_up.sql").read_text(encoding="utf-8"),
        (folder / f"{name}_down.sql").read_text(encoding="utf-8"),
    )
