"""Formulas in a text: written ones with their result, and those that only the words give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from performance.examination.prose.figures import amount
from performance.examination.prose.model import Figure, FigureKind, Role, Sentence
from performance.examination.prose.pages import Clash, Paragraph
from performance.scoring.execution import annual_total
from performance.tables import ParsedTable
from performance.values import plain

_TIMES = re.compile(r"[*×xX✕]")
_SIGNS = {"*": "×", "x": "×", "X": "×", "✕": "×", "＋": "+"}
_OPERATOR = re.compile(r"[*×xX✕÷/+＋]")
_EQUALS = re.compile(r"[=≈]|等于")
_SCALES = tuple(Decimal(10) ** power for power in (0, 4, -4, 8, -8))
"""A formula in 元 may give its result in 万元 or 亿元 without saying so."""
_PER_HEAD = re.compile(r"每人|每户|人均|户均|每亩|每例|每剂|每次|每床|标准")
_PEOPLE = {"人", "户", "亩", "例", "剂", "人次", "名", "床"}
_SUMMED = re.compile(
    r"(?:共计|合计|总计|共需|计|需|需要|应配套|应该配套|应负担|金额)[^,;:。]{0,4}$"
)
_MOST_SHARES = 4
_HALF = Decimal("0.5")
_OFTEN = re.compile(r"[每/](?:天|日|次|期|周|学期|季度?|课时|场)")
"""How often a standard is paid is then part of the product, and not always told."""
_BASIS = re.compile(r"负担|承担|配套|测算|按照|比例|补助|资助")


def check_formulas(paragraphs: list[Paragraph]) -> Iterator[Clash]:
    """Written formulas whose result is another: 640 元*10%*65%=35.2 元."""
    for paragraph in paragraphs:
        for sentence in paragraph.reading.sentences:
            for chain, operators, result in _chains(sentence):
                if not _comes_out(chain, operators, result):
                    yield _wrong(chain, operators, result, sentence, paragraph)


def _chains(sentence: Sentence) -> Iterator[tuple[list[Figure], list[str], Figure]]:
    """Figures joined by signs, with the figure behind the sign of equality."""
    chain: list[Figure] = []
    operators: list[str] = []
    for one, other in zip(sentence.figures, sentence.figures[1:], strict=False):
        between = sentence.text[one.spot[1] : other.spot[0]]
        chain = chain or [one]
        if _OPERATOR.fullmatch(between):
            chain.append(other)
            operators.append(_SIGNS.get(between, between))
            continue
        if operators and _EQUALS.fullmatch(between) and _starts_alone(sentence, chain[0]):
            if not _OPERATOR.match(sentence.text, other.spot[1]):
                yield chain, operators, other
        chain, operators = [], []


def _starts_alone(sentence: Sentence, first: Figure) -> bool:
    """Whether nothing in front of a formula belongs to it that was not read."""
    before = sentence.text[: first.spot[0]]
    return not before.endswith(("*", "×", "+", "-", "/", "÷", ")")) and "((" not in before[-3:]


def _comes_out(chain: list[Figure], operators: list[str], result: Figure) -> bool:
    value = _computed(chain, operators)
    if value is not None and result.kind is FigureKind.RATE:
        return abs(value * 100 - result.value) <= result.step
    return value is None or any(
        abs(value * scale - result.value) <= result.step for scale in _SCALES
    )


def _computed(chain: list[Figure], operators: list[str]) -> Decimal | None:
    total, product = Decimal(0), _factor(chain[0])
    for operator, figure in zip(operators, chain[1:], strict=True):
        value = _factor(figure)
        if operator == "×":
            product *= value
        elif operator in "÷/":
            if not value:
                return None
            product /= value
        else:
            total, product = total + product, value
    return total + product


def _factor(figure: Figure) -> Decimal:
    return figure.value / 100 if figure.kind is FigureKind.RATE else figure.value


def _wrong(
    chain: list[Figure],
    operators: list[str],
    result: Figure,
    sentence: Sentence,
    paragraph: Paragraph,
) -> Clash:
    formula = sentence.text[chain[0].spot[0] : chain[-1].spot[1]]
    value = _computed(chain, operators) or Decimal(0)
    shown = amount(value, result.kind, result.unit)
    return Clash(
        figure=result,
        paragraph=paragraph,
        project=paragraph.passage.project or None,
        message=(
            f"测算式 {formula} 应为 {shown}，文中写 {result.written}"
            f"（{paragraph.place(result)}）；请核对算式中的数和结果"
        ),
    )


def check_bases(paragraphs: list[Paragraph], tables: tuple[ParsedTable, ...]) -> Iterator[Clash]:
    """Heads × amount a head × shares in the words of a form, against its result or its funds.

    Quiet unless the words hold just one number of heads and one amount a head, and no choice of
    the shares gives the result.
    """
    funds = {table.project: table for table in tables if table.project}
    for paragraph in paragraphs:
        table = funds.get(paragraph.passage.project)
        if table is None or not paragraph.passage.cell:
            continue
        yield from _basis(paragraph, table)


def _basis(paragraph: Paragraph, table: ParsedTable) -> Iterator[Clash]:
    figures = [f for f in paragraph.reading.figures if not f.approximate]
    heads = [
        f
        for f in figures
        if f.kind is FigureKind.COUNT and f.unit in _PEOPLE and f.role is Role.VALUE
    ]
    standards = [f for f in figures if _is_standard(f)]
    shares = [f for f in figures if f.kind is FigureKind.RATE and 0 < f.value <= 100]
    if len(heads) != 1 or len(standards) != 1 or not 0 < len(shares) <= _MOST_SHARES:
        return
    if any(f.role is Role.FACTOR for f in figures) or not _BASIS.search(paragraph.passage.text):
        return
    results = [f for f in figures if f.kind is FigureKind.AMOUNT and f not in standards]
    stated = [f for f in results if _SUMMED.search(f.clause)]
    text = paragraph.passage.text
    if _OFTEN.search(text):
        return
    base = heads[0].value * standards[0].value
    products = [
        base * _product(chosen) * months
        for months in (range(12, 0, -1) if "月" in text else (1,))
        for count in range(len(shares) + 1)
        for chosen in combinations(shares, count)
    ]
    slack = heads[0].step * _HALF / heads[0].value if heads[0].value else Decimal(0)
    if stated:
        result = stated[-1]
        if any(abs(p - result.value) <= result.step + p * slack for p in products):
            return
        yield _not_stated(result, products[-1], heads[0], standards[0], shares, paragraph)
        return
    total = annual_total(table)
    if results or total is None or any(_near(p, total, p * slack) for p in products):
        return
    yield Clash(
        figure=heads[0],
        paragraph=paragraph,
        project=table.project,
        message=(
            f"项目“{table.project}”：按所述 {_formula(heads[0], standards[0], shares)} 计算为 "
            f"{plain(products[-1].quantize(Decimal(1)))} 元（{paragraph.place(heads[0])}），"
            f"表中资金总额为 {plain(total)} 元（{table.at}）；请核对测算依据或资金数"
        ),
    )


def _not_stated(
    stated: Figure,
    product: Decimal,
    head: Figure,
    standard: Figure,
    shares: list[Figure],
    paragraph: Paragraph,
) -> Clash:
    return Clash(
        figure=stated,
        paragraph=paragraph,
        project=paragraph.passage.project or None,
        message=(
            f"按所述 {_formula(head, standard, shares)} 计算为 "
            f"{plain(product.quantize(Decimal(1)))} 元，文中写 {stated.written}"
            f"（{paragraph.place(stated)}）；请核对测算依据"
        ),
    )


def _is_standard(figure: Figure) -> bool:
    if figure.kind is not FigureKind.AMOUNT:
        return False
    return figure.role is Role.STANDARD or _PER_HEAD.search(figure.clause) is not None


def _product(shares: tuple[Figure, ...]) -> Decimal:
    value = Decimal(1)
    for share in shares:
        value *= share.value / 100
    return value


def _near(product: Decimal, total: Decimal, slack: Decimal) -> bool:
    """Whether a product is the total, printed in 元 or in 万元 with two places."""
    return abs(product - total) <= (Decimal(50) if total % 100 == 0 else Decimal(1)) + slack


def _formula(head: Figure, standard: Figure, shares: list[Figure]) -> str:
    return "×".join([head.written, standard.written, *(share.written for share in shares)])
