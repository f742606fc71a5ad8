#!/bin/bash
# The ledger of 1,000 transfers of up to 64 MiB. Usage: tests/full/ledger.sh [BUILD]. TAP. Needs root.
exec "$(dirname "$0")/../live/ledger.sh" "${1:-build}" 1000 67108864
