"""Rows that belong to a department: their columns, and managers that refuse to be used unscoped."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


@models.BigIntegerField.register_lookup
@models.CharField.register_lookup
@models.ForeignKey.register_lookup
class Among(models.Lookup):
    """One of several: ``department_id__among=[…]``, ``pk__among=[…]``.

    They are one parameter, however many there are; ``in`` makes one of each.
    """

    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """All as one array."""
        return "%s", (list(value),)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Equal to any of the array: constant when planned, so it is weighed and hashed."""
        column, of_column = self.process_lhs(compiler, connection)
        several, of_several = self.process_rhs(compiler, connection)
        return f"{column} = ANY({several})", (*of_column, *of_several)


class NoScope(RuntimeError):
    """A department's rows were asked for without saying whose eyes are looking."""


class Scoped(models.Manager[Any]):
    """The default name ``objects``: raises, so that nobody forgets the scope."""

    use_in_migrations = False

    def get_queryset(self) -> NoReturn:
        """Never gives rows; go through ``access.py``."""
        raise NoScope(f"{self.model.__name__}: use a function of access.py, not .objects")


class Owned(models.Model):
    """A row that belongs to a department and one of its units."""

    department = models.ForeignKey(
        "budgets.Department", models.PROTECT, verbose_name="主管部门", related_name="+"
    )
    unit = models.ForeignKey(
        "budgets.BudgetUnit", models.PROTECT, verbose_name="预算单位", related_name="+"
    )
    objects = Scoped()
    unscoped = models.Manager()  # noqa: DJ012 - a manager too

    class Meta:
        abstract = True
        base_manager_name = "unscoped"
        default_manager_name = "unscoped"
