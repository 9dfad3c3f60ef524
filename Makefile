# 绩衡：make run 看看它，make test 验证它。
.DEFAULT_GOAL := help
SHELL := /bin/bash
PORT ?= 8000
ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
PY := .venv/bin/python

.PHONY: help env charts manual manual-pictures run test browser harness torture mutants lint types migrations lock clean

help: ## 列出可用的命令
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

env: .venv/.ready ## 建立 .venv 并安装锁定的依赖

.venv/.ready: requirements.txt .make/env.sh
	@bash .make/env.sh

charts: env ## 生成图表脚本（需要 npm，没有时从 PyPI 取）
	@bash .make/charts.sh

manual: env ## 按 performance/web/chapters 重写 docs/manual
	@DJANGO_SETTINGS_MODULE=config.settings $(PY) -m performance.web.manual

manual-pictures: env ## 重拍使用手册的插图（需要浏览器）
	@$(PY) -m tests.browser.pictures $(PICTURES)

run: env ## 载入示例、打分、对照，并在本机提供服务（PORT=8000）
	@$(PY) .make/port.py $(PORT)
	@bash .make/charts.sh || true
	@$(PY) manage.py db start
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py load_samples
	@echo "打开 http://127.0.0.1:$(PORT)/ ，按 Ctrl-C 结束"
	@exec $(PY) manage.py runserver --noreload 127.0.0.1:$(PORT)

test: env ## 运行测试（只需要 pip）
	@$(PY) -m pytest -n auto --dist worksteal -m "not browser and not harness and not migrations" $(PYTEST_ARGS)

browser: env ## 在浏览器里走页面（需要 chromium 与中文字体），截图在 var/screenshots
	@$(PY) -m pytest -n auto --dist loadfile -m browser $(PYTEST_ARGS)

harness: env ## 长时间试验的小样，每种各跑一遍，并看种下的错误被发现
	@$(PY) -m pytest -n auto --dist worksteal -m harness $(PYTEST_ARGS)

torture: env ## 长时间的故障与并发试验（SCALE=release 更长，SEED=数 重放），报告在 docs/evidence
	@$(PY) -m tests.torture $(HARNESS)

mutants: env ## 检查项的变异试验：删去或改动任何检查，测试须能发现（很久），报告在 docs/evidence
	@$(PY) -m tests.examination.mutants $(MUTANTS)

lint: env ## 代码检查
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

types: env ## 类型检查
	@$(PY) -m mypy

migrations: env ## 模型与迁移一致，每个迁移退得回去
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) -m pytest -n auto -m migrations $(PYTEST_ARGS)

lock: env ## 重新锁定依赖
	@.venv/bin/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 requirements.in -o requirements.txt

clean: ## 停掉数据库，删除 .venv 与 var
	@-test -x $(PY) && $(PY) manage.py db stop
	@rm -rf .venv var staticfiles
