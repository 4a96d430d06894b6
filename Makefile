# SPDX-License-Identifier: EUPL-1.2
# make help says what there is to make.
# SAN=1 builds with the address and undefined-behaviour sanitizers, into build/san; FAULTS=1 with the crash
# points, the shim and the mock broker of tests/faults/, into build/faults; FUZZ=1 with clang, the sanitizers
# and libFuzzer, into build/fuzz.

PROGRAMS := $(shell sed -nE 's/^(PROGRAM|COMMAND).([a-z]+),.*/\2/p' common/program/programs.def)
VARIANT  := $(if $(FUZZ),fuzz,$(if $(FAULTS),faults,$(if $(SAN),san,plain)))
OUT      := build/$(VARIANT)
GEN      := build/gen
PREFIX   ?= /usr/local

VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo 0.1.0)
SCHEMA   := $(shell ls migrations | sed -n 's/_.*//p' | tail -n 1)

CC       := $(if $(FUZZ),clang,gcc)
PACKAGES := libpq rdkafka jansson libsodium libcrypto libcurl md4c
LETTERS  := pangocairo pangoft2 libqpdf
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wformat=2 -Werror=format-security \
            -Wmissing-field-initializers -Wstrict-prototypes -Wmissing-prototypes -Werror
HARDEN   := -O2 -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
            -fcf-protection=full -ftrivial-auto-var-init=zero
SANITIZE := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
SANITIZE += $(if $(FUZZ),-fsanitize=fuzzer-no-link -w)
CFLAGS   := -std=gnu11 -g -D_GNU_SOURCE $(WARNINGS) -fPIE -I. -I$(GEN) -MMD -MP \
            $(if $(FAULTS),-O1 -DTILLIT_FAULTS,$(if $(SAN)$(FUZZ),$(SANITIZE),$(HARDEN))) $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
WRAPPED  := PQsendQueryPrepared PQsendQuery PQgetResult rd_kafka_produceva rd_kafka_commit
LDFLAGS  := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed $(if $(FAULTS),$(WRAPPED:%=-Wl,--wrap=%),$(if $(SAN)$(FUZZ),$(SANITIZE)))
LDLIBS   := -lcivetweb $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm -lpthread
LDLIBS_letters := $(shell pkg-config --libs $(LETTERS) 2>/dev/null)

# queries.sql of a folder -> its statements; web/ or templates/ of a service -> its assets.
QUERIES  := $(shell find common services -name queries.sql)
ASSETS_api     := services/api/web
ASSETS_letters := services/letters/templates
objects   = $(patsubst %.c,$(OUT)/%.o,$(shell find $(1) -name '*.c'))
generated = $(patsubst %.sql,$(OUT)/gen/%.o,$(filter $(1)/%,$(QUERIES)))
assets    = $(if $(wildcard $(ASSETS_$(1))),$(OUT)/gen/services/$(1)/assets.o)
COMMON   := $(call objects,common) $(call generated,common) $(if $(FAULTS),$(OUT)/tests/faults/shim.o)
service   = $(call objects,services/$(1)) $(call generated,services/$(1)) $(call assets,$(1))
BINARIES := $(PROGRAMS:%=$(OUT)/bin/tillit-%) $(OUT)/bin/tillit-supervise \
            $(if $(FAULTS),$(OUT)/bin/mock-broker)
