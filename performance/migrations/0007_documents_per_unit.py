"""The same bytes may be the file of several units; each has its own row."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("performance", "0006_separation"),)
    operations = (
        # Unique over the department told one unit what another one had attached. The way back
        # is refused as long as two units of a department hold the same file.
        migrations.RemoveConstraint("document", "document_once"),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(fields=("unit", "sha256"), name="document_once"),
        ),
    )
