"""Reviewed runs, feedback with objections, and what has to be mended."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("performance", "0008_examinations"),)
    operations = ()
