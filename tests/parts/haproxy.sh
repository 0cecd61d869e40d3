#!/usr/bin/env bash
# HAProxy, the balancer of docs/operate/several-servers.sh.
#
#   haproxy.sh
. "$(dirname "$0")/lib.sh"

need_packages haproxy haproxy
need_command curl curl
kv HAPROXY "$(command -v haproxy)"
