"""A person's calls with boto3: sso-oidc, sso, sts, s3, and the end of the session.

The task, as JSON in the environment: first `{"startUrl"}`, to ask for a device code; then, when the
person has let the code in, what the first part said, and what the operator made.
"""

import filecmp
import json
import os
import unittest
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

check = unittest.TestCase()
check.maxDiff = None

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
MIB = 1024 * 1024

unsigned = Config(signature_version=UNSIGNED)
oidc = boto3.client("sso-oidc", config=unsigned)


def refusal(exception, call, **arguments):
    """The answer to a call, which must raise this exception of the SDK."""
    with check.assertRaises(exception) as caught:
        call(**arguments)
    check.assertEqual(type(caught.exception), exception)
    return caught.exception.response


def refuse_by_name(code, call, **arguments):
    """Checks that a call is refused with this error, which may be one without a class in the SDK."""
    with check.assertRaises(ClientError) as caught:
        call(**arguments)
    check.assertEqual(caught.exception.response["Error"]["Code"], code)


def ask_for_a_device_code(start_url):
    client = oidc.register_client(
        clientName="boto3",
        clientType="public",
        scopes=["sso:account:access"],
        grantTypes=[DEVICE_CODE, "refresh_token"],
    )
    known = {member: client[member] for member in ("clientId", "clientSecret")}
    device = oidc.start_device_authorization(startUrl=start_url, **known)
    question = known | {"grantType": DEVICE_CODE, "deviceCode": device["deviceCode"]}
    pending = refusal(oidc.exceptions.AuthorizationPendingException, oidc.create_token, **question)
    check.assertEqual(pending["error"], "authorization_pending")
    check.assertTrue(pending["error_description"])
    stranger = question | {"clientSecret": "guess"}
    wrong = refusal(oidc.exceptions.InvalidClientException, oidc.create_token, **stranger)
    check.assertEqual(wrong["error"], "invalid_client")
    return {
        "question": question,
        "link": device["verificationUriComplete"],
        "userCode": device["userCode"],
    }


def take_tokens(question):
    """Asks for the token again if the first request came before the interval was over."""
    for _ in range(20_000):
        try:
            return oidc.create_token(**question)
        except oidc.exceptions.SlowDownException:
            continue
    raise AssertionError("it is always too soon")


def choose_roles(sso, token, task):
    """Keys of each role of the person."""
    paging = {"PageSize": 1}
    pages = list(sso.get_paginator("list_accounts").paginate(**token, PaginationConfig=paging))
    accounts = [account["accountId"] for page in pages for account in page["accountList"]]
    wanted = {task["management"]: "AdministratorAccess", task["storage"]: "Viewer"}
    check.assertEqual((sorted(accounts), len(pages)), (sorted(wanted), 2))
    keys = {}
    for account, role in wanted.items():
        roles = sso.get_paginator("list_account_roles").paginate(accountId=account, **token)
        [listed] = [role for page in roles for role in page["roleList"]]
        check.assertEqual(listed, {"roleName": role, "accountId": account})
        answer = sso.get_role_credentials(accountId=account, roleName=role, **token)
        keys[role] = answer["roleCredentials"]
    return keys["AdministratorAccess"], keys["Viewer"]


def session_of(keys):
    return boto3.Session(keys["accessKeyId"], keys["secretAccessKey"], keys["sessionToken"])


def use_objects(s3):
    bucket = {"Bucket": "letters"}
    s3.create_bucket(**bucket)
    s3.head_bucket(**bucket)
    check.assertEqual([one["Name"] for one in s3.list_buckets()["Buckets"]], ["letters"])

    text = b"Dear reader,\n"
    put = s3.put_object(
        Key="in/one.txt", Body=text, ContentType="text/plain", Metadata={"by": "alice"}, **bucket
    )
    check.assertTrue(put["ChecksumCRC32"], "the SDK sent its default checksum")
    got = s3.get_object(Key="in/one.txt", ChecksumMode="ENABLED", **bucket)
    check.assertEqual(got["ChecksumCRC32"], put["ChecksumCRC32"])
    check.assertEqual((got["ContentType"], got["Metadata"]), ("text/plain", {"by": "alice"}))
    check.assertEqual(got["Body"].read(), text)
    part = s3.get_object(Key="in/one.txt", Range="bytes=5-10", **bucket)
    check.assertEqual((part["Body"].read(), part["ContentRange"]), (b"reader", "bytes 5-10/13"))

    with open("stream", "wb") as file:
        file.write(os.urandom(300_000))
    with open("stream", "rb") as file:
        s3.put_object(Key="in/stream", Body=file, ChecksumAlgorithm="SHA256", **bucket)
    s3.download_file("letters", "in/stream", "stream.back")
    check.assertTrue(filecmp.cmp("stream", "stream.back", shallow=False))

    s3.copy_object(Key="out/one.txt", CopySource="letters/in/one.txt", **bucket)
    keys = []
    for page in s3.get_paginator("list_objects_v2").paginate(**bucket, PaginationConfig={"PageSize": 2}):
        keys.append([one["Key"] for one in page["Contents"]])
    check.assertEqual(keys, [["in/one.txt", "in/stream"], ["out/one.txt"]])
    folders = s3.list_objects_v2(Delimiter="/", **bucket)["CommonPrefixes"]
    check.assertEqual([one["Prefix"] for one in folders], ["in/", "out/"])

    refusal(s3.exceptions.NoSuchKey, s3.get_object, Key="in/none", **bucket)
    refusal(s3.exceptions.NoSuchBucket, s3.list_objects_v2, Bucket="no-letters")


