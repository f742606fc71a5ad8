#!/bin/sh
# The dependency rule of docs/ARCHITECTURE.md, checked: includes go down only, rooms of one floor never
# include each other, and each foreign library has one room. Usage: tests/includes.sh [ROOT]. TAP.
set -u
cd "${1:-.}" || exit 1

# room: what it may include, besides itself
rules='
base:
capture: base
decode: base
bpf: base
flow: base capture decode bpf
report: base flow decode
tui: base flow decode
cli: base capture decode bpf flow report tui
'
# header pattern : the only place for it
foreign='
pcap/|pcap\.h : capture/
bpf/libbpf|bpf/bpf\.h : bpf/
n?curses : tui/term.c
pcre2 : flow/rows/filter_regex.c
sqlite3 : report/with_sqlite.c
microhttpd : cli/agent/with_http.c
cap-ng : (cli|bpf)/
seccomp : cli/confine.c
'
number=0
failed=0

verdict() { # name, offending lines
    number=$((number + 1))
    if [ -z "$2" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        echo "$2" | sed 's/^/# /'
        failed=1
    fi
}

while IFS=: read -r room allowed; do
    [ -n "$room" ] || continue
    pattern=$(echo "$room $allowed" | tr -s ' ' '|' | sed 's/|$//')
    bad=$(grep -rnE --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include[[:space:]]+"' "$room" |
        grep -vE "include[[:space:]]+\"($pattern)/")
    verdict "$room includes only itself and:$allowed" "$bad"
done <<EOF
$rules
EOF

while read -r header _ place; do
    [ -n "$header" ] || continue
    bad=$(grep -rnE --include='*.[ch]' "^[[:space:]]*#[[:space:]]*include[[:space:]]+<($header)" \
        base capture decode bpf flow report tui cli |
        grep -vE "^$place")
    verdict "<$header> only in $place" "$bad"
done <<EOF
$foreign
EOF

echo "1..$number"
exit $failed
