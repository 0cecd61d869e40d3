#!/usr/bin/env bash
# A receiver of OTLP logs over HTTP, which reads requests with the protocol's own definitions. It writes the text of each
# record into DIR/records as a line. While DIR/answer exists, it answers with the status code in it, and keeps nothing;
# with 200 it keeps everything but the first record of a request, and says so.
#
#   otlp-sink.sh install | start DIR | stop DIR
. "$(dirname "$0")/lib.sh"

usage() { sed -n '2,6s/^# \?//p' "$0" >&2; exit 2; }
COMMAND=${1:-}
DIR=${2:-}
PYTHON=$PARTS/py-otlp/venv/bin/python

install() { need_pip otlp opentelemetry-proto==1.45.2 protobuf==7.36.2; }

case $COMMAND in
install) install ;;
start)
  [ -n "$DIR" ] || usage
  install
  mkdir -p "$DIR"
  DIR=$(cd "$DIR" && pwd)
  [ -e "$DIR/port" ] || free_port >"$DIR/port"
  setsid "$PYTHON" "$PARTS_SCRIPTS/otlp-sink.py" "$DIR" "$(cat "$DIR/port")" >"$DIR/log" 2>&1 </dev/null 9>&- &
  echo $! >"$DIR/pid"
  wait_for 20 listens "$(cat "$DIR/port")" || give_up "an OTLP receiver in $DIR" "$DIR/log" "It does not listen."
  kv PORT "$(cat "$DIR/port")"
  ;;
stop)
  [ -n "$DIR" ] || usage
  kill "$(cat "$DIR/pid")" 2>/dev/null || true
  ;;
*) usage ;;
esac
