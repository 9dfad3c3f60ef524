"""Who works here: accounts and what they may do for whom."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    """Makes accounts; names are compared without case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """One account with a hashed password."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """By name, whatever its case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """An account (用户) of one person."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField("用户名", max_length=64, unique=True)
    display_name = models.CharField("姓名", max_length=64)
    email = models.EmailField("电子邮箱", blank=True)
    is_active = models.BooleanField("可用", default=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    person_key = models.CharField("本人标记", max_length=64, blank=True, editable=False)
    password_changed_at = models.DateTimeField("密码设置时间", default=timezone.now)
    must_change_password = models.BooleanField("须修改密码", default=False)
    session_epoch = models.PositiveIntegerField("会话代次", default=0)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        constraints = (
            models.UniqueConstraint(Lower("username"), name="user_username_unique"),
            models.UniqueConstraint(
                fields=["person_key"], name="user_one_account_a_person", condition=~Q(person_key="")
            ),
        )

    def __str__(self) -> str:
        return self.display_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Changes with the password and with ``session_epoch``: sessions made before end for good."""
        return salted_hmac(
            "budgets.User.session",
            f"{self.password}.{self.session_epoch}",
            secret,
            algorithm="sha256",
        ).hexdigest()


class Role(models.TextChoices):
    """What a member may do (角色)."""

    CLERK = "clerk", "经办"
    UNIT_HEAD = "unit_head", "单位审核"
    DEPARTMENT_REVIEWER = "department_reviewer", "主管部门审核"
    FINANCE_REVIEWER = "finance_reviewer", "财政审核"
    AUDITOR = "auditor", "审计"
    REPORT_READER = "report_reader", "报告读取"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


_OF_REGION = (Role.FINANCE_REVIEWER, Role.AUDITOR, Role.REPORT_READER)
_OF_NOBODY = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class Member(models.Model):
    """One role of one account, for a unit, a department or a region (成员)."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="用户", related_name="memberships")
    role = models.CharField("角色", max_length=24, choices=Role.choices)
    region = models.ForeignKey(
        "budgets.Region",
        models.PROTECT,
        verbose_name="地区",
        null=True,
        blank=True,
        related_name="+",
    )
    department = models.ForeignKey(
        "budgets.Department",
        models.PROTECT,
        verbose_name="主管部门",
        null=True,
        blank=True,
        related_name="+",
    )
    unit = models.ForeignKey(
        "budgets.BudgetUnit",
        models.PROTECT,
        verbose_name="预算单位",
        null=True,
        blank=True,
        related_name="+",
    )

    office = models.ForeignKey(
        "budgets.Office",
        models.PROTECT,
        verbose_name="业务股室",
        null=True,
        blank=True,
        related_name="+",
        help_text="财政审核人员只看本股室联系的部门；不填则看全地区",
    )

    class Meta:
        verbose_name = verbose_name_plural = "成员"
        constraints = (
            models.CheckConstraint(
                name="member_office_of_finance",
                condition=Q(office__isnull=True) | Q(role=Role.FINANCE_REVIEWER),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "region", "department", "unit", "office"],
                name="member_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="member_role_has_its_scope",
                condition=(
                    Q(
                        role__in=[Role.CLERK, Role.UNIT_HEAD],
                        unit__isnull=False,
                        department__isnull=False,
                    )
                    | Q(role=Role.DEPARTMENT_REVIEWER, department__isnull=False, unit__isnull=True)
                    | Q(
                        role__in=_OF_REGION,
                        region__isnull=False,
                        department__isnull=True,
                        unit__isnull=True,
                    )
                    | Q(
                        role__in=_OF_NOBODY,
                        region__isnull=True,
                        department__isnull=True,
                        unit__isnull=True,
                    )
                ),
            ),
            models.CheckConstraint(name="member_role_known", condition=Q(role__in=Role.values)),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"
