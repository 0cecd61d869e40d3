#!/usr/bin/env bash
# promtool, Prometheus's own linter for metrics: promtool check metrics <text
#
#   prometheus.sh
. "$(dirname "$0")/lib.sh"

need_packages promtool prometheus
kv PROMTOOL "$(command -v promtool)"
