"""``manage.py keys make|list|public``: the key file; secrets are never printed."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets import keys


class Command(BaseCommand):
    """Adds a key, names the keys there are, prints their public halves."""

    help = "管理数据库之外的密钥文件"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One of three words."""
        parser.add_argument("action", choices=["make", "list", "public"])

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a key; ``public`` prints what ``audit_verify --public-keys`` reads."""
        try:
            getattr(self, f"_{options['action']}")()
        except (keys.KeyTrouble, OSError) as error:
            raise CommandError(str(error)) from None

    def _make(self) -> None:
        made = keys.make()
        self.stdout.write(f"新密钥 {made.id}，{made.made_at}；旧密钥保留，请立即备份密钥文件")

    def _list(self) -> None:
        *older, newest = keys.all_keys()
        for key in older:
            self.stdout.write(f"{key.id}\t{key.made_at}")
        self.stdout.write(f"{newest.id}\t{newest.made_at}\t使用中")

    def _public(self) -> None:
        found = {
            name: key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
            for name, key in keys.public_keys().items()
        }
        self.stdout.write(json.dumps(found, indent=1))
