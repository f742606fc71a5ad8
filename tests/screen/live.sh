#!/bin/bash
# The live dashboard: an exchange on loopback shows up within a second, with the processes of both ends; leaving it
# by a signal restores the terminal. Usage: tests/screen/live.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$1/socklens
[ "$(id -u)" = 0 ] || { skip "live dashboard" "capturing needs root"; tap_end; }
port=18$((RANDOM % 900 + 100))
# deeply N COMMAND...: the command, below so many processes more
deeply() {
    if [ "$1" -gt 0 ]; then
        (deeply $(($1 - 1)) "${@:2}"; :)
    else
        "${@:2}"
    fi
}
deeply 12 python3 -m http.server $port --bind 127.0.0.1 --directory samples >/dev/null 2>&1 &
until_true 5 pgrep -f "python3 -m http.server $port"
server=$(pgrep -f "python3 -m http.server $port")
screen_cleanup() { kill $server 2>/dev/null; }

start 140 30 "$socklens" live -i lo
check "first screen" shows 'socklens.*lo' 10
check "probe is on" shows 'plan N' 10
ask() { python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/web.pcap').read()"; }
check "an exchange" ask
check "is shown within a second, both ends named" shows "python3 .*127\.0\.0\.1 +$port +pyth.*$server" 1
text | sed 's/^/# /'

# The calls of both ends, between the frames that they caused, and in that order.
start 140 44 "$socklens" live -i lo --calls
check "with calls" shows 'plan N' 10
ask
keys / "port = $port" Enter
check "its flow" shows "python3 .*$port" 10
keys Enter l
check "all of its calls come" shows 'close = 0 in' 10
in_order() { text | tr '\n' ' ' | grep -qE "connect\(\).*SYN seq 0.*SYN ACK seq 0 ack 1.*connect = 0 in.*sendto\(.*PSH ACK seq 1 ack 1.*sendto = [1-9]"; }
check "connect() -> SYN -> SYN ACK -> connect = 0 -> send -> its frame" until_true 5 in_order
check "the other end's calls, too" shows 'accept4?(\(\))? = [0-9]+ in'
check "and all are kept" shows '([0-9]+) of \1 frames, ([0-9]+) of \2 calls'
text | sed 's/^/# /'
start 140 30 "$socklens" live -i lo
check "first screen again" shows 'plan N' 10
check "one more exchange" ask
check "which is shown" shows "python3 .*$port"

keys 2 T f "process.pid = $server" Enter # others may have processes here, too
check "the process that serves is below its parent" shows "[├└] *p?[^ ]* +$server "
parent=$(ps -o ppid= -p $server | tr -d ' ')
keys f "process.pid = $parent" Enter
check "which is there though it has no socket" shows "[^0-9]$parent "
keys -
check "and is folded" shows "▸[^ ]* +$parent "
check "away with it" hides " $server "
keys - T 1

# By its parent: others of the same name may run, and it has a child that reads /proc.
pid=$(pgrep -P "$(tmux -L $tmux_socket display -p -t s '#{pane_pid}')")
check "it has dropped every capability" grep -q '^CapEff:.*0000000000000000' /proc/"$pid"/status
check "and is no longer root" bash -c "! grep -qP '^Uid:\t0' /proc/$pid/status"
kill -TERM "$pid"
check "SIGTERM restores the terminal" shows 'ended with'
check "and the screen is not left in curses' hands" hides 'PROCESS'

start 140 30 setpriv --bounding-set=-net_raw --inh-caps=-all -- "$socklens" live --or-sample samples/processes.pcapng
check "without the right to capture it says what is missing, and opens the sample" shows 'curl.*httpd' 10
keys q
check "and the message stands after it" shows 'CAP_NET_RAW'
tap_end
