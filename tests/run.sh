#!/bin/bash
# Run the tests. Usage: tests/run.sh check | check-full
#
# check builds the program and its tests plain, without the probe, and under ASan and UBSan, then runs every
# kind of test. check-full adds what takes minutes. Tests print TAP; the last line counts them: "N passed,
# N failed". A test that ends badly without saying so counts as one failure. Logs stay in build/log/.
set -u
cd "$(dirname "$0")/.." || exit 1
log=build/log
mkdir -p $log
passed=0 failed=0 skipped=0

# suite NAME COMMAND...: run, count, show failures and skips with their reason
suite() {
    local name=$1 out status started=$SECONDS p f s
    shift
    out=$log/${name//[ \/]/-}.tap
    "$@" >"$out" 2>&1
    status=$?
    # cmocka marks a skipped test "not ok N # SKIP name".
    # And a file that cannot run here at all plans nothing: "1..0 # SKIP reason".
    s=$(grep -cE '^ *((ok|not ok) .*|1\.\.0 )# SKIP' "$out")
    p=$(grep -E '^ *ok ' "$out" | grep -vc '# SKIP')
    f=$(grep -E '^ *not ok ' "$out" | grep -vc '# SKIP')
    if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then
        f=1
        echo "not ok - $name ended with status $status" >>"$out"
    fi
    if [ $((p + f + s)) -eq 0 ]; then
        f=1
        echo "not ok - $name ran no test" >>"$out"
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '%-40s %4d passed %3d failed %3d skipped %4ds\n' "$name" "$p" "$f" "$s" $((SECONDS - started))
    # cmocka's skips say why on a line of their own.
    grep -E '# SKIP|^(# )?skip(ped)?: ' "$out" | sed 's/^/    /'
    [ "$f" -eq 0 ] || { grep -vE '^[[:space:]]*ok ' "$out" | tail -40 | sed 's/^/    /'; }
}

# build NAME MAKE-ARGUMENTS...: a build that fails is a failed test
build() {
    local name=$1
    shift
    if make -s -j"$(nproc)" "$@" >"$log/build-$name.txt" 2>&1; then
        printf 'ok 1 - builds: %s\n1..1\n' "$name"
    else
        tail -30 "$log/build-$name.txt" | sed 's/^/# /'
        printf 'not ok 1 - builds: %s\n' "$name"
    fi
}

units() { # build folder, environment...
    local b=$1 status=0
    shift
    for t in "$b"/tests/unit/*/test_*; do
        [ -x "$t" ] && [ -f "$t" ] || continue
        env CMOCKA_MESSAGE_OUTPUT=TAP "$@" "$t" || { echo "# $t"; status=1; }
    done
    return $status
}

check() {
    suite "build" build plain WERROR=1 all tests
    suite "build asan" build asan SAN=asan WERROR=1 all tests
    suite "build without probe" build nobpf BPF=0 OPT=-O1 WERROR=1 all
    suite "build clang" build clang BUILD=build-clang CC=clang OPT=-O1 WERROR=1 all
    suite "includes" tests/includes.sh
    suite "unit" units build
    suite "unit asan" units build-asan UBSAN_OPTIONS=print_stacktrace=1
    for t in tests/golden/*.sh tests/live/*.sh tests/screen/*.sh; do
        suite "$(basename "$(dirname "$t")")/$(basename "$t" .sh)" "$t" build
    done
    # The whole program under the sanitizers; what drives other tools adds nothing to that.
    for t in tests/golden/{golden,compare_corpus,metamorphic}.sh tests/live/flow_*.sh tests/screen/*.sh; do
        suite "asan $(basename "$(dirname "$t")")/$(basename "$t" .sh)" "$t" build-asan
    done
    suite "fuzz" make -s fuzz SECONDS_EACH=5
}

# What takes minutes: comes on top of check, not instead of it.
check_full() {
    for t in tests/full/*.sh; do
        suite "full/$(basename "$t" .sh)" "$t" build
    done
    suite "fuzz, longer" make -s fuzz SECONDS_EACH=60
}

case ${1:-check} in
    check) check ;;
    check-full) check_full ;;
    *) echo "usage: tests/run.sh check | check-full" >&2; exit 2 ;;
esac

echo
[ $skipped -eq 0 ] || echo "$skipped skipped: the reasons stand above"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
