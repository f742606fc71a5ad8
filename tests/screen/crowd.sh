#!/bin/bash
# More than is usual on the live dashboard: a process with 20,000 sockets, and 50,000 new flows in a second. What is
# not shown is counted, and keys are answered meanwhile. Usage: tests/screen/crowd.sh BUILD (root). TAP.
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
probe_setup
. tests/screen/lib.bash
screen_cleanup() { probe_cleanup; }
SOCKETS=20000 FLOWS=50000

held() { awk '{ n += $3; if ($3 > most) most = $3 } END { print n + 0, most + 0 }' "$work/held"; }
are_held() { [ "$(held | cut -d' ' -f1)" -ge $SOCKETS ]; }

# Most sockets are of one process: of all, where the limit of open files lets it.
start 160 30 ip netns exec $net_a "$build/socklens" live -i any
check "first screen" shows 'plan N' 10
ip netns exec $net_a python3 tests/live/crowd.py sockets $SOCKETS 100 >"$work/held" &
servers="$servers $!"
until_true 20 are_held
read -r _ most < <(held)
keys 2 f 'sockets > 1000' Enter # each look at this screen is a process that wrote more
check "the process with $most sockets" shows "python3 .* $most " 10
keys 3
check "all its sockets are in the list" shows 'of 2[0-9]{4}' 10
keys G
check "whose end is a key away" shows '–2[0-9]{4} of 2[0-9]{4}'

ip netns exec $net_a python3 tests/live/crowd.py flood $FLOWS 10.77.0.2 &
keys 7
check "a key is answered while $FLOWS flows begin" shows 'Loss: what was not seen'
keys 1
check "and the next" shows 'SRC .*DST '
wait $!
all_or_counted() { matches ' 5[0-9]k flows' || matches 'LOSS.* kernel [0-9]'; }
check "each flow is there, or its frame was lost and counted" until_true 10 all_or_counted
keys q
check "and it ends" shows 'ended with 0'
tap_end
