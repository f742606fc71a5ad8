#!/bin/bash
# Every call on every family of socket is in the trace: docs/COVERAGE.md is made from this, and compared.
# UPDATE=1 writes it. Usage: $0 BUILD (root). TAP.
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
[ "$(id -u)" = 0 ] || { skip "coverage" "tracing needs root"; tap_end; }
net=socklens-ways-$$
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; ip netns del $net 2>/dev/null; rm -rf "$work"' EXIT
ip netns add $net && ip -n $net link set lo up || { skip "coverage" "cannot make network namespaces"; tap_end; }
ip netns exec $net sysctl -qw net.ipv4.ping_group_range="0 2147483647"

# The dump reads totals as well: both watch the same process.
make_calls() {
    mkfifo "$work/go"
    ip netns exec $net "$build/tests/tools/ways" <"$work/go" >"$work/ways" &
    local ways=$!
    exec 9>"$work/go"
    "$build/socklens" trace --pid $ways --format ndjson >"$work/trace" 2>"$work/err" 9>&- &
    local trace=$!
    "$build/tests/tools/probe_dump" -a -k $ways -t 100 >"$work/dump" 9>&- &
    local dump=$!
    until_true 15 grep -q '^NoNewPrivs:.*1' /proc/$trace/status
    until_true 15 grep -q '^# ready' "$work/dump"
    sleep 0.2
    echo go >&9
    exec 9>&-
    wait $ways
    sleep 0.5
    kill -INT $trace $dump
    wait $trace $dump
    cat "$work/err"
    grep -q '"calls":0,.*"failed":0,' "$work/trace" && return 1
    tail -1 "$work/trace" | grep -q '"ring":0,"calls":0,'
}

every_call_is_seen() {
    python3 tests/live/coverage.py "$work/ways" "$work/trace" "$work/dump" docs/COVERAGE.md >"$work/new"
}

is_as_committed() {
    diff docs/COVERAGE.md "$work/new"
}

check "every call on every family is made, and no record lost" make_calls
check "every call is in the record, and the bytes are in the totals" every_call_is_seen
grep '^lacks' "$work/ways" | sed 's/^/# this kernel: /'
[ -z "$UPDATE" ] || cp "$work/new" docs/COVERAGE.md
check "docs/COVERAGE.md says so" is_as_committed
tap_end
