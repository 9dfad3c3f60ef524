"""Approved indicators gathered, with trigram search."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("performance", "0010_spot_checks"),)
    operations = ()
