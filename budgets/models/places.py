"""Whose money: regions, fiscal years, departments in charge and their units."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Region(models.Model):
    """An administrative region (行政区划, GB/T 2260), province down to township."""

    code = models.CharField("区划代码", max_length=9, unique=True)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级", null=True, blank=True, related_name="children"
    )

    class Meta:
        verbose_name = verbose_name_plural = "地区"
        constraints = (
            models.CheckConstraint(
                name="region_code_digits", condition=Q(code__regex=r"^[0-9]{6}([0-9]{3})?$")
            ),
        )

    def __str__(self) -> str:
        return self.name


class FiscalYear(models.Model):
    """A budget year (预算年度); a closed one takes no more changes."""

    year = models.PositiveSmallIntegerField("年度", primary_key=True)
    is_closed = models.BooleanField("已关账", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "预算年度"
        constraints = (
            models.CheckConstraint(
                name="fiscal_year_plausible", condition=Q(year__gte=2000, year__lte=2100)
            ),
        )

    def __str__(self) -> str:
        return str(self.year)


class Office(models.Model):
    """A business office (业务股室) of a finance bureau: it looks after some departments."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="offices")
    name = models.CharField("名称", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "业务股室"
        constraints = (
            models.UniqueConstraint(fields=["region", "name"], name="office_name_unique"),
        )

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department in charge (主管部门) of one region: the root of its units."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name="地区", related_name="departments"
    )
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        verbose_name="财政业务股室",
        null=True,
        blank=True,
        related_name="departments",
    )
    code = models.CharField("代码", max_length=21, blank=True)
    name = models.CharField("名称", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "主管部门"
        constraints = (
            models.UniqueConstraint(fields=["region", "name"], name="department_name_unique"),
        )

    def __str__(self) -> str:
        return self.name


class BudgetUnit(models.Model):
    """A budget unit (预算单位) below a department in charge; units form a tree."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="主管部门", related_name="units"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="上级单位",
        null=True,
        blank=True,
        related_name="children",
    )
    code = models.CharField("代码", max_length=21, blank=True)
    name = models.CharField("名称", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "预算单位"
        constraints = (
            models.UniqueConstraint(fields=["department", "name"], name="budget_unit_name_unique"),
            models.UniqueConstraint(
                fields=["department", "code"], name="budget_unit_code_unique", condition=~Q(code="")
            ),
            models.UniqueConstraint(fields=["id", "department"], name="budget_unit_of_department"),
        )

    def __str__(self) -> str:
        return self.name