def use_links(session):
    """Presigned links, opened without keys by plain HTTP."""
    # In AWS's older regions boto3 signs links by version 2 unless it is configured otherwise.
    s3 = session.client("s3", config=Config(signature_version="s3v4"))
    one, two = ({"Bucket": "letters", "Key": f"out/{name}.txt"} for name in ("one", "two"))
    with urllib.request.urlopen(s3.generate_presigned_url("get_object", one)) as answer:
        check.assertEqual(answer.read(), b"Dear reader,\n")
    writing = s3.generate_presigned_url("put_object", two, ExpiresIn=60)
    with urllib.request.urlopen(urllib.request.Request(writing, b"By link\n", method="PUT")):
        pass
    check.assertEqual(s3.get_object(**two)["Body"].read(), b"By link\n")

    of_version_2 = session.client("s3").generate_presigned_url("get_object", one)
    with check.assertRaises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(of_version_2)
    check.assertEqual(caught.exception.code, 400)
    check.assertIn("AWS4-HMAC-SHA256", caught.exception.read().decode())


def use_multipart(s3):
    """The transfer manager: uploads, copies and downloads parts concurrently."""
    transfer = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    with open("large", "wb") as file:
        file.write(os.urandom(11 * MIB + 1))
    s3.upload_file("large", "letters", "large", Config=transfer)
    head = s3.head_object(Bucket="letters", Key="large")
    check.assertEqual(head["ContentLength"], 11 * MIB + 1)
    check.assertTrue(head["ETag"].endswith('-3"'), head["ETag"])
    source = {"Bucket": "letters", "Key": "large"}
    s3.copy(source, "letters", "large.copy", Config=transfer)
    s3.download_file("letters", "large.copy", "large.back", Config=transfer)
    check.assertTrue(filecmp.cmp("large", "large.back", shallow=False))
    uploads = s3.list_multipart_uploads(Bucket="letters")
    check.assertNotIn("Uploads", uploads)


def be_refused_as_viewer(session, store):
    """Calls in another account, with a role that may only read."""
    s3 = session.client("s3")
    check.assertEqual(s3.list_buckets()["Buckets"], [])
    refuse_by_name("AccessDenied", s3.create_bucket, Bucket="not-mine")
    refuse_by_name("AccessDenied", s3.get_object, Bucket="letters", Key="in/one.txt")
    identitystore = session.client("identitystore")
    denied = refusal(
        identitystore.exceptions.AccessDeniedException,
        identitystore.create_group,
        IdentityStoreId=store,
        DisplayName="Mine",
    )
    check.assertIn("identitystore:CreateGroup", denied["Message"])


def clear_away(s3):
    bucket = {"Bucket": "letters"}
    refuse_by_name("BucketNotEmpty", s3.delete_bucket, **bucket)
    s3.delete_object(Key="large", **bucket)
    listed = s3.list_objects_v2(**bucket)["Contents"]
    objects = [{"Key": one["Key"]} for one in listed]
    deleted = s3.delete_objects(Delete={"Objects": objects}, **bucket)["Deleted"]
    check.assertEqual(len(deleted), 5)
    s3.delete_bucket(**bucket)


def be_somebody(task):
    tokens = take_tokens(task["question"])
    check.assertEqual(tokens["tokenType"], "Bearer")
    sso = boto3.client("sso", config=unsigned)
    token = {"accessToken": tokens["accessToken"]}
    administrator, viewer = map(session_of, choose_roles(sso, token, task))

    sts = administrator.client("sts")
    identity = sts.get_caller_identity()
    check.assertEqual(identity["Account"], task["management"])
    check.assertRegex(
        identity["Arn"], r":assumed-role/AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}/alice$"
    )
    s3 = administrator.client("s3")
    use_objects(s3)
    use_links(administrator)
    use_multipart(s3)
    be_refused_as_viewer(viewer, task["store"])
    clear_away(s3)

    # The end of the session revokes its tokens and the keys that they gave.
    sso.logout(**token)
    asked = {"accountId": task["management"], "roleName": "AdministratorAccess"}
    ended = refusal(sso.exceptions.UnauthorizedException, sso.get_role_credentials, **asked, **token)
    check.assertTrue(ended["message"])
    known = {member: task["question"][member] for member in ("clientId", "clientSecret")}
    refresh = known | {"grantType": "refresh_token", "refreshToken": tokens["refreshToken"]}
    ended = refusal(oidc.exceptions.InvalidGrantException, oidc.create_token, **refresh)
    check.assertEqual(ended["error"], "invalid_grant")
    refuse_by_name("InvalidClientTokenId", sts.get_caller_identity)


def main():
    task = json.loads(os.environ["TASK"])
    if "question" in task:
        be_somebody(task)
    else:
        print(json.dumps(ask_for_a_device_code(task["startUrl"])))


main()
