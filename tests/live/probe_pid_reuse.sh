#!/bin/bash
# A process number that is used again, at once or a little later: the new process is never taken for the old one, be it
# by its own sockets or by one that both had. The numbers are forced (pid_reuse.py), which logs the truth.
# Usage: $0 BUILD (root). TAP.
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
rounds=8 port=7099

start_processes() {
    mkfifo "$work/go"
    python3 tests/live/pid_reuse.py "$work/reborn" $rounds $port <"$work/go" >"$work/made" &
    maker=$!
    exec 9>"$work/go"
    until_true 10 grep -q ready "$work/made"
}

start_report() {
    "$build/socklens" report -i lo --filter "dst.port == $port" --format ndjson >"$work/flows" 2>"$work/err" 9>&- &
    report=$!
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 0.3
}

make_processes() {
    echo go >&9
    exec 9>&-
    wait $maker
    sleep 0.5
    kill -INT $report
    wait $report
}

all_are_made() {
    cat "$work/made"
    [ "$(wc -l <"$work/made")" = $((2 * rounds + 1)) ]
}

# Of a socket the dump names exactly the processes that used it, each with its own name.
is_as_made() { # COLUMN-OF-THE-LOG: 3 own socket, 4 shared one
    tail -n +2 "$work/made" | awk -F'\t' -v port="$1" '{ print $port "\t" $1 "\t" $2 }' | sort >"$work/truth"
    awk -F'\t' -v sink=":$port\$" 'NR == FNR { mine[$1]; next }
        $1 == "ADDRESS" && $15 ~ sink || $1 == "OWNER" && $15 ~ sink || $1 == "OPEN" {
            end = $14; sub(/.*:/, "", end); who[$3] = who[$3] " " $10 "/" $13; if (end + 0) port[$3] = end }
        END { for (c in port) if (port[c] in mine) { n = split(who[c], one, " ")
            for (i = 1; i <= n; i++) { split(one[i], part, "/"); print port[c] "\t" part[1] "\t" part[2] } } }' \
        <(cut -f1 "$work/truth") "$work/dump" | grep -v 'python3$' | sort -u >"$work/seen"
    diff "$work/truth" "$work/seen"
}

of_flows() {
    cat "$work/err"
    python3 - "$work/made" "$work/flows" "$work/reborn" <<'PY'
import json
import sys

truth = {}  # by port, in order of time: a port comes again now and then
for line in open(sys.argv[1]).readlines()[1:]:
    pid, comm, own, _ = line.rstrip("\n").split("\t")
    truth.setdefault(int(own), []).append((int(pid), comm))
right = wrong = unknown = 0
for line in open(sys.argv[2]):
    row = json.loads(line)
    end = row.get("src", {})
    if row.get("type") != "flow" or not truth.get(end.get("port")):
        continue
    process = end.get("process") or {}
    pid, comm = truth[end["port"]].pop(0)
    exe = process.get("exe") or ""
    if not process.get("pid"):
        unknown += 1
    elif (process["pid"], process["name"]) != (pid, comm) or (exe and (exe == sys.argv[3]) != (comm == "reborn")):
        wrong += 1
        print("wrong", pid, comm, process)
    else:
        right += 1
missing = sum(map(len, truth.values()))
print("right", right, "wrong", wrong, "unknown", unknown, "no flow", missing)
sys.exit(wrong or unknown or missing > 0)
PY
}

probe_setup
cp "$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')" "$work/reborn"
start_processes
start_dump -p n
start_report
make_processes
stop_dump
check "numbers are used again" all_are_made
check "a socket of its own: the process that made it" is_as_made 3
check "a socket of both: one after the other" is_as_made 4
check "in flows: the right process at each end, and its program" of_flows
tap_end
