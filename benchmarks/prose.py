"""Reading prose takes time in proportion to its length: time at 2N ÷ time at N, N = 1 MB.

    python -m benchmarks.prose

Both sizes are measured in turn within one run; the median ratio is what counts (at most 2.5).
"""

from __future__ import annotations

import statistics

from benchmarks.values import MEGABYTE, ratios
from performance.documents import read
from performance.examination.prose import check_x01_prose, read_figures
from performance.examination.prose.proof import proof

SENTENCES = (
    "2024年支出预算90.25万元，其中：基本支出60.25万元，占66.76%；项目支出30万元，占33.24%。\n",
    "道路养护费12.5万元，比上年增加2.5万元，增长25%，主要原因是新增里程8公里。\n",
    "全年开展培训12期，参训1,050人次，满意度达到96.5%以上。\n",
    "按每人每年补助计算（500元×20%×30%＝30元），依据〔2023〕15号文件。\n",
    "本年工作平稳有序，各项任务按计划推进，没有发生安全事故。\n",
)


def prose(size: int) -> str:
    """Paragraphs of about ``size`` bytes in UTF-8."""
    once = "".join(SENTENCES)
    return once * (size // len(once.encode()) + 1)


def main() -> None:
    """Prints the ratios of the reader, of the checks and of a proofreading."""
    one, two = prose(MEGABYTE), prose(2 * MEGABYTE)
    found, took = ratios(lambda: read_figures(one), lambda: read_figures(two))
    print(f"读数：1 MB 中位 {took:.2f} 秒；2 MB÷1 MB 中位 {statistics.median(found):.2f}")
    one, two = prose(MEGABYTE // 8), prose(MEGABYTE // 4)
    small, large = read(one.encode()), read(two.encode())
    found, took = ratios(lambda: [*check_x01_prose(small)], lambda: [*check_x01_prose(large)])
    print(f"审核：128 KB 中位 {took:.2f} 秒；256 KB÷128 KB 中位 {statistics.median(found):.2f}")
    found, took = ratios(lambda: proof(one, []), lambda: proof(two, []))
    print(f"校对：128 KB 中位 {took:.2f} 秒；256 KB÷128 KB 中位 {statistics.median(found):.2f}")


if __name__ == "__main__":
    main()
