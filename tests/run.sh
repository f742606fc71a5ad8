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
counts=$log/counts # "passed failed skipped" a suite
: >$counts

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
    echo "$p $f $s" >>$counts
    report "$name" "$p" "$f" "$s" $((SECONDS - started)) "$out" >"$out.shown"
    cat "$out.shown" # in one piece: two lanes write here
}

report() { # NAME PASSED FAILED SKIPPED SECONDS TAP
    printf '%-40s %4d passed %3d failed %3d skipped %4ds\n' "$1" "$2" "$3" "$4" "$5"
    # cmocka's skips say why on a line of their own.
    grep -E '# SKIP|^(# )?skip(ped)?: ' "$6" | sed 's/^/    /'
    [ "$3" -eq 0 ] || {
        grep -E '^[[:space:]]*not ok ' "$6" | sed 's/^/    /'
        grep -vE '^[[:space:]]*(not )?ok ' "$6" | tail -40 | sed 's/^/    /'
    }
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

# Two lanes side by side: one mostly waits for packets, clocks and screens; the other computes, and stands back.
check() {
    suite "build" build plain WERROR=1 all tests
    suite "build asan" build asan SAN=asan WERROR=1 all tests
    (renice -n 19 $BASHPID >/dev/null; computing) &
    waiting
    wait $! || echo "0 1 0" >>$counts
}

waiting() {
    of_kind build "" tests/live/*.sh tests/screen/*.sh
    of_kind build-asan "asan " tests/live/flow_*.sh tests/screen/*.sh
}

computing() {
    suite "build without probe" build nobpf BPF=0 OPT=-O1 WERROR=1 all
    suite "build clang" build clang BUILD=build-clang CC=clang OPT=-O1 WERROR=1 all
    suite "includes" tests/includes.sh
    suite "unit" units build
    suite "unit asan" units build-asan UBSAN_OPTIONS=print_stacktrace=1
    of_kind build "" tests/golden/*.sh
    # The whole program under the sanitizers; what drives other tools adds nothing to that.
    of_kind build-asan "asan " tests/golden/{golden,compare_corpus,metamorphic}.sh
    suite "fuzz" make -s fuzz SECONDS_EACH=5
}

of_kind() { # BUILD PREFIX TEST...
    local build=$1 prefix=$2
    shift 2
    for t in "$@"; do
        suite "$prefix$(basename "$(dirname "$t")")/$(basename "$t" .sh)" "$t" "$build"
    done
}

# What takes minutes: comes on top of check, not instead of it.
check_full() {
    of_kind build "" tests/full/*.sh
    suite "fuzz, longer" make -s fuzz SECONDS_EACH=60
}

case ${1:-check} in
    check) check ;;
    check-full) check_full ;;
    *) echo "usage: tests/run.sh check | check-full" >&2; exit 2 ;;
esac

read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' $counts)
echo
[ "$skipped" -eq 0 ] || echo "$skipped skipped: the reasons stand above"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
