#!/bin/bash
# Configuration, themes and rebound keys. Usage: tests/screen/config.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$1/socklens
T=$(mktemp -d)
screen_cleanup() { rm -rf "$T"; }
mkdir "$T/socklens"
with_config() { start 100 60 env XDG_CONFIG_HOME="$T" "$socklens" "$@" -r samples/web.pcap; }
has_colour() { colours | grep -qE $'\x1b\\[[0-9;]*(3[0-7]|9[0-7]|38;)'; }

printf '# my keys\ntheme mono\nkey pause z Ctrl-T   # p is taken\nkey health-is-no-action x\n' >"$T/socklens/config"
with_config
check "what is wrong in the configuration is said with its line" shows 'config:4: .*health-is-no-action'
keys p
check "and the defaults hold" shows 'PAUSED'
keys q

printf 'theme mono\nkey pause z Ctrl-T   # p is taken\nkey quit Q\n' >"$T/socklens/config"
with_config
check "the screen is there" shows '198\.51\.100\.2'
check "the footer names the new key" shows 'z pause.*Q quit'
no_colour() { ! has_colour; }
check "the theme has no colour" no_colour
keys p
keys z
check "the new key does it" shows 'PAUSED'
keys '?'
check "the help page knows" shows 'z Ctrl-T +hold the screen'
keys Q
check "and the other one leaves" shows 'ended with 0'

with_config --theme contrast
check "the command line wins" until_true 5 has_colour
keys Q
start 100 24 "$socklens" --theme nosuch -r samples/web.pcap
check "an unknown theme is said" shows 'there is no theme "nosuch"'
XDG_CONFIG_HOME=$T "$socklens" keys >"$T/keys"
check "socklens keys prints them as configured" grep -qE '^pause +z Ctrl-T ' "$T/keys"
tap_end
