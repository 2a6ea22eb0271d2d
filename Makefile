# make demo   build the sources that carry their data, and ask the three headline questions
# make test   lint, types and tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: demo test lint format lock bench clean java chromium
.DEFAULT_GOAL := demo

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: Python 3.11 or newer is needed; name it with PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "make: this Python has no venv module; on Debian: apt-get install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-compile \
		-r requirements.lock
	@# Compiled on all processors, which pip does on one; some packages carry files for other Pythons.
	@$(BIN)/python -m compileall -q -q -j 0 $(VENV)/lib || true
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: $(STAMP)
	$(BIN)/kg build --releases releases
	@echo; echo "Gaps of the modern-textile chain in Zhejiang"
	@KG_TABLE=1 $(BIN)/kg ask gaps --chain modern-textile --region 浙江 --limit 12
	@echo; echo "What has intelligent computing by the neck"
	@KG_TABLE=1 $(BIN)/kg ask necks --chain intelligent-computing
	@echo; echo "Partners for the core components of intelligent computing"
	@KG_TABLE=1 $(BIN)/kg ask partners --gap gap/zj/computing-core-component --region 浙江
	@echo; echo "Ask your own:    $(BIN)/kg ask    (lists the questions)    $(BIN)/kg sparql -f your.rq"
	@echo "Open the pages:  $(BIN)/kg serve"

# The profile checker and HermiT need a Java runtime; without it their tests are skipped and say so.
java:
	@command -v java >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null; } || \
		echo "make: no Java runtime; the tests of the reasoner HermiT are skipped. Install default-jre-headless."

# The tests of the pages need a browser and a font for Chinese; without it they are skipped and say so.
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } || \
		echo "make: no Chromium; the tests of the pages are skipped. Install chromium."

test: $(STAMP) java chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff format .

bench: $(STAMP)
	$(BIN)/python benchmarks/build.py

# Needs pip-tools beside the project's own packages.
lock:
	pip-compile --quiet --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --no-header --strip-extras --extra dev --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache releases
