"""What the two nets still lacked."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("performance", "0005_second_digests"),)
    operations = ()
