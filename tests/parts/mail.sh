#!/usr/bin/env bash
# A mail server on 127.0.0.1 (aiosmtpd) that keeps each message it takes as a file DIR/NUMBER.json.
#
#   mail.sh start DIR PORT none | starttls | wrapped   |   stop DIR
#
# With TLS it has DIR/server.crt and DIR/server.key, and wants the login portico:mailpw. See mail-sink.py.
. "$(dirname "$0")/lib.sh"

usage() { sed -n '2,5s/^# \?//p' "$0" >&2; exit 2; }
[ $# -ge 2 ] || usage
DIR=$2

start() {
  need_pip mail aiosmtpd==1.4.6
  mkdir -p "$DIR"
  setsid "$PARTS/py-mail/venv/bin/python" "$PARTS_SCRIPTS/mail-sink.py" "$DIR" "$1" "$2" portico:mailpw \
    >>"$DIR/sink.log" 2>&1 </dev/null 9>&- &
  echo $! >"$DIR/pid"
  wait_for 20 answers "$1" || give_up "a running mail server" "$DIR/sink.log" "aiosmtpd did not start."
  kv SMTP_PORT "$1"
}
answers() { python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)' "$1"; }

stop() {
  local pid
  pid=$(cat "$DIR/pid" 2>/dev/null) || return 0
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$DIR/pid"
}

case $1 in
start) [ $# -eq 4 ] || usage; start "$3" "$4" ;;
stop) stop ;;
*) usage ;;
esac
