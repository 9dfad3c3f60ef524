"""Seals of events over their changes, what checkpoints and a second digest need."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("budgets", "0004_scope"),)
    operations = ()
