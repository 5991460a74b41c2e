EXTENSION = kpi
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" kpi.control)

MODULE_big = kpi
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))
PG_CPPFLAGS = -Isrc
PG_CFLAGS = -ffp-contract=off $(KPI_CFLAGS)

DATA_built = sql/kpi--$(EXTVERSION).sql
WORDS = sql/install/lang/words.sql
EXTRA_CLEAN = $(WORDS)
DATA = $(wildcard sql/kpi--*--*.sql)
DOCS = $(wildcard doc/*.md)

REGRESS = $(sort $(basename $(notdir $(wildcard test/sql/*.sql))))
REGRESS_OPTS = --inputdir=test --load-extension=btree_gist --load-extension=kpi

PG_CONFIG ?= pg_config

# These need no server and no headers here: the scripts find or name what is missing.
ALONE = test test-all demo check-format indent dist bench bench-gate

ifneq ($(filter-out $(ALONE),$(or $(MAKECMDGOALS),all)),)
PGXS := $(shell $(PG_CONFIG) --pgxs)
ifeq ($(wildcard $(PGXS)),)
$(error "$(PG_CONFIG) --pgxs" names no file: install the server's development files or say which server with PG_CONFIG=...)
endif
include $(PGXS)
# the names of our pages are too plain for the folder of all extensions
docmoduledir = extension/kpi
endif

PIECES = $(addprefix sql/install/,$(shell grep -v '^\#' sql/install/order))

$(WORDS): tools/words.awk $(wildcard sql/install/lang/*.tsv)
	LC_ALL=C awk -f tools/words.awk $(filter %.tsv,$^) > $@ || { rm -f $@; false; }

$(DATA_built): tools/expand.awk $(PIECES) sql/install/order kpi.control
	awk -f tools/expand.awk $(PIECES) > $@ || { rm -f $@; false; }

$(OBJS) $(OBJS:.o=.bc): $(wildcard src/*.h src/*/*.h)

# one test alone: make test ONLY=name
test:
	@bash test/bin/test

# all of the tests; one stage alone: make test-all ONLY=name
test-all:
	@bash test/bin/test-all

# leave the cluster running: make demo KEEP=1
demo:
	@bash test/bin/demo

# against SQL written by hand; some cases alone: make bench ONLY=pattern
bench:
	@bash test/bin/bench

# instructions a row; KEEP=1 takes the new figures over
bench-gate:
	@bash test/bin/bench-gate

check-format:
	@bash tools/indent --check

indent:
	@bash tools/indent

dist:
	git archive --format=zip --prefix=kpi-$(EXTVERSION)/ -o kpi-$(EXTVERSION).zip HEAD

.PHONY: $(ALONE)
