"""Regions, departments, units and offices: what the system administrator keeps."""

from __future__ import annotations

import re
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from budgets import audit
from budgets.access import holds
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound
from budgets.models import BudgetUnit, Department, Office, Region, Role, User
from budgets.text import clean_text

Row = TypeVar("Row", Region, Office, Department, BudgetUnit)
_REGION = re.compile(r"[0-9]{6}([0-9]{3})?")
_CODE = re.compile(r"[0-9A-Za-z-]{0,21}")


def create_region(
    *, actor: User, code: str, name: str, parent: str = "", origin: audit.Origin | None = None
) -> Region:
    """A region by its code (GB/T 2260). Raises NotAllowed, NotFound, Invalid, Conflict."""
    _system(actor)
    if not _REGION.fullmatch(code):
        raise Invalid({"code": "区划代码应为 6 位或 9 位数字"})
    with transaction.atomic():
        above = _region(parent) if parent else None
        return _kept(
            actor, "create_region", Region(code=code, name=_name(name, 60), parent=above), origin
        )


def create_office(
    *, actor: User, region: str, name: str, origin: audit.Origin | None = None
) -> Office:
    """A business office of a region's bureau. Raises NotAllowed, NotFound, Invalid, Conflict."""
    _system(actor)
    with transaction.atomic():
        office = Office(region=_region(region), name=_name(name, 60))
        return _kept(actor, "create_office", office, origin)


def create_department(
    *,
    actor: User,
    region: str,
    name: str,
    code: str = "",
    office: UUID | None = None,
    origin: audit.Origin | None = None,
) -> Department:
    """A department in charge. Raises NotAllowed, NotFound, Invalid, Conflict."""
    _system(actor)
    with transaction.atomic():
        place = _region(region)
        department = Department(region=place, name=_name(name, 120), code=_code(code))
        department.office = _office(office, place)
        return _kept(actor, "create_department", department, origin)


def create_unit(
    *,
    actor: User,
    department: UUID,
    name: str,
    code: str = "",
    parent: UUID | None = None,
    origin: audit.Origin | None = None,
) -> BudgetUnit:
    """A unit below a department. Raises NotAllowed, NotFound, Invalid, Conflict."""
    _system(actor)
    with transaction.atomic():
        owner = _department(department)
        above = None
        if parent is not None:
            above = BudgetUnit.objects.filter(public_id=parent, department=owner).first()
            if above is None:
                raise NotFound("上级单位不在这个主管部门下")
        unit = BudgetUnit(department=owner, name=_name(name, 120), code=_code(code), parent=above)
        return _kept(actor, "create_unit", unit, origin)


def change_department(
    *,
    actor: User,
    public_id: UUID,
    name: str,
    office: UUID | None,
    origin: audit.Origin | None = None,
) -> Department:
    """Another name, or another office that looks after it. Raises as the others."""
    _system(actor)
    with transaction.atomic():
        department = _department(public_id, lock=True)
        department.name = _name(name, 120)
        department.office = _office(office, department.region)
        return _kept(actor, "change_department", department, origin)


def rename_unit(
    *, actor: User, public_id: UUID, name: str, origin: audit.Origin | None = None
) -> BudgetUnit:
    """Another name for a unit. Raises as the others."""
    _system(actor)
    with transaction.atomic():
        unit = BudgetUnit.objects.select_for_update().filter(public_id=public_id).first()
        if unit is None:
            raise NotFound("没有这个预算单位")
        unit.name = _name(name, 120)
        return _kept(actor, "rename_unit", unit, origin)


def _system(actor: User) -> None:
    if not holds(actor, Role.SYSTEM_ADMIN):
        raise NotAllowed("只有系统管理员可以维护地区、部门、单位和股室")


def _name(text: str, longest: int) -> str:
    name = clean_text(text, field="名称").strip()
    if not name or len(name) > longest:
        raise Invalid({"name": f"请填写名称，最多 {longest} 字"})
    return name


def _code(text: str) -> str:
    code = text.strip()
    if not _CODE.fullmatch(code):
        raise Invalid({"code": "代码最多 21 个字母、数字或 -"})
    return code


def _region(code: str) -> Region:
    found = Region.objects.filter(code=code).first()
    if found is None:
        raise NotFound("没有这个地区")
    return found


def _office(public_id: UUID | None, region: Region) -> Office | None:
    if public_id is None:
        return None
    found = Office.objects.filter(public_id=public_id, region=region).first()
    if found is None:
        raise NotFound("没有这个业务股室，或者不在同一地区")
    return found


def _department(public_id: UUID, *, lock: bool = False) -> Department:
    rows = Department.objects.select_for_update() if lock else Department.objects.all()
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound("没有这个主管部门")
    return found


def _kept(actor: User, verb: str, row: Row, origin: audit.Origin | None) -> Row:
    """Saves a row in the name of its event. Raises Conflict when its name or code is taken."""
    kind = type(row)._meta.model_name
    audit.record(
        actor=actor,
        verb=verb,
        object_type=str(kind),
        object_id=row.code if isinstance(row, Region) else row.public_id,
        department_id=audit.OFFICE_CHAIN,
        detail={},
        origin=origin,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict("已有同名或同代码的") from None
    return row
