#!/usr/bin/env bash
# Three servers of one PostgreSQL database on this machine, laid out as on three, with HAProxy in front.
#
#   several-servers.sh DIR DATABASE_URL
#
# docs/operate/several-servers.md says why each line is here. PORTICO is the program (default: portico), PORT the port
# of the balancer (default: 8080). It ends all of them when it is told to end.
set -euo pipefail

[ $# -eq 2 ] || { sed -n 's/^#   /usage: /p' "$0" >&2; exit 2; }
dir=$1 url=$2 portico=${PORTICO:-portico} port=${PORT:-8080}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
public=http://localhost:$port
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait' EXIT
trap 'exit 0' INT TERM

# start NUMBER   starts a server and waits until it is ready
start() {
  local log=$dir/$1.log address=127.0.0.1:$((port + $1))
  PORTICO_DATABASE=$url "$portico" serve --data "$dir/$1" --listen "$address" \
    --public-url "$public" --trusted-proxy 127.0.0.1 >"$dir/$1.said" 2>"$log" &
  pids+=($!)
  until grep -q '^ready ' "$dir/$1.said"; do
    kill -0 "${pids[-1]}" 2>/dev/null || { cat "$log" >&2; exit 1; }
    sleep 0.1
  done
  echo "Server $1: $address, data in $dir/$1"
}

# The first server makes the key and the objects folder. The others get both before their first start.
start 1
for number in 2 3; do
  mkdir -p -m 700 "$dir/$number"
  [ -e "$dir/$number/portico.key" ] || install -m 600 "$dir/1/portico.key" "$dir/$number/portico.key"
  [ -e "$dir/$number/objects" ] || ln -s ../1/objects "$dir/$number/objects"
  start "$number"
done

cat >"$dir/haproxy.cfg" <<HAPROXY
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s

frontend portico
  bind 127.0.0.1:$port
  default_backend servers

backend servers
  balance leastconn
  option forwardfor
  option httpchk GET /readyz
  http-check expect status 200
  option redispatch
  retry-on conn-failure empty-response
  http-request disable-l7-retry unless METH_GET
  default-server check inter 1s fall 2 rise 1 maxconn 200
  server s1 127.0.0.1:$((port + 1))
  server s2 127.0.0.1:$((port + 2))
  server s3 127.0.0.1:$((port + 3))
HAPROXY
haproxy -db -f "$dir/haproxy.cfg" >"$dir/haproxy.log" 2>&1 &
pids+=($!)
until curl -sf -o /dev/null "$public/readyz"; do
  kill -0 "${pids[-1]}" 2>/dev/null || { cat "$dir/haproxy.log" >&2; exit 1; }
  sleep 0.1
done
echo "ready $public"
wait
