# Everything runs with the Node.js 24 that `npm ci` brings; Debian's Node 20 and npm are enough to begin.
.PHONY: dev build test test-unit test-integration smoke-test stress attack drivers bench bench-firewall lint format clean seed-mock-data

MODULES := node_modules/.package-lock.json
WEBUI := webui/dist/index.html
WEBUI_SOURCES := $(shell find webui/src webui/*.ts webui/index.html core/contract/src manager/src -type f -not -path '*/services/api/*' 2>/dev/null)

dev: $(MODULES) $(WEBUI)
	@./articdbm up --demo

build: $(MODULES) $(WEBUI)

$(MODULES): package-lock.json package.json $(wildcard */package.json core/*/package.json)
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js and npm first (apt-get install nodejs npm)"; exit 1; }
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(WEBUI): $(MODULES) $(WEBUI_SOURCES)
	npm run --silent build -w webui

test: build
	npm test --silent

test-unit: $(MODULES)
	npm run --silent test:unit

test-integration: build
	npm test --silent -- --only tests/

smoke-test: build
	npm test --silent -- --only tests/smoketests/

# Ten million mixed statements, or as many as STATEMENTS says: half an hour.
stress: build
	STRESS_STATEMENTS=$(or $(STATEMENTS),10000000) npm test --silent -- --only tests/stress/ --minutes 180

# A real attack tool against an application with every kind of hole, behind the gateway: half an hour.
attack: build
	ATTACK=full npm test --silent -- --only tests/attack/ --minutes 120

drivers: build
	npm run --silent drivers -- $(if $(ONLY),--only $(ONLY))

bench: $(MODULES)
	npm run --silent bench -- $(if $(ONLY),--only $(ONLY)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
	  $(if $(SECONDS),--seconds $(SECONDS)) $(if $(GIGABYTES),--gigabytes $(GIGABYTES))

# What the injection rules find and what they block by mistake. CORPUS: a directory of JSON Lines {id, dialect, sql, category, label}.
bench-firewall: $(MODULES)
	npm run --silent bench:firewall -- $(CORPUS)

lint: build
	npm run --silent check

format: $(MODULES)
	npm run --silent format

seed-mock-data: $(MODULES)
	node_modules/.bin/node cli/src/demo/create-shop.ts .articdbm/shop.db

clean:
	rm -rf node_modules */node_modules core/*/node_modules webui/dist webui/src/services/api .articdbm
