"""Reading values takes time in proportion to their length: time at 2 MB ÷ time at 1 MB.

    python -m benchmarks.values

Both sizes are measured in turn within one run; the median ratio is what counts (at most 2.5).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from performance.values import ValueContext, parse_actual, parse_target

PIECES = (
    "≥90万人", "<=508.50 万元", "=1.5 万元/人/年", "100%", "0次", "2023年12月31日前", "10月底前", "15个工作日", "3-5次",
    "不低于上年", "县域内全部实现", "有效缓解", "100%推进", "≤500万", "三次", "百分之九十", "零投诉", "每季度1次", "1:10",
    "〔2021〕101号", "完成对全市5家以上定点医药机构的监督检查", "1，234，567.89元", "≥≥≥≥====", "(((((((((1",
)  # fmt: skip
MEGABYTE = 1024 * 1024
REPEATS = 7
YEAR = ValueContext(name="示例", level2="数量指标", fiscal_year=2023)


def stream(size: int) -> list[str]:
    """Short values of about ``size`` bytes in UTF-8 altogether."""
    values: list[str] = []
    taken = 0
    while taken < size:
        piece = PIECES[len(values) % len(PIECES)]
        values.append(piece)
        taken += len(piece.encode())
    return values


def read_stream(values: list[str]) -> None:
    """Every value as a target and as an actual."""
    for value in values:
        parse_actual(value, parse_target(value, YEAR), YEAR)


def read_one(text: str) -> None:
    """One huge text as a single value, often enough to be measured."""
    for _ in range(2000):
        parse_actual(text, parse_target(text, YEAR), YEAR)


def seconds(work: Callable[[], None]) -> float:
    """How long a call took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ratios(small: Callable[[], None], large: Callable[[], None]) -> tuple[list[float], float]:
    """Ratios of pairs measured in turn, and the median time of the small one."""
    small()
    pairs = [(seconds(small), seconds(large)) for _ in range(REPEATS)]
    return [two / one for one, two in pairs], statistics.median(one for one, _ in pairs)


def main() -> None:
    """Prints both measurements."""
    one, two = stream(MEGABYTE), stream(2 * MEGABYTE)
    found, took = ratios(lambda: read_stream(one), lambda: read_stream(two))
    print(
        f"短值流：1 MB（{len(one)} 个值）中位 {took:.2f} 秒；2 MB÷1 MB 中位 {statistics.median(found):.2f}"
    )
    text_one = "≥90%且" * (MEGABYTE // 10)
    text_two = text_one * 2
    found, took = ratios(lambda: read_one(text_one), lambda: read_one(text_two))
    print(
        f"一个长值：1 MB 2000 次中位 {took * 1000:.1f} 毫秒；2 MB÷1 MB 中位 {statistics.median(found):.2f}"
    )


if __name__ == "__main__":
    main()
