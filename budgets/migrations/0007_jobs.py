"""Work in the background as rows."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("budgets", "0006_sign_in"),)
    operations = ()
