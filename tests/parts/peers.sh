#!/usr/bin/env bash
# Peers that `cargo xtask bench` measures beside Portico: moto's server, oidc-provider, s3s-fs.
#
#   peers.sh moto|oidc-provider|s3s-fs
. "$(dirname "$0")/lib.sh"

install_s3s_fs() {
  cargo install --quiet --locked --root . --features binary s3s-fs@0.14.1
}

case ${1:-} in
moto)
  need_pip moto 'moto[server]==5.2.5'
  kv MOTO_SERVER "$PARTS/py-moto/venv/bin/moto_server"
  ;;
oidc-provider)
  need_command node nodejs
  need_npm oidc-provider oidc-provider@9.13.3
  kv OIDC_PROVIDER_NODE_PATH "$PARTS/npm-oidc-provider/node_modules"
  ;;
s3s-fs)
  once "$PARTS/cargo-s3s-fs" 's3s-fs@0.14.1' install_s3s_fs
  kv S3S_FS "$PARTS/cargo-s3s-fs/bin/s3s-fs"
  ;;
*) sed -n '4s/^# *//p' "$0" >&2; exit 2 ;;
esac
