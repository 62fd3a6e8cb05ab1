# Worked Gradients. `make` by itself lists the targets.

# rustup's cargo first: it takes the toolchain of rust-toolchain.toml, and an old shell may not have it in its path.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

# The python of bench-peers and interop.
PYTHON ?= python3

# The programs that `make interop` exchanges networks with.
PEERS ?= pytorch onnxruntime

# Where `make serve` serves.
PORT ?= 3000

# With how many inputs each widget is driven in `make browser`.
ROUNDS ?= 1000

# The oldest compiler, as the manifest promises it.
MSRV = $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)

# Builds what is named with the features of `make test`, so that nothing is compiled twice: those of tests count where one is built.
AS_TESTS := --locked --workspace --test interruption

.DEFAULT_GOAL := help
.PHONY: help test controls cross-check grade starter book mdbook serve pdf browser firefox bench bench-peers interop lint proptest fuzz deny third-party msrv clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

grade: ## recompute the answers, compare with results/, score each criterion of rubric.toml, print the sheet
	cargo build $(AS_TESTS) --bin coursework
	$(or $(CARGO_TARGET_DIR),target)/debug/coursework grade

starter: ## derive the assignment's starter in target/starter: the answers cut, the tests kept
	cargo build $(AS_TESTS) --bin coursework
	$(or $(CARGO_TARGET_DIR),target)/debug/coursework starter

test: ## run the tests
	cargo test --locked --workspace

controls: ## plant faults into copies of this workspace and forge records, and hold grade and verify to what they have to find
	cargo build $(AS_TESTS) --bin coursework --bin controls
	$(or $(CARGO_TARGET_DIR),target)/debug/controls $(ARGS)

cross-check: ## build for aarch64 and wasm32, and hold aarch64 under QEMU to the bits of x86-64
	tests/cross/check.sh

book: ## resolve the book and build it into book/book
	cargo build $(AS_TESTS) --bin report
	$(or $(CARGO_TARGET_DIR),target)/debug/report build book

mdbook: book ## hold what mdBook's own command builds and serves to the pages of `make book`; needs curl
	tests/book/mdbook.sh

serve: ## serve the book at http://127.0.0.1:3000, open it, and build again at every change (PORT=4000 for another port)
	cargo build $(AS_TESTS) --bin report
	$(or $(CARGO_TARGET_DIR),target)/debug/report serve book --open --port $(PORT)

pdf: book tests/browser/node_modules ## print the report to book/worked-gradients.pdf; needs node, npm and Chromium
	node tests/browser/pdf.mjs book/book book/worked-gradients.pdf

browser: book tests/browser/node_modules ## load every page in Chromium, look for faults, open its numbers and drive the widgets; needs node, npm and Chromium
	node tests/browser/control.mjs
	node tests/browser/check.mjs book/book
	node tests/browser/reading/main.mjs book/book
	cargo build $(AS_TESTS) --bin coursework
	node tests/browser/widgets/main.mjs book/book $(or $(CARGO_TARGET_DIR),target)/debug/coursework $(ROUNDS)

firefox: book tests/browser/node_modules ## drive the widgets in Firefox as well, with fewer inputs; needs node, npm and Firefox
	cargo build $(AS_TESTS) --bin coursework
	node tests/browser/widgets/main.mjs book/book $(or $(CARGO_TARGET_DIR),target)/debug/coursework 20 firefox

tests/browser/node_modules: tests/browser/package-lock.json
	npm ci --silent --no-audit --no-fund --prefix tests/browser
	@touch $@

bench: ## measure this machine: peak, layers, training step, subnormal numbers, epoch, evaluation, sprints, caches, iris, memory (ARGS=--quick for a rough run)
	cargo bench --locked --package coursework --bench machine -- $(ARGS)

bench-peers: ## hold the training step, the evaluation and an epoch against PyTorch (PYTHON=a python that has torch)
	cargo bench --locked --package coursework --bench machine -- --peers --python "$(PYTHON)" $(ARGS)

interop: ## hold networks that come from PyTorch, or go to it and to onnxruntime, to equal predictions (PYTHON=a python that has them)
	cargo build $(AS_TESTS) --bin coursework
	for peer in $(PEERS); do "$(PYTHON)" "tests/interop/with_$$peer.py" $(or $(CARGO_TARGET_DIR),target)/debug/coursework || exit 1; done

lint: ## formatting, clippy and rustdoc, warnings denied
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

proptest: ## run the property tests on many more random inputs, others in each run
	PROPTEST_RNG_SEED=$$(date +%s) PROPTEST_CASES=10000 cargo test --locked --workspace

fuzz: ## fuzz every parser of bytes that somebody else wrote, 10 minutes each (ARGS="60 png idx" for a minute of two); needs nightly Rust and cargo-fuzz
	tests/fuzz/run.sh $(or $(ARGS),600)

deny: ## licences, sources and advisories of all dependencies; needs cargo-deny
	tests/supply/deny.sh

third-party: ## write the lists of the code of others anew
	THIRD_PARTY=write cargo test --locked --package acceptance --test supply

msrv: ## check the workspace with the oldest compiler that it promises
	rustup toolchain install --profile minimal $(MSRV)
	cargo +$(MSRV) check --locked --workspace --all-targets --target-dir target/msrv

clean: ## remove what was built
	cargo clean
	rm -rf book/book book/worked-gradients.pdf tests/browser/node_modules
