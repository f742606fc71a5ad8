#!/bin/bash
# Out of the screen: the clipboard, exported files, a filter from a cell. Usage: tests/screen/take_along.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$1/socklens
T=$(mktemp -d)
mkdir -m 0777 "$T/out" "$T/shut"
chmod 0755 "$T" "$T/shut" # whoever runs as root writes as nobody
screen_cleanup() { rm -rf "$T"; }

start 100 24 "$socklens" -r samples/processes.pcapng
tmux -L $tmux_socket set -g set-clipboard on
check "two flows" shows '2 flows'
keys y
check "y says what it has copied" shows 'copied: tcp and host 127\.0\.0\.1 and port 40011'
tmux -L $tmux_socket show-buffer >"$T/copied" 2>&1
clipboard() { tmux -L $tmux_socket show-buffer | tee "$T/copied" | grep -qx 'tcp and host 127.0.0.1 and port 40011 and host 127.0.0.1 and port 8000'; }
check "and the clipboard has it" until_true 5 clipboard
if command -v tcpdump >/dev/null; then
    check "tcpdump takes it" tcpdump -d -y EN10MB "$(cat "$T/copied")"
else
    skip "tcpdump takes it" "there is no tcpdump"
fi
keys Y
check "Y copies the ends" shows 'copied: tcp 127\.0\.0\.1:40011 127\.0\.0\.1:8000'

keys x
check "x filters by the cell" shows 'filter: src\.process\.name = "python3"'
check "to its rows" shows '1–1 of 1'
keys c

for format in csv ndjson; do
    keys e
    check "$format: e asks for a file" shows 'export to: flows\.ndjson'
    keys C-u
    keys "$T/out/out.$format" Enter
    check "$format: and says what is in it" shows "2 of 2 flows in .*out\.$format"
done
check "nobody else may read it" test "$(stat -c %a "$T/out/out.csv")" = 600
# The same rows as a report of the same file, which tells them in the order in which they ended.
"$socklens" report -r samples/processes.pcapng --format csv | sort >"$T/report.csv"
sort "$T/out/out.csv" >"$T/sorted.csv"
check "two rows and their names" test "$(wc -l <"$T/sorted.csv")" = 3
check "which are those of a report" diff "$T/report.csv" "$T/sorted.csv"
keys e C-u
keys "$T/out/out.csv" Enter
check "no file is written over" shows 'cannot write .*exists'
keys e C-u
keys "$T/out/out.nosuch" Enter
check "an unknown format is said" shows 'no format has this extension'
if [ "$(id -u)" = 0 ]; then
    keys e C-u
    keys "$T/shut/out.csv" Enter
    check "who may not write is told as whom" shows 'cannot write .*user [0-9]+ may not'
fi
keys q
check "q ends it with 0" shows 'ended with 0'
tap_end
