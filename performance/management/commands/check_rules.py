"""``manage.py check_rules``: loads every rule set and says what is in it, or what is wrong."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from performance.rulebook import RulebookError, all_review_rules, all_rulesets


class Command(BaseCommand):
    """Checks the rulebook without any database."""

    help = "加载并检查全部规则集"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a rule set; exit code 1 with the reason when one does not load."""
        all_rulesets.cache_clear()
        all_review_rules.cache_clear()
        try:
            rulesets = all_rulesets()
            reviews = all_review_rules()
        except RulebookError as error:
            raise CommandError(str(error)) from None
        for rules in rulesets.values():
            document = rules.source.document or rules.source.title
            clause = rules.source.clause or "条款待核"
            self.stdout.write(f"{rules.id}\t{document}\t{clause}\t{rules.digest[:12]}")
        self.stdout.write(f"{len(rulesets)} 个规则集，全部可用")
        for one in reviews.values():
            found = f"{len(one.criteria)} 条复核情形"
            self.stdout.write(f"{one.id}\t{one.source.title}\t{one.clause}\t{found}")
