"""The app of what the money must achieve."""

from __future__ import annotations

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """绩效：目标、自评、得分."""

    name = "performance"
    verbose_name = "绩效"
