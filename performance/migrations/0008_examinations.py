"""What the examination of a paper found, kept beside it."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("performance", "0007_documents_per_unit"),)
    operations = ()
