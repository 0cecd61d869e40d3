#!/usr/bin/env bash
# rsyslog, which receives syslog over TCP and TLS and writes each message into FILE of DIR as a line.
#
#   rsyslog.sh install | start DIR [CERTIFICATES] | stop DIR
#
# With CERTIFICATES it has TLS by ca.crt, server.crt and server.key of that folder. `start` again in a folder listens on
# the same port.
. "$(dirname "$0")/lib.sh"

usage() { sed -n '2,7s/^# \?//p' "$0" >&2; exit 2; }
COMMAND=${1:-}
DIR=${2:-}
CERTIFICATES=${3:-}

install() {
  need_packages rsyslogd rsyslog
  need_packages "$(echo /usr/lib/*/rsyslog/lmnsd_gtls.so)" rsyslog-gnutls
}

configure() {
  local stream='' driver=''
  if [ -n "$CERTIFICATES" ]; then
    driver="global(DefaultNetstreamDriver=\"gtls\" DefaultNetstreamDriverCAFile=\"$CERTIFICATES/ca.crt\"
      DefaultNetstreamDriverCertFile=\"$CERTIFICATES/server.crt\" DefaultNetstreamDriverKeyFile=\"$CERTIFICATES/server.key\")"
    stream='StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="anon"'
  fi
  cat >"$DIR/rsyslog.conf" <<CONFIGURATION
global(workDirectory="$DIR" maxMessageSize="1m")
$driver
module(load="imtcp" $stream)
input(type="imtcp" address="127.0.0.1" port="$(cat "$DIR/port")")
template(name="line" type="string" string="%syslogseverity% %app-name% %msgid% %msg%\n")
action(type="omfile" file="$DIR/messages" template="line")
CONFIGURATION
}

case $COMMAND in
install) install ;;
start)
  [ -n "$DIR" ] || usage
  install
  mkdir -p "$DIR"
  DIR=$(cd "$DIR" && pwd)
  [ -e "$DIR/port" ] || free_port >"$DIR/port"
  configure
  rsyslogd -f "$DIR/rsyslog.conf" -i "$DIR/pid" -C >"$DIR/log" 2>&1 </dev/null
  wait_for 20 listens "$(cat "$DIR/port")" || give_up "rsyslog in $DIR" "$DIR/log" "It does not listen."
  kv PORT "$(cat "$DIR/port")"
  ;;
stop)
  [ -n "$DIR" ] || usage
  pid=$(cat "$DIR/pid" 2>/dev/null || true)
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || true
    gone() { ! kill -0 "$pid" 2>/dev/null; }
    wait_for 20 gone
  fi
  ;;
*) usage ;;
esac
