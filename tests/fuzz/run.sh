#!/bin/bash
# Run libFuzzer targets for a bounded time each, from the committed samples and, when it is there, the capture
# corpus beside the repository. Usage: tests/fuzz/run.sh BUILD SECONDS TARGET... TAP.
set -u
build=$1 seconds=$2
shift 2
n=0 failed=0
for t in "$@"; do
    n=$((n + 1))
    work=$(mktemp -d)
    mkdir "$work/new"
    seeds=(samples) max_len=65536
    [ -d ../shared/corpus ] && seeds+=(../shared/corpus)
    case $t in
    fuzz_recording) seeds=() ;; # notes are no captures
    fuzz_flow | fuzz_reassembly) # records of some bytes, no captures; few of them find what many do
        seeds=() max_len=769 ;;
    esac
    # Without entropic scheduling, whose bookkeeping takes longer than these targets do.
    if "$build/fuzz/$t" -max_total_time="$seconds" -entropic=0 -max_len=$max_len -rss_limit_mb=2048 -timeout=10 \
        -artifact_prefix="$work/" -print_final_stats=1 "$work/new" "${seeds[@]}" >"$work/log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
        echo "ok $n - $t: ${runs:-0} executions in $seconds s, no finding"
        rm -rf "$work"
    else
        failed=1
        tail -30 "$work/log" | sed 's/^/# /'
        echo "not ok $n - $t: see $work"
    fi
done
echo "1..$n"
exit $failed
