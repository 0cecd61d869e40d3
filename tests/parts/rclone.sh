#!/usr/bin/env bash
# rclone, an S3 client that shares no code with the AWS ones.
#
#   rclone.sh
. "$(dirname "$0")/lib.sh"

need_packages rclone rclone
kv RCLONE "$(command -v rclone)"
