# socklens: make run | check | check-full | check-kernels | bench | fuzz | install | uninstall | deps | clean
#
# Everything made goes to $(BUILD). Variants: SAN=asan (address and undefined), BPF=0 (no probe),
# WERROR=1, V=1 (show commands). Flags are stamped: changing them rebuilds.

SAN     ?=
BPF     ?= 1
BUILD   ?= build$(if $(SAN),-$(SAN))$(if $(filter 0,$(BPF)),-nobpf)
Q       := $(if $(V),,@)

# Set-up comes before anything is asked of pkg-config: make installs what is missing while it reads this file,
# and then reads it again. The stamp is made anew only when .ci/deps changes.
.DEFAULT_GOAL := all
ifneq ($(filter-out clean uninstall deps,$(or $(MAKECMDGOALS),all)),)
include $(BUILD)/deps.mk
endif
$(BUILD)/deps.mk: .ci/deps
	$(Q)mkdir -p $(@D)
	$(Q).ci/deps build && echo '# what a build needs is installed' > $@

# What more there is where its library is: a format of reports, compressed captures, metrics over HTTP.
ifndef ZSTD
ZSTD    := $(shell pkg-config --exists libzstd 2>/dev/null && echo 1 || echo 0)
endif
ifndef LZ4
LZ4     := $(shell pkg-config --exists liblz4 2>/dev/null && echo 1 || echo 0)
endif
ifndef SQLITE
SQLITE  := $(shell pkg-config --exists sqlite3 2>/dev/null && echo 1 || echo 0)
endif
ifndef HTTP
HTTP    := $(shell pkg-config --exists libmicrohttpd 2>/dev/null && echo 1 || echo 0)
endif
CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))
CLANG   ?= clang
PREFIX  ?= /usr/local
VERSION := 0.1.0

rooms   := base capture decode bpf flow report tui cli
pkgs    := libpcap libpcre2-8 ncursesw libcap-ng libseccomp libxxhash libgcrypt zlib \
           $(if $(filter 0,$(BPF)),,libbpf) $(if $(filter 0,$(SQLITE)),,sqlite3) \
           $(if $(filter 0,$(HTTP)),,libmicrohttpd) $(if $(filter 0,$(ZSTD)),,libzstd) $(if $(filter 0,$(LZ4)),,liblz4)

warnings := -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
            -Wcast-qual -Wundef $(if $(WERROR),-Werror)
san_asan := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT     ?= $(if $(SAN),-O1,-O3)
pkg_cflags := $(shell pkg-config --cflags $(pkgs) 2>/dev/null)
pkg_libs   := $(shell pkg-config --libs $(pkgs) 2>/dev/null)
CFLAGS  ?= $(OPT) -g
# The program is optimised as a whole; the objects hold plain code as well, for the tests.
lto     := $(if $(SAN)$(findstring clang,$(CC)),,-flto=auto -ffat-lto-objects)
all_cflags = -std=gnu11 $(warnings) $(CFLAGS) $(lto) $(san_$(SAN)) -D_GNU_SOURCE -I. -isystem $(BUILD) \
             -DSOCKLENS_VERSION='"$(VERSION)"' -DSOCKLENS_BPF=$(BPF) \
             -DSOCKLENS_HTTP=$(HTTP) -DSOCKLENS_ZSTD=$(ZSTD) -DSOCKLENS_LZ4=$(LZ4) $(pkg_cflags)
all_ldflags = $(LDFLAGS) $(san_$(SAN)) -pthread
libs = $(pkg_libs)

room_src = $(filter-out %.bpf.c $(if $(filter 0,$(BPF)),bpf/with_%.c,bpf/without_%.c) \
           $(if $(filter 0,$(SQLITE)),report/with_%.c,report/without_%.c) \
           $(if $(filter 0,$(HTTP)),cli/agent/with_%.c,cli/agent/without_%.c) \
           $(if $(filter 0,$(ZSTD)),capture/unzstd.c) $(if $(filter 0,$(LZ4)),capture/unlz4.c),$(wildcard $(1)/*.c $(1)/*/*.c))
