"""Failures, second factors, tokens, past passwords."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("budgets", "0005_trail_seals"),)
    operations = ()
