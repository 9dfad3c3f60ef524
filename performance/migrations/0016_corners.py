"""Self-evaluations in a corner of money and points are found without all the others."""

from __future__ import annotations

from decimal import Decimal

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = (("performance", "0015_papers_by_state"),)
    operations = (
        migrations.AddIndex(
            model_name="evaluation",
            index=models.Index(
                fields=["fiscal_year", "id"],
                name="evaluation_in_a_corner",
                condition=Q(budget_used__gt=0)
                & (
                    Q(
                        executed__gte=F("budget_used") * Decimal("0.9"),
                        total_claimed__lt=Decimal(80),
                    )
                    | Q(
                        executed__lt=F("budget_used") * Decimal("0.6"),
                        total_claimed__gte=Decimal(90),
                    )
                ),
            ),
        ),
    )
