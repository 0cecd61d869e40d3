#!/usr/bin/env bash
# Patroni: three PostgreSQL nodes that choose their leader, and one etcd, on 127.0.0.1.
#
#   patroni.sh install | start DIR | leader DIR | switchover DIR | kill9-leader DIR | revive DIR NODE | stop DIR
#
# A commit waits for a standby (synchronous_mode), so that no acknowledged write is lost with the leader. `start` prints
# a URL with all nodes. DIR must be a folder that the user `postgres` can reach, such as one under /tmp.
. "$(dirname "$0")/lib.sh"

usage() { sed -n '4s/^# \?//p' "$0" >&2; exit 2; }
COMMAND=${1:-}
DIR=${2:-}
NODES=(1 2 3)

# shellcheck disable=SC2012 # The names are versions.
bin() { ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1; }
pg_port() { cat "$DIR/pg$1.port"; }
rest_port() { cat "$DIR/rest$1.port"; }
is() { curl -sf -o /dev/null -m 2 "http://127.0.0.1:$(rest_port "$1")/$2"; }
is_alive() { kill -0 "$1" 2>/dev/null; }

install() {
  [ "$(id -u)" = 0 ] || give_up patroni /dev/null "Its nodes run as the user postgres, so it is started by root."
  need_command python3 python3
  need_command curl curl
  "$PARTS_SCRIPTS/pg.sh" install
  need_packages patroni patroni python3-etcd
  need_packages etcd etcd-server
}

leader() {
  local node
  for node in "${NODES[@]}"; do
    if is "$node" leader; then echo "$node"; return 0; fi
  done
  return 1
}

configure() { # NODE
  free_port >"$DIR/pg$1.port"
  free_port >"$DIR/rest$1.port"
  mkdir "$DIR/node$1"
  cat >"$DIR/node$1.yml" <<END
scope: portico
name: node$1
restapi: {listen: "127.0.0.1:$(rest_port "$1")", connect_address: "127.0.0.1:$(rest_port "$1")"}
etcd3: {host: "127.0.0.1:$(cat "$DIR/etcd.port")"}
bootstrap:
  dcs: {ttl: 20, loop_wait: 2, retry_timeout: 5, synchronous_mode: true, postgresql: {use_pg_rewind: true, use_slots: true}}
  initdb: [{encoding: UTF8}, {locale: C.UTF-8}, data-checksums]
  pg_hba: ["host replication replicator 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 scram-sha-256"]
postgresql:
  listen: 127.0.0.1:$(pg_port "$1")
  connect_address: 127.0.0.1:$(pg_port "$1")
  data_dir: $DIR/node$1/data
  bin_dir: $(bin)
  pgpass: $DIR/node$1/pgpass
  authentication:
    replication: {username: replicator, password: portico}
    superuser: {username: postgres, password: portico}
    rewind: {username: rewinder, password: portico}
  parameters: {unix_socket_directories: "$DIR/node$1", max_connections: 120}
END
  chown -R postgres: "$DIR/node$1" "$DIR/node$1.yml"
}

run_node() { # NODE
  setsid setpriv --reuid=postgres --regid=postgres --clear-groups env HOME=/tmp \
    patroni "$DIR/node$1.yml" >>"$DIR/node$1.log" 2>&1 </dev/null 9>&- &
  echo $! >"$DIR/node$1.pid"
}

start() {
  install
  mkdir -p "$DIR"
  DIR=$(cd "$DIR" && pwd)
  chmod 755 "$DIR"
  local port peers node hosts=
  port=$(free_port) peers=http://127.0.0.1:$(free_port)
  echo "$port" >"$DIR/etcd.port"
  setsid etcd --name one --data-dir "$DIR/etcd" --listen-client-urls "http://127.0.0.1:$port" \
    --advertise-client-urls "http://127.0.0.1:$port" --listen-peer-urls "$peers" \
    --initial-advertise-peer-urls "$peers" --initial-cluster "one=$peers" >"$DIR/etcd.log" 2>&1 </dev/null 9>&- &
  echo $! >"$DIR/etcd.pid"
  wait_for 30 curl -sf "http://127.0.0.1:$port/health" || give_up "a running etcd" "$DIR/etcd.log" "It did not start."
  for node in "${NODES[@]}"; do
    configure "$node"
    hosts=$hosts${hosts:+,}127.0.0.1:$(pg_port "$node")
    run_node "$node"
    if [ "$node" = 1 ]; then wait_for 90 leader || give_up "a leader" "$DIR/node1.log" "Patroni did not start."; fi
  done
  for node in 2 3; do
    wait_for 90 is "$node" replica || give_up "a standby" "$DIR/node$node.log" "Patroni did not start."
  done
  wait_for 30 has_synchronous || give_up "a synchronous standby" "$DIR/node1.log" "Patroni named none."
  kv URL "postgres://postgres:portico@$hosts/postgres?target_session_attrs=read-write"
}

has_synchronous() { is 1 synchronous || is 2 synchronous || is 3 synchronous; }

kill_leader() {
  local node
  node=$(leader)
  kill -KILL "$(cat "$DIR/node$node.pid")" "$(head -n 1 "$DIR/node$node/data/postmaster.pid")"
  kv KILLED "$node"
}

# Returns when the node follows the leader, and a commit has a standby to wait for: only that one may lead next.
wait_for_follower() { wait_for 90 is "$1" replica && wait_for 30 has_synchronous; }

revive() {
  run_node "$1"
  wait_for_follower "$1"
}

switchover() {
  local node
  node=$(leader)
  patronictl -c "$DIR/node$node.yml" switchover --force portico >&2
  wait_for_follower "$node"
  kv LEFT "$node"
}

stop() {
  local node pid
  for node in "${NODES[@]}"; do
    pid=$(cat "$DIR/node$node.pid" 2>/dev/null) || continue
    if ! kill -TERM "$pid" 2>/dev/null; then
      kill -INT "$(head -n 1 "$DIR/node$node/data/postmaster.pid")" 2>/dev/null || true
    fi
  done
  for node in "${NODES[@]}"; do wait_for 30 is_gone "$(cat "$DIR/node$node.pid" 2>/dev/null || echo 0)" || true; done
  kill -TERM "$(cat "$DIR/etcd.pid")" 2>/dev/null || true
}
is_gone() { [ "$1" = 0 ] || ! is_alive "$1"; }

case $COMMAND in
install) install ;;
start | switchover | stop) [ -n "$DIR" ] || usage; "$COMMAND" ;;
leader) [ -n "$DIR" ] || usage; kv LEADER "$(leader)" ;;
kill9-leader) [ -n "$DIR" ] || usage; kill_leader ;;
revive) revive "${3:?}" ;;
*) usage ;;
esac
