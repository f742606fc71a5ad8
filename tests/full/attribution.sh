#!/bin/bash
# 20,000 connections and 5,000 datagrams: tests/live/attribution_scale.sh at full size. Usage: $0 BUILD (root)
exec env TCP=20000 UDP=5000 "$(dirname "$0")/../live/attribution_scale.sh" "$@"
