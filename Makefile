# Worked Gradients. `make` by itself lists the targets.

# rustup's cargo first: it takes the toolchain of rust-toolchain.toml, and an old shell may not have it in its path.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

# The python of bench-peers.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help test grade book serve bench bench-peers lint fuzz clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

grade: ## recompute every answer, compare with the records in results/, print the score sheet
	cargo run --release --locked --package experiments --bin coursework -- grade

test: ## run every test
	cargo test --locked --workspace

book: ## check the book's listings and build it into book/book
	cargo run --locked --package report -- build book

serve: book ## build the book and serve it at http://localhost:3000
	@if command -v mdbook; then mdbook serve book; elif command -v python3; then python3 -m http.server --bind localhost --directory book/book 3000; else echo "To serve the book: cargo install mdbook --version 0.5.4 --locked. To read it without: open book/book/index.html in a browser."; fi

bench: ## measure this machine: peak, layers, training step, epoch, evaluation, iris, memory (ARGS=--quick for a rough run)
	cargo bench --locked --package experiments --bench machine -- $(ARGS)

bench-peers: ## hold the training step and the evaluation against PyTorch (PYTHON=a python that has torch)
	cargo bench --locked --package experiments --bench machine -- --peers --python "$(PYTHON)" $(ARGS)

lint: ## formatting, clippy and rustdoc, warnings denied
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

fuzz: ## run the property tests on many more random inputs
	PROPTEST_CASES=10000 cargo test --locked --workspace

clean: ## remove what was built
	cargo clean
	rm -rf book/book score
