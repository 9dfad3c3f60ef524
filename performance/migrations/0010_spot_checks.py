"""Samples drawn for a spot check, and what came of them."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("performance", "0009_review_criteria"),)
    operations = ()
