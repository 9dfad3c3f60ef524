"""The app of whose money it is."""

from __future__ import annotations

from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    """预算：单位、项目、资金、留痕."""

    name = "budgets"
    verbose_name = "预算"
