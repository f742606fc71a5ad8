#!/bin/bash
# What commands print and how they end, against files kept beside this. Usage: tests/golden/golden.sh BUILD.
# With UPDATE=1 the files are written instead: read the difference before you commit it. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
socklens=$1/socklens
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
: >"$T/empty"

row() { # name, exit code, command line
    local got status
    got=$(eval "$socklens $3 2>$T/stderr"; echo "exit $?"; cat "$T/stderr")
    got=${got//$T/\$T}
    status=$(echo "$got" | sed -n 's/^exit //p' | head -1)
    [ -z "${UPDATE:-}" ] || echo "$got" >"tests/golden/expected/$1"
    [ "$status" = "$2" ] || { echo "exit code $status, wanted $2"; echo "$got"; return 1; }
    diff -u "tests/golden/expected/$1" <(echo "$got")
}

while IFS='|' read -r name code line; do
    name=${name// /}
    case $name in '' | '#'*) continue ;; esac
    check "$name" row "$name" "${code// /}" "$line"
done <tests/golden/rows.txt

# A reader that goes away ends the writer quietly.
closed_pipe() {
    "$socklens" report -r samples/web.pcap --format ndjson 2>"$T/stderr" | head -c 1 >/dev/null
    [ "${PIPESTATUS[0]}" = 0 ] && [ ! -s "$T/stderr" ]
}
check "a closed pipe ends quietly" closed_pipe

# Reading from a slow pipe gives the same report as from the file.
slow_pipe() {
    diff <({ head -c 100; sleep 0.1; cat; } <samples/web.pcap | "$socklens" report -n -r - --format csv) \
        <("$socklens" report -n -r samples/web.pcap --format csv)
}
check "a slow pipe gives the file's report" slow_pipe
tap_end