FUZZERS  := $(patsubst tests/fuzz/%.c,$(OUT)/test/%,$(wildcard tests/fuzz/*_fuzz.c))
TESTS    := $(patsubst tests/unit/%.c,$(OUT)/test/%,$(wildcard tests/unit/*_test.c)) $(FUZZERS)

.SECONDARY:
.SECONDEXPANSION:
.PHONY: build help run demo test tests unit handler handlers fuzz fuzzers bench faults faults-mutants lint install clean
.DEFAULT_GOAL := build

build: $(BINARIES) ## the programs, into build/plain (what plain make does)

$(OUT)/bin/tillit-supervise: $(OUT)/deploy/local/supervise.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^

$(OUT)/bin/mock-broker: $(OUT)/tests/faults/mock_broker.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lrdkafka -lpthread

# What a program doesn't use of common/, and the libraries behind that, it need not carry in memory.
$(OUT)/common.a: $(COMMON)
	$(AR) rcs $@.new $^
	mv $@.new $@

$(OUT)/bin/tillit-%: $$(call service,$$*) $(OUT)/common.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(LDLIBS_$*)

# A unit test links common/ and, if its first lines say "with: triage", that service without main.
without_main = $(filter-out %/main.o,$(1))
with = $(shell sed -n '1,3s/.*\/\* with: \([a-z]*\).*/\1/p' tests/*/$(1).c)
$(OUT)/test/%: $(OUT)/tests/unit/%.o \
               $$(call without_main,$$(if $$(call with,$$*),$$(call service,$$(call with,$$*)))) $(OUT)/common.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(LDLIBS_$(call with,$*)) -lcmocka

# A handler test links all services, whose mains hand their tables to the house (tests/handler/house.h).
HOUSE    := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/handler/*.c))
STOOD_IN := api_main worker_main program_main pool_new pool_free pool_take pool_give db_begin db_commit db_rollback \
            clock_now count_verdict
HANDLERS := $(patsubst tests/handler/%.c,$(OUT)/handler/%,$(wildcard tests/handler/*_test.c))
$(OUT)/handler/%_main.o: $(OUT)/services/%/main.o
	@mkdir -p $(@D)
	objcopy --redefine-sym main=$*_service $< $@
$(OUT)/handler/%: $(OUT)/tests/handler/%.o $(filter-out %_test.o,$(HOUSE)) $(PROGRAMS:%=$(OUT)/handler/%_main.o) \
                  $(foreach s,$(PROGRAMS),$(filter-out %/main.o,$(call service,$(s)))) $(OUT)/common.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(STOOD_IN:%=-Wl,--wrap=%) -o $@ $^ $(LDLIBS) $(LDLIBS_letters) -lcmocka

# A fuzz target too: with libFuzzer it is given whatever that thinks of, else the corpus that is kept.
$(OUT)/test/%_fuzz: $(OUT)/tests/fuzz/%_fuzz.o $(if $(FUZZ),,$(OUT)/tests/fuzz/replay.o) \
                    $$(call without_main,$$(if $$(call with,$$*_fuzz),$$(call service,$$(call with,$$*_fuzz)))) $(OUT)/common.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(if $(FUZZ),-fsanitize=fuzzer) -o $@ $^ $(LDLIBS) $(LDLIBS_$(call with,$*_fuzz))

# A bench is built like a unit test.
$(OUT)/test/%_bench: $(OUT)/tests/bench/%_bench.o $$(call without_main,$$(call service,$$*)) $(OUT)/common.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(LDLIBS_$*)

$(OUT)/common/base/text_same.o: $(GEN)/common/base/canonical.h
$(GEN)/common/base/canonical.h: deploy/build/canonical.py
	@mkdir -p $(@D)
	python3 $< >$@.new && mv $@.new $@

# The words that people read, sorted by key; nothing is built while one is missing, or is asked for by nobody.
$(OUT)/common/words/words.o: $(GEN)/common/words/table.h
$(GEN)/common/words/table.h: $(GEN)/common/words/looked_at
	@:
$(GEN)/common/words/looked_at: deploy/build/words.py $(wildcard common/words/texts/*.words services/api/web/templates/*.html) \
                             $(shell find common services -name '*.c' -o -name '*.def')
	@mkdir -p $(@D)
	python3 $< >$@.new && mv $@.new $@
	@cmp -s $@ $(@D)/table.h || cp $@ $(@D)/table.h

$(OUT)/%.o: %.c | $(QUERIES:%.sql=$(GEN)/%.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(if $(findstring services/letters,$<)$(findstring letters,$<),$(shell pkg-config --cflags $(LETTERS))) -c -o $@ $<
$(OUT)/common/program/program.o: CFLAGS += -DTILLIT_VERSION='"$(VERSION)"'
$(OUT)/common/start/start.o: CFLAGS += -DTILLIT_SCHEMA='"$(SCHEMA)"'
$(OUT)/common/program/program.o $(OUT)/common/start/start.o: $(wildcard migrations/*.sql .git/logs/HEAD)

$(GEN)/%/queries.h: %/queries.sql common/event/events.def deploy/build/queries.awk
	@mkdir -p $(@D)
	awk -v part=h -v list=$(subst /,_,$(subst common/,,$(subst services/,,$*)))_statements -f deploy/build/queries.awk common/event/events.def $< >$@.new && mv $@.new $@
$(GEN)/%/queries.c: %/queries.sql common/event/events.def deploy/build/queries.awk
	@mkdir -p $(@D)
	awk -v part=c -v list=$(subst /,_,$(subst common/,,$(subst services/,,$*)))_statements -v header=$*/queries.h -f deploy/build/queries.awk common/event/events.def $< >$@.new && mv $@.new $@
$(OUT)/gen/%/queries.o: $(GEN)/%/queries.c $(GEN)/%/queries.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<
$(OUT)/gen/services/%/assets.o: $$(shell find $$(ASSETS_$$*) -type f) deploy/build/embed.sh
	@mkdir -p $(@D)
	sh deploy/build/embed.sh $*_assets $(ASSETS_$*) >$(@:.o=.S)
	CCACHE_DISABLE=1 $(CC) -c -o $@ $(@:.o=.S) # a cache sees the names of the files that go in, not what they hold

tests: $(TESTS)
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.* ## / { printf "make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

unit: $(TESTS) ## unit tests alone
	@sh deploy/local/unit.sh $(TESTS)
handlers: $(HANDLERS)
handler: $(HANDLERS) ## handlers on a real database, each row rolled back
	@bash deploy/local/handler.sh $(HANDLERS)
fuzzers: $(FUZZERS)
fuzz: ## every parser is given what nobody thought of, a minute each
	@bash tests/fuzz/run.sh

run: ## installs what is missing, starts everything on this machine and says where to look
	@bash deploy/local/run.sh
demo: ## 25 synthetic applications to what make run has started, and the journey of one
	@/usr/bin/python3 deploy/local/demo.py
test: ## unit tests, plays against a real PostgreSQL and a real Kafka, letters, lint; DAY=2027-03-28 makes it that day
	@bash deploy/local/test.sh
faults: ## the system killed, cut, delayed, wiped and lied to; an auditor looks at what is left
	@bash tests/faults/run.sh
faults-mutants: ## known bugs, each seeded: make faults must find every one
	@/usr/bin/python3 tests/faults/mutants.py
bench: ## how fast it is
	@sh tests/bench/run.sh
lint: ## where we stand against our own bar
	@sh deploy/build/lint.sh

install: build ## programs and units into PREFIX (/usr/local), DESTDIR before it
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(PROGRAMS:%=$(OUT)/bin/tillit-%) $(DESTDIR)$(PREFIX)/bin
	for unit in $$(cd deploy/systemd && find . -type f); do install -D -m 644 deploy/systemd/$$unit $(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit; done

clean: ## takes away what was built
	rm -rf build/plain build/san build/fuzz build/gen

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
