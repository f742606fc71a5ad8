#!/bin/bash
# The same traffic in another container, cut, tagged, tunnelled or in fragments: the sums a tuple do not move. On
# samples/ and, where it lies beside the repository, the capture corpus. Usage: tests/golden/metamorphic.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/golden/metamorphic.py "$1/socklens"
