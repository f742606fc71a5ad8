# Sourced by screen tests: one private tmux server, screens of a fixed size, polling instead of sleeping. bash.

screen_n=0
tmux_socket=socklens-screen-$$-$screen_n
export LC_ALL=C.UTF-8
trap 'tmux -L $tmux_socket kill-server 2>/dev/null; screen_cleanup' EXIT
screen_cleanup() { :; }

# start COLUMNS ROWS COMMAND...: run it on a fresh screen; its exit code is shown when it ends
start() {
    local w=$1 h=$2
    shift 2
    tmux -L $tmux_socket kill-server 2>/dev/null
    # A server that is going away would still answer on its socket.
    screen_n=$((screen_n + 1))
    tmux_socket=socklens-screen-$$-$screen_n
    tmux -L $tmux_socket -f /dev/null new-session -d -s s -x "$w" -y "$h" "$*; echo \"ended with \$?\"; sleep 100"
    tmux -L $tmux_socket set -g status off
    tmux -L $tmux_socket resize-window -t s -x "$w" -y "$h"
}

keys() { tmux -L $tmux_socket send-keys -t s "$@"; }
resize() { tmux -L $tmux_socket resize-window -t s -x "$1" -y "$2"; }
# click X Y: columns and rows from 1, as the terminal that tmux plays tells of it
click() {
    local at
    at=$(printf '%02x %02x' $((32 + $1)) $((32 + $2)))
    sleep 0.1 # not a part of the key before
    # shellcheck disable=SC2086
    tmux -L $tmux_socket send-keys -t s -H 1b 5b 4d 20 $at 1b 5b 4d 23 $at
}
text() { tmux -L $tmux_socket capture-pane -p -t s; }
colours() { tmux -L $tmux_socket capture-pane -e -p -t s; }

# shows PATTERN [SECONDS]: the screen matches soon
shows() {
    until_true "${2:-5}" matches "$1" || { text; return 1; }
}
matches() { text | grep -qE -- "$1"; }

# hides PATTERN: the screen stops matching soon
hides() {
    until_true 5 matches_not "$1" || { text; return 1; }
}
matches_not() { ! text | grep -qE -- "$1"; }
