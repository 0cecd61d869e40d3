#!/usr/bin/env bash
# A program in a network of its own, which can be cut off: cut-off.sh DIR HOST:PORT PROGRAM ARGUMENT...
# Needs root, or user namespaces for everybody.
#   The program reaches HOST:PORT as 10.77.0.1:5432 over a link, and is reached at its 127.0.0.1:8080 over none.
#   Prints "address 127.0.0.1:N", which leads to it, and what the program prints.
#   A line "cut" on standard input takes the link away, "join" gives it back; each is answered by "done".
#   The end of standard input ends everything.
. "$(dirname "$0")/lib.sh"

DIR=$1
# In the background it is the process of the relay, which `stop` ends.
relay() { exec python3 "$PARTS_SCRIPTS/relay.py" "$@"; }
# shellcheck disable=SC2046 # The numbers of processes are words.
stop() {
  kill $(jobs -p) 2>/dev/null || true
  wait
}
trap stop EXIT

if [ -z "${CUT_OFF_INSIDE:-}" ]; then
  need_command ip iproute2
  need_command unshare util-linux
  need_command python3 python3
  relay "unix:$DIR/database" "tcp:$2" >/dev/null &
  relay tcp:127.0.0.1:0 "unix:$DIR/people" >"$DIR/port" &
  until [ -s "$DIR/port" ] && [ -S "$DIR/database" ]; do sleep 0.05; done
  echo "address 127.0.0.1:$(sed 's/listens //' "$DIR/port")"
  shift 2
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(--user --map-root-user)
  # Not exec: the relays of this side end with it.
  CUT_OFF_INSIDE=1 unshare "${as_root[@]}" --net "$0" "$DIR" "$@"
  exit
fi

shift
ip link set lo up
unshare --net sleep infinity &
apart=/proc/$!/ns/net
until [ "$(readlink "$apart")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
ip link add database type veth peer name server netns "${apart//[^0-9]/}"
within() { nsenter "--net=$apart" "$@"; }
ip addr add 10.77.0.1/24 dev database
ip link set database up
within ip link set lo up
within ip addr add 10.77.0.2/24 dev server
within ip link set server up
relay tcp:10.77.0.1:5432 "unix:$DIR/database" >/dev/null &
nsenter "--net=$apart" python3 "$PARTS_SCRIPTS/relay.py" "unix:$DIR/people" tcp:127.0.0.1:8080 >/dev/null &
nsenter "--net=$apart" "$@" </dev/null &
while read -r word; do
  case $word in
  cut) ip link set database down ;;
  join) ip link set database up ;;
  esac
  echo "done"
done
