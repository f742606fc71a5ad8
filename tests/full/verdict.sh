#!/bin/bash
# The verdict in 20 rounds of each case. Usage: tests/full/verdict.sh [BUILD]. TAP. Needs root.
exec "$(dirname "$0")/../live/verdict.sh" "${1:-build}" 20
