export CARGO_TARGET_DIR := $(CURDIR)/target

.DEFAULT_GOAL := help
.PHONY: help run cluster dev test chaos lint format screenshots bench bench-client lighthouse audit openapi clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: ## build and start Charla on 127.0.0.1:8000 (DEMO=1: with example people and rooms)
	scripts/build-web
	cargo build --release -p charla
	target/release/charla serve $(if $(filter-out 0,$(DEMO)),--demo)

cluster: ## build and start two nodes behind a proxy on 127.0.0.1:8000, with PostgreSQL, Redis and S3 that are thrown away at the end
	scripts/install-test-tools
	scripts/build-web
	cargo build --release -p charla -p charla-services
	scripts/cluster

dev: ## server and web client for development, both reloading
	scripts/dev

test: ## every check and every test; installs what it lacks
	scripts/test

chaos: ## break a cluster for ten minutes in every way, and prove that no message is lost (ARGS=measures: how soon all is well again)
	scripts/install-test-tools
	cargo build -p charla -p charla-chaos
	scripts/chaos $(ARGS)

lint: ## format and lint checks alone
	scripts/install-packages web
	scripts/install-packages e2e
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	npm --prefix web run lint
	npm --prefix web run check
	npm --prefix e2e run check

format: ## format everything
	scripts/install-packages web
	scripts/install-packages e2e
	cargo fmt --all
	npm --prefix web run format
	npm --prefix e2e run format

screenshots: ## take pictures of every page and state of the web client, into ./screenshots
	scripts/install-test-tools
	scripts/build-web
	scripts/install-packages e2e
	cargo build -p charla
	npm --prefix e2e run screenshots

bench: ## measure the server beside the machine's limits, and write docs/performance.md; ARGS='--quick', '--only room,idle': no page
	scripts/install-test-tools
	cargo build --release -p charla -p charla-bench -p charla-services
	target/release/with-services --durable -- target/release/charla-bench $(or $(ARGS),--json target/bench.json --write docs)

bench-client: ## measure the web client in Chromium: switching, typing, scrolling; a trace of each in e2e/test-results
	scripts/install-test-tools
	scripts/build-web
	scripts/install-packages e2e
	cargo build --release -p charla
	CHARLA_BIN=$(CURDIR)/target/release/charla npm --prefix e2e run bench

lighthouse: ## Lighthouse's marks for the sign-in page and a room, as a phone and a desktop
	scripts/install-test-tools
	scripts/build-web
	scripts/install-packages e2e
	cargo build --release -p charla
	CHARLA_BIN=$(CURDIR)/target/release/charla npm --prefix e2e run lighthouse

audit: ## check dependencies: licences, bans, sources, advisories
	scripts/audit

openapi: ## write docs/openapi.json and the web client's types anew
	scripts/install-packages web
	mkdir -p docs
	cargo build -p charla
	target/debug/charla openapi >target/openapi.json
	mv target/openapi.json docs/openapi.json
	npm --prefix web run generate

clean: ## delete what was built or downloaded, but not ./data
	cargo clean
	rm -rf web/build web/.svelte-kit web/node_modules e2e/node_modules e2e/test-results e2e/playwright-report
