#!/usr/bin/env bash
# Takes the pictures of this folder again, of a sandbox with a few accounts in it.
#
#   docs/pictures/take.sh [PROGRAM]     PROGRAM is target/release/portico without it
set -euo pipefail
cd "$(dirname "$0")/../.."

program=${1:-target/release/portico}
[ -x "$program" ] || { echo "take.sh: no program at $program; cargo build --release makes it" >&2; exit 1; }
while read -r pair; do export "${pair?}"; done < <(tests/parts/browser.sh; tests/parts/aws-clients.sh cli)
work=$(mktemp -d)
"$program" sandbox --listen 127.0.0.1:0 >"$work/out" 2>"$work/log" &
trap 'kill %1; rm -rf "$work"' EXIT
until grep -q ^ready "$work/out"; do
  kill -0 %1 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 0.1
done
PORTAL=$(sed -n 's/^ready //p' "$work/out")/start
eval "$(grep ^export "$work/out")"
export PORTAL HOME=$work

aws() { "$AWS_CLI" "$@" --output text --no-cli-pager; }
instance=$(aws sso-admin list-instances --query 'Instances[0].InstanceArn')
store=$(aws sso-admin list-instances --query 'Instances[0].IdentityStoreId')
user=$(aws identitystore create-user --identity-store-id "$store" --user-name alice \
  --display-name 'Alice Example' --name GivenName=Alice,FamilyName=Example --query UserId)

permission_set() { # NAME
  local arn
  arn=$(aws sso-admin create-permission-set --instance-arn "$instance" --name "$1" \
    --query PermissionSet.PermissionSetArn)
  aws sso-admin attach-managed-policy-to-permission-set --instance-arn "$instance" \
    --permission-set-arn "$arn" --managed-policy-arn "arn:aws:iam::aws:policy/$1" >&2
  echo "$arn"
}
administrator=$(permission_set AdministratorAccess)
reader=$(permission_set ReadOnlyAccess)

assign() { # ACCOUNT PERMISSION-SET
  aws sso-admin create-account-assignment --instance-arn "$instance" --target-type AWS_ACCOUNT \
    --target-id "$1" --permission-set-arn "$2" --principal-type USER --principal-id "$user" >&2
}
for name in Backup 'Data lake' Staging; do
  aws organizations create-account --account-name "$name" --email "${name// /-}@example.com" >&2
done
accounts='Accounts[?JoinedMethod==`CREATED`].Id'
until [ "$(aws organizations list-accounts --query "length($accounts)")" = 3 ]; do sleep 0.2; done
for account in $(aws organizations list-accounts --query "$accounts"); do
  assign "$account" "$reader"
  assign "$account" "$administrator"
done
PASSWORD=$(curl -sS --aws-sigv4 aws:amz:us-east-1:portico --user test:test "$AWS_ENDPOINT_URL" \
  -H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: PorticoAdmin.ResetUserPassword' \
  -d "{\"IdentityStoreId\":\"$store\",\"UserId\":\"$user\",\"Mode\":\"ONE_TIME_PASSWORD\"}" |
  sed 's/.*"OneTimePassword":"\([^"]*\)".*/\1/')
export PASSWORD
node docs/pictures/take.mjs
ls -l docs/pictures/*.png
