# Thin: every target is a few commands that could be typed. Settings are in CMakePresets.json.
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
ifdef CI
TEST_PRESET = ci
else
TEST_PRESET = release
endif
SH_SCRIPTS = $$(grep -rIlE --exclude-dir=build --exclude-dir=.git --exclude='*.md' '^\#!.*/(ba)?sh$$' .)

.PHONY: help build run test install deb bench asan tsan tidy fuzz format check clean

help:
	@echo "make run      install what is missing, build, run the jobs on testdata/"
	@echo "make test     install what is missing, build, run every test"
	@echo "make build    build a release into build/release"
	@echo "make install  install into PREFIX ($(PREFIX))"
	@echo "make deb      build a Debian package into build/release"
	@echo "make bench    measure against the peers that are installed (PHOTOS=DIR: on these, too)"
	@echo "make asan tsan  build and test with sanitizers"
	@echo "make tidy fuzz format check clean"

.PHONY: build-packages
build-packages:
	@cmake/install-packages build

define build_preset
cmake --preset $(1) > build/$(1).configure.log || (cat build/$(1).configure.log; exit 1)
cmake --build build/$(1) -j $(JOBS) $(2)
endef

build: build-packages
	@mkdir -p build
	@echo "building a release into build/release"
	@$(call build_preset,release,--target nodeops_cli)

run: build
	@testdata/demo build/release/apps/nodeops/nodeops

test:
	@cmake/install-packages build test
	@mkdir -p build
	@echo "building the tests into build/$(TEST_PRESET)"
	@$(call build_preset,$(TEST_PRESET))
	ctest --test-dir build/$(TEST_PRESET) -j $(JOBS) --output-on-failure

install: build
	cmake --install build/release --prefix $(PREFIX)

deb: build
	@cmake/install-packages package
	@$(call build_preset,release)
	cd build/release && cpack -G DEB

bench:
	@cmake/install-packages build bench
	@mkdir -p build
	@$(call build_preset,bench)
	@missed=; \
	bench/run build/bench/apps/nodeops/nodeops build/bench/bench || missed="$$missed csv"; \
	bench/loads build/bench/apps/nodeops/nodeops build/bench/bench || missed="$$missed loads"; \
	bench/dashboard build/bench/apps/nodeops/nodeops || missed="$$missed dashboard"; \
	bench/grayscale $(if $(PHOTOS),--photos $(PHOTOS)) $(if $(SHARP),--sharp $(SHARP)) \
	  build/bench/apps/nodeops/nodeops build/bench/bench || missed="$$missed grayscale"; \
	bench/webhooks build/bench/apps/nodeops/nodeops build/bench/bench || missed="$$missed webhooks"; \
	[ -z "$$missed" ] || { echo "limits missed:$$missed"; exit 1; }

asan tsan:
	@cmake/install-packages build test
	@mkdir -p build
	@$(call build_preset,$@)
	ctest --test-dir build/$@ -j $(JOBS) --output-on-failure

tidy:
	@cmake/install-packages build test check
	@mkdir -p build
	@cmake --preset tidy > build/tidy.configure.log || (cat build/tidy.configure.log; exit 1)
	@echo "clang-tidy over lib and apps; all it says is in build/tidy.log"
	@run-clang-tidy -quiet -p build/tidy -j $(JOBS) '/(lib|apps)/[^/]+/[^/]+\.cpp$$' > build/tidy.log 2>&1 || \
	  { grep -E '(warning|error):' build/tidy.log | sort -u || tail build/tidy.log; exit 1; }

FUZZ_SECONDS ?= 30
fuzz:
	@cmake/install-packages build test check
	@mkdir -p build
	@$(call build_preset,fuzz,--target fuzzers)
	@ls build/fuzz/fuzz/*_fuzz | FUZZ_SECONDS=$(FUZZ_SECONDS) xargs -P $(JOBS) -n 1 fuzz/run

SOURCES = $$(find lib apps tests bench fuzz -name '*.[ch]pp')
format:
	clang-format -i $(SOURCES)

check: check-format check-man check-scripts

.PHONY: check-packages check-format check-man check-scripts
check-packages:
	@cmake/install-packages check
check-format: check-packages
	clang-format --dry-run -Werror $(SOURCES)
check-man: check-packages
	mandoc -T lint -W warning man/*.[15]
check-scripts: check-packages
	shellcheck $(SH_SCRIPTS)

clean:
	rm -rf build
