"""The project's addresses; importing them plants the fault that this run asks for."""

from __future__ import annotations

from config.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.torture import sabotage

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
sabotage.plant()
