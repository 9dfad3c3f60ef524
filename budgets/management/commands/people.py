"""The first three administrators, and letting one in again who lost the way."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.access import seen_by_system
from budgets.errors import ServiceError
from budgets.models import Role
from budgets.services import people

_FIRST = {
    Role.SYSTEM_ADMIN: ("xtgly", "系统管理员"),
    Role.SECURITY_ADMIN: ("aqgly", "安全管理员"),
    Role.AUDIT_ADMIN: ("sjgly", "审计管理员"),
}


class Command(BaseCommand):
    """``people bootstrap`` and ``people rescue NAME``; passwords are printed once."""

    help = "建立最初的三个管理员（bootstrap）；管理员进不来时重置（rescue 用户名）"

    def add_arguments(self, parser: CommandParser) -> None:
        """The two verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        first = verbs.add_parser("bootstrap", help="建立系统、安全、审计管理员各一名")
        for role, (username, shown) in _FIRST.items():
            option = role.value.replace("_", "-")
            first.add_argument(f"--{option}", default=username, help=f"{shown}的用户名")
        rescue = verbs.add_parser("rescue", help="重置一名管理员的密码、两步验证和锁定")
        rescue.add_argument("username", help="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints each user name with its first password."""
        try:
            with seen_by_system():
                if options["verb"] == "bootstrap":
                    names = {
                        role: (options[role.value], shown) for role, (_, shown) in _FIRST.items()
                    }
                    made = people.bootstrap(names)
                    lines = [(one.user.username, one.password) for one in made.values()]
                else:
                    lines = [(options["username"], people.rescue(options["username"]))]
        except ServiceError as error:
            raise CommandError(str(error)) from None
        self.stdout.write("初始密码只显示这一次，首次登录必须修改：")
        for username, password in lines:
            self.stdout.write(f"{username}\t{password}")
