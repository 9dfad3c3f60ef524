"""What the money is for: projects, their funds, expenditure by function."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from budgets.models.scoping import Owned

LARGEST = "999999999999999.99"


def money(verbose_name: str) -> models.DecimalField[Decimal | None, Decimal | None]:
    """A column of an amount in 元 with two places; NaN is refused by a constraint of its table."""
    return models.DecimalField(verbose_name, max_digits=18, decimal_places=2, null=True, blank=True)


def sound_money(table: str, *fields: str) -> models.CheckConstraint:
    """A constraint: each amount is missing or a number within bounds. NaN is above every bound."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(
            **{f"{field}__gte": f"-{LARGEST}", f"{field}__lte": LARGEST}
        )
    return models.CheckConstraint(name=f"{table}_money_sound", condition=condition)


def plausible_year(table: str) -> models.CheckConstraint:
    """A constraint: the fiscal year is one that can be."""
    return models.CheckConstraint(
        name=f"{table}_year_plausible", condition=Q(fiscal_year__gte=2000, fiscal_year__lte=2100)
    )


class Confidentiality(models.TextChoices):
    """Whether a project may be spoken of (涉密属性)."""

    PUBLIC = "public", "公开"
    SENSITIVE = "sensitive", "敏感"
    SECRET = "secret", "涉密"


class Project(Owned):
    """A budget item (项目) of a unit: what performance targets are set for."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("项目代码", max_length=21, blank=True)
    name = models.CharField("项目名称", max_length=300)
    category = ArrayField(
        models.CharField(max_length=60), verbose_name="项目类别", default=list, blank=True
    )
    attribute = ArrayField(
        models.CharField(max_length=60), verbose_name="项目属性", default=list, blank=True
    )
    type = ArrayField(
        models.CharField(max_length=60), verbose_name="项目类型", default=list, blank=True
    )
    confidentiality = models.CharField(
        "涉密属性", max_length=12, choices=Confidentiality.choices, default=Confidentiality.PUBLIC
    )

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "项目"
        constraints = (
            models.UniqueConstraint(
                fields=["department", "unit", "name"], name="project_name_unique"
            ),
            models.UniqueConstraint(
                fields=["department", "code"], name="project_code_unique", condition=~Q(code="")
            ),
            models.UniqueConstraint(fields=["id", "department"], name="project_of_department"),
            models.CheckConstraint(
                name="project_confidentiality_known",
                condition=Q(confidentiality__in=Confidentiality.values),
            ),
        )

    def __str__(self) -> str:
        return self.name


class FundSourceChoice(models.TextChoices):
    """Where money comes from (资金来源)."""

    TOTAL = "total", "资金总额"
    CENTRAL = "central", "中央财政资金"
    PROVINCIAL = "provincial", "省级财政资金"
    CITY = "city", "市级财政资金"
    COUNTY = "county", "市县财政资金"
    FISCAL = "fiscal", "财政拨款"
    GOVERNMENT_FUND = "government_fund", "政府性基金"
    STATE_CAPITAL = "state_capital", "国有资本经营预算"
    BOND = "bond", "债券资金"
    SELF_RAISED = "self_raised", "单位自筹"
    UNIT_FUNDS = "unit_funds", "单位资金"
    CARRY_OVER = "carry_over", "上年结转资金"
    OTHER = "other", "其他资金"


class FundStageChoice(models.TextChoices):
    """For the year or for the whole period (阶段)."""

    ANNUAL = "annual", "年度"
    WHOLE_PERIOD = "whole_period", "实施期"


class Funding(Owned):
    """One source of a project's money in one year (资金): initial, adjusted, executed, in 元."""

    project = models.ForeignKey(
        Project, models.CASCADE, verbose_name="项目", related_name="funding"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    source = models.CharField("资金来源", max_length=20, choices=FundSourceChoice.choices)
    stage = models.CharField("阶段", max_length=16, choices=FundStageChoice.choices)
    initial = money("年初预算数")
    adjusted = money("全年预算数")
    executed = money("全年执行数")

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "资金"
        constraints = (
            models.UniqueConstraint(
                fields=["project", "fiscal_year", "source", "stage"], name="funding_once"
            ),
            models.CheckConstraint(
                name="funding_source_known", condition=Q(source__in=FundSourceChoice.values)
            ),
            models.CheckConstraint(
                name="funding_stage_known", condition=Q(stage__in=FundStageChoice.values)
            ),
            sound_money("funding", "initial", "adjusted", "executed"),
            plausible_year("funding"),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.fiscal_year} {self.get_source_display()}"


class ExpenditureStage(models.TextChoices):
    """Which account a line of expenditure is from."""

    BUDGET = "budget", "预算"
    FINAL_ACCOUNTS = "final_accounts", "决算"


class ExpenditureByFunction(Owned):
    """A line of a function-coded expenditure table (支出功能分类), in 元."""

    fiscal_year = models.PositiveSmallIntegerField("年度")
    stage = models.CharField("口径", max_length=16, choices=ExpenditureStage.choices)
    table_title = models.CharField("表名", max_length=120)
    seq = models.PositiveIntegerField("序号")
    code = models.CharField("科目编码", max_length=9, blank=True)
    name = models.CharField("科目名称", max_length=120)
    total = money("合计")
    basic = money("基本支出")
    project = money("项目支出")

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "按功能科目的支出"
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "fiscal_year", "stage", "table_title", "seq"],
                name="expenditure_once",
            ),
            models.CheckConstraint(
                name="expenditure_code_digits",
                condition=Q(code__regex=r"^([0-9]{3}([0-9]{2}){0,2})?$"),
            ),
            models.CheckConstraint(
                name="expenditure_stage_known", condition=Q(stage__in=ExpenditureStage.values)
            ),
            sound_money("expenditure", "total", "basic", "project"),
            plausible_year("expenditure"),
        )

    def __str__(self) -> str:
        return f"{self.table_title} {self.code} {self.name}"


class ContactPerson(Owned):
    """A person named on a form (负责人, 经办人): personal data, kept here and nowhere else."""

    project = models.ForeignKey(
        Project, models.CASCADE, verbose_name="项目", related_name="contacts"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    paper = models.CharField("表", max_length=20)
    role = models.CharField("身份", max_length=20)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("电话", max_length=40, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "联系人"
        constraints = (
            models.UniqueConstraint(
                fields=["project", "fiscal_year", "paper", "role"], name="contact_once"
            ),
            plausible_year("contact"),
        )

    def __str__(self) -> str:
        return self.get_role()

    def get_role(self) -> str:
        """The role alone: a name never stands in a log by accident."""
        return self.role
