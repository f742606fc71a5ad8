#!/bin/bash
# `w` records from the screen: begins, says how much, ends; the file has its processes. Usage: tests/screen/record.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$(readlink -f "$1")/socklens
samples=$(readlink -f samples)
T=$(mktemp -d)
chmod 0777 "$T" # whoever runs as root writes as nobody
ns=socklens-w-$$
server=
screen_cleanup() {
    [ -z "$server" ] || kill $server 2>/dev/null
    ip netns del $ns 2>/dev/null
    rm -rf "$T"
}

start 80 24 "$socklens" -r samples/web.pcap
check "a file is no place to record from" shows 'end of file'
keys w
check "and that is said" shows 'only what is captured live can be recorded'
keys q
[ "$(id -u)" = 0 ] || { skip "recording" "capturing needs root"; tap_end; }
ip netns add $ns && ip -n $ns link set lo up || { skip "recording" "no network namespaces here"; tap_end; }
in_ns() { ip netns exec $ns "$@"; }
# Not by the function: that would be a shell in between, and killing it leaves the server.
ip netns exec $ns python3 -m http.server 8123 --bind 127.0.0.1 --directory "$samples" >/dev/null 2>&1 &
server=$!
get() { in_ns python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8123/web.pcap').read()" 2>/dev/null; }
until_true 10 get

for size in "80 24" "200 60"; do
    file="$T/at-${size% *}.pcapng"
    start $size ip netns exec $ns "$socklens" live -i lo
    check "$size: live" shows 'live .*UTC|nothing|no loss' 10
    # The first answers may be of before the probe: an exchange that is seen with both its ends.
    seen() { get; until_true 1 matches 'python3 .*8123'; }
    check "$size: an exchange is seen" until_true 15 seen
    keys w
    check "$size: w asks for a name, and has one" shows 'record to: socklens-[0-9]{8}-[0-9]{6}\.pcapng'
    keys C-u "$file" Enter
    check "$size: what is recorded is marked" shows 'REC [0-9.]+[BKM]'
    check "$size: the file is for its owner alone" test "$(stat -c %a "$file")" = 600
    get
    sleep 0.3
    keys w
    check "$size: w ends it and says what there is" shows "[0-9]+ frames, .* in .*${file##*/}"
    check "$size: the mark goes" hides 'REC '
    keys w C-u "$file" Enter
    check "$size: no file is written over" shows 'cannot write .*exists'
    keys q
    check "$size: and it is told after the screen" shows 'frames recorded'
    "$socklens" report -r "$file" --format csv --fields src.process.name,dst.process.name,dst.port >"$T/report"
    check "$size: both processes are in it" grep -q '^python3,python3,8123' "$T/report"
done
tap_end
