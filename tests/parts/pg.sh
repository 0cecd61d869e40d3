#!/usr/bin/env bash
# A temporary PostgreSQL cluster on 127.0.0.1, with its files in its own folder.
#
#   pg.sh install | start DIR [--durable | --tls CERTIFICATES] | kill9 DIR | stop DIR
#
# With --tls it has the files of the folder CERTIFICATES in its data folder, and TLS by server.crt and server.key.
# Without --durable the cluster never waits for the disk (fsync off), which is fast and unfit for tests
# that kill it. `start` on a folder that holds a cluster starts it again, on the same port. PostgreSQL
# refuses to run as root, so root hands it to the user `postgres`; that user must be able to reach
# DIR, so choose one under /tmp.
. "$(dirname "$0")/lib.sh"

usage() { sed -n '2,5s/^# \?//p' "$0" >&2; exit 2; }
COMMAND=${1:-}
DIR=${2:-}

# The newest version on the machine; PGVER chooses another.
# shellcheck disable=SC2086 # The star must expand.
bin() { printf '%s\n' /usr/lib/postgresql/${PGVER:-*}/bin | sort -V | tail -n 1; }

install() {
  need_command python3 python3
  need_packages "$(bin)/initdb" "postgresql${PGVER:+-$PGVER}"
  BIN=$(bin)
}

as_owner() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=postgres --regid=postgres --clear-groups env -u PGHOST -u PGPORT HOME=/tmp "$@"
  else
    env -u PGHOST -u PGPORT "$@"
  fi
}

make_cluster() {
  echo portico >"$DIR/password"
  free_port >"$DIR/port"
  if [ "$(id -u)" = 0 ]; then chown -R postgres: "$DIR"; fi
  as_owner "$BIN/initdb" -D "$DIR/data" -U postgres -A scram-sha-256 --pwfile="$DIR/password" \
    -E UTF8 --locale=C.UTF-8 >"$DIR/initdb.log" 2>&1 ||
    give_up "a PostgreSQL cluster in $DIR" "$DIR/initdb.log" "initdb failed."
  {
    echo "listen_addresses = '127.0.0.1'"
    echo "port = $(cat "$DIR/port")"
    echo "unix_socket_directories = '$DIR'"
    echo "max_connections = 300"
    if [ "$1" != durable ]; then printf '%s = off\n' fsync synchronous_commit full_page_writes; fi
  } >>"$DIR/data/postgresql.conf"
  if [ "$1" != tls ]; then return 0; fi
  cp "$2"/*.crt "$2"/*.key "$DIR/data/"
  # PostgreSQL refuses keys that others may read.
  chmod 600 "$DIR"/data/*.key
  if [ "$(id -u)" = 0 ]; then chown postgres: "$DIR"/data/*.crt "$DIR"/data/*.key; fi
  printf '%s\n' "ssl = on" "ssl_ca_file = 'ca.crt'" >>"$DIR/data/postgresql.conf"
  {
    echo "hostssl all certified 127.0.0.1/32 cert"
    echo "host all all 127.0.0.1/32 scram-sha-256"
  } >"$DIR/data/pg_hba.conf"
}

start() {
  install
  mkdir -p "$DIR"
  DIR=$(cd "$DIR" && pwd)
  if [ "$(id -u)" = 0 ]; then chown postgres: "$DIR"; chmod 755 "$DIR"; fi
  as_owner test -x "$DIR" ||
    give_up "a folder for PostgreSQL" /dev/null "The user postgres cannot reach $DIR: choose a folder under /tmp."
  if [ ! -e "$DIR/data/PG_VERSION" ]; then make_cluster "$@"; fi
  as_owner setsid "$BIN/postgres" -D "$DIR/data" >>"$DIR/server.log" 2>&1 </dev/null 9>&- &
  wait_for 30 as_owner "$BIN/pg_isready" -q -h 127.0.0.1 -p "$(cat "$DIR/port")" ||
    give_up "a running PostgreSQL" "$DIR/server.log" "The cluster in $DIR did not start."
  kv PORTICO_TEST_POSTGRES "postgres://postgres:portico@127.0.0.1:$(cat "$DIR/port")/postgres"
}

# signal NAME   signals the postmaster, which stops its children
signal() {
  local pid
  pid=$(head -n 1 "$DIR/data/postmaster.pid" 2>/dev/null) || return 0
  kill "-$1" "$pid" 2>/dev/null || return 0
  wait_for 30 not_running "$pid"
}
not_running() { ! kill -0 "$1" 2>/dev/null || grep -qs '^State:.*zombie' "/proc/$1/status"; }

case $COMMAND in
install) install ;;
start)
  [ -n "$DIR" ] || usage
  case ${3:-} in '') start quick ;; --durable) start durable ;; --tls) start tls "${4:?}" ;; *) usage ;; esac
  ;;
kill9) [ -n "$DIR" ] || usage; signal KILL ;;
stop) [ -n "$DIR" ] || usage; signal INT ;; # INT: fast shutdown; TERM would wait for clients
*) usage ;;
esac