room_obj = $(patsubst %.c,$(BUILD)/%.o,$(call room_src,$(1)))
room_lib = $(BUILD)/lib$(1).a
# Upper rooms first, as the linker wants them.
all_libs := $(foreach r,tui report flow bpf decode capture base,$(call room_lib,$(r)))

skeletons := $(if $(filter 0,$(BPF)),,$(patsubst bpf/%.bpf.c,$(BUILD)/bpf/%.skel.h,$(wildcard bpf/*.bpf.c)))
unit_tests := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*/*.c))
test_tools := $(patsubst tests/tools/%.c,$(BUILD)/tests/tools/%,$(wildcard tests/tools/*.c))
fuzz_targets := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all run check check-full check-kernels bench fuzz install uninstall deps clean FORCE
all: $(BUILD)/socklens compile_commands.json

run: all
	$(Q)$(BUILD)/socklens live --or-sample samples/processes.pcapng

check: $(BUILD)/deps-check
	$(Q)tests/run.sh check

# What takes minutes: a bare Debian root, longer fuzzing. On top of check.
check-full: $(BUILD)/deps-full all
	$(Q)tests/run.sh check-full

# The probe on other kernels, booted in QEMU; downloads packages below $(BUILD) and takes minutes. KERNELS="6.1"
# for some of them.
check-kernels: $(BUILD)/deps-check all $(BUILD)/tests/tools/load $(BUILD)/tests/tools/probe_dump
	$(Q)nice tests/kernels/run.sh $(BUILD) $(KERNELS)

bench: all $(BUILD)/tests/tools/probe_dump $(BUILD)/tests/tools/in_turn
	$(Q)python3 bench/run.py $(BUILD)
	$(Q)python3 bench/screen.py $(BUILD)
	$(Q)test "$$(id -u)" != 0 || python3 bench/overhead.py $(BUILD)

deps:
	$(Q).ci/deps build check

# --- the program ---------------------------------------------------------------------------------

$(BUILD)/socklens: $(call room_obj,cli) $(all_libs)
	$(Q)echo "  LD      $@"
	$(Q)$(CC) $(OPT) -g $(lto) $(all_ldflags) -o $@ $^ $(libs)

define room_rule
$(call room_lib,$(1)): $(call room_obj,$(1))
	$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach r,$(filter-out cli,$(rooms)),$(eval $(call room_rule,$(r))))

$(BUILD)/%.o: %.c $(BUILD)/flags
	$(Q)mkdir -p $(@D)
	$(Q)echo "  CC      $<"
	$(Q)$(CC) $(all_cflags) -MMD -MP -c -o $@ $<

$(call room_obj,bpf): $(skeletons)
.SECONDARY: $(skeletons:.skel.h=.bpf.o)

$(BUILD)/bpf/%.skel.h: $(BUILD)/bpf/%.bpf.o
	$(Q)PATH=$$PATH:/usr/sbin bpftool gen skeleton $< > $@.tmp && mv $@.tmp $@

$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c $(BUILD)/flags
	$(Q)mkdir -p $(@D)
	$(Q)echo "  BPF     $<"
	$(Q)$(CLANG) -target bpf -O2 -g -Wall -Werror -I. -I/usr/include/$(shell gcc -dumpmachine) \
		-D__TARGET_ARCH_$(shell uname -m | sed 's/x86_64/x86/;s/aarch64/arm64/') \
		-MMD -MP -MF $(@:.o=.d) -MT $@ -c -o $@ $<

# --- tests ---------------------------------------------------------------------------------------

# Tests prove the rooms' code, not their own speed.
test_cflags = $(filter-out -flto=% $(OPT),$(all_cflags)) -O1 -fno-lto $(if $(lto),-fno-use-linker-plugin)

.PHONY: tests
tests: $(unit_tests) $(test_tools)

# A unit test links its own room and what lies below; archives bring in only what it uses.
$(BUILD)/tests/unit/%: tests/unit/%.c $(all_libs)
	$(Q)mkdir -p $(@D)
	$(Q)echo "  TEST    $<"
	$(Q)$(CC) $(test_cflags) -I tests -MMD -MP -MF $@.d $(all_ldflags) -o $@ $< $(all_libs) -lcmocka $(libs)

$(BUILD)/tests/tools/confined: $(BUILD)/cli/confine.o
$(BUILD)/tests/tools/%: tests/tools/%.c $(all_libs)
	$(Q)mkdir -p $(@D)
	$(Q)echo "  TOOL    $<"
	$(Q)$(CC) $(test_cflags) -MMD -MP -MF $@.d $(all_ldflags) -o $@ $< $(filter %.o,$^) $(all_libs) $(libs)

# libFuzzer needs clang and its own objects: a nested build with other flags. SECONDS_EACH bounds each.
SECONDS_EACH ?= 10
fuzz:
	$(Q)$(MAKE) --no-print-directory BUILD=build-fuzz CC=$(CLANG) SAN=asan \
		CFLAGS="-O1 -g -fsanitize=fuzzer-no-link" fuzz-targets
	$(Q)tests/fuzz/run.sh build-fuzz $(SECONDS_EACH) $(fuzz_targets)

.PHONY: fuzz-targets
fuzz-targets: $(addprefix $(BUILD)/fuzz/,$(fuzz_targets))
$(BUILD)/fuzz/%: tests/fuzz/%.c $(all_libs)
	$(Q)mkdir -p $(@D)
	$(Q)echo "  FUZZ    $<"
	$(Q)$(CC) $(all_cflags) -fsanitize=fuzzer -MMD -MP -MF $@.d $(all_ldflags) -o $@ $< $(all_libs) $(libs)

# --- set-up --------------------------------------------------------------------------------------

$(BUILD)/deps-check $(BUILD)/deps-full: $(BUILD)/deps-%: .ci/deps
	$(Q).ci/deps build $* && touch $@

$(BUILD)/flags: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(CC) $(OPT) $(CFLAGS) $(warnings) $(SAN) $(BPF) $(SQLITE) $(HTTP) $(ZSTD) $(LZ4) $(VERSION)' | cmp -s - $@ || \
		echo '$(CC) $(OPT) $(CFLAGS) $(warnings) $(SAN) $(BPF) $(SQLITE) $(HTTP) $(ZSTD) $(LZ4) $(VERSION)' > $@

compile_commands.json: Makefile
	$(Q){ echo '['; sep=; for f in $(foreach r,$(rooms),$(call room_src,$(r))); do \
		printf '%s{"directory":"%s","file":"%s","command":"%s"}\n' "$$sep" "$(CURDIR)" "$$f" \
		"$(CC) $(subst ",\\\",$(subst ','\'',$(all_cflags))) -c $$f"; sep=,; done; echo ']'; } > $@

# Pages and completions are made by the program: what and where it goes.
generated := manual:man/man1/socklens.1 manual-filter:man/man7/socklens-filter.7 \
             bash:bash-completion/completions/socklens zsh:zsh/site-functions/_socklens \
             fish:fish/vendor_completions.d/socklens.fish
installed  = $(DESTDIR)$(PREFIX)/share/$(word 2,$(subst :, ,$(1)))

install: $(BUILD)/socklens
	install -D -m 0755 $(BUILD)/socklens $(DESTDIR)$(PREFIX)/bin/socklens
	$(foreach g,$(generated),install -d $(dir $(call installed,$(g))) && \
		$(BUILD)/socklens generate $(firstword $(subst :, ,$(g))) >$(call installed,$(g)) &&) true
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@BINDIR@|$(PREFIX)/bin|' packaging/socklens.service >$(DESTDIR)$(PREFIX)/lib/systemd/system/socklens.service

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/socklens $(DESTDIR)$(PREFIX)/lib/systemd/system/socklens.service \
		$(foreach g,$(generated),$(call installed,$(g)))

clean:
	rm -rf build build-* compile_commands.json

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/tests/unit/*/*.d $(BUILD)/fuzz/*.d)
