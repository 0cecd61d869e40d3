#!/usr/bin/env bash
# The public service models of AWS from botocore, one JSON file per service.
#
#   service-models.sh
. "$(dirname "$0")/lib.sh"

"$PARTS_SCRIPTS/aws-clients.sh" boto3 >/dev/null
once "$PARTS/service-models" "the service models of botocore 1.44.5" \
  "$PARTS/py-aws/venv/bin/python" "$PARTS_SCRIPTS/unpack-service-models.py" "$PARTS/service-models"
kv SERVICE_MODELS "$PARTS/service-models"
