#!/usr/bin/env python3
"""Makes the fixture of the upgrade test: a database as a given program leaves it, as SQL text.

    make.py PROGRAM COMMIT sqlite FOLDER            prints the dump of FOLDER/portico.sqlite
    make.py PROGRAM COMMIT postgres FOLDER URL      prints the dump of the (empty) database at URL

PROGRAM is the binary of the release that the fixture is of, built from COMMIT. It is driven by stock calls of
boto3, a browser's forms and the device flow, and is killed while jobs wait. Needs boto3, and
sqlite3 or pg_dump. What a test reads back by name is called the same in both engines.
"""

import atexit
import concurrent.futures
import html
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials

PROGRAM, COMMIT, ENGINE, FOLDER = sys.argv[1:5]
DATABASE = sys.argv[5] if ENGINE == "postgres" else None
LISTEN = "127.0.0.1:8931"
URL = f"http://{LISTEN}"
ACCOUNT = "123456789012"
PASSWORD = "Correct-horse-42"


def serve():
    command = [PROGRAM, "serve", "--data", FOLDER, "--listen", LISTEN, "--public-url", URL]
    command += ["--account", ACCOUNT]
    if DATABASE:
        command += ["--database", DATABASE]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in server.stdout:
        if line.startswith("ready "):
            return server
    raise SystemExit("the program did not become ready")


def credentials():
    command = [PROGRAM, "admin", "credentials", "--data", FOLDER]
    if DATABASE:
        command += ["--database", DATABASE]
    keys = json.loads(subprocess.check_output(command, text=True))
    return keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]


def client(service, keys=None):
    keys = keys or KEYS
    config = botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1})
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=URL,
        aws_access_key_id=keys[0],
        aws_secret_access_key=keys[1],
        aws_session_token=keys[2],
        config=config,
    )


def portico_admin(operation, body):
    headers = {
        "X-Amz-Target": f"PorticoAdmin.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
    }
    request = botocore.awsrequest.AWSRequest("POST", URL + "/", headers=headers, data=json.dumps(body))
    keys = botocore.credentials.Credentials(*KEYS)
    botocore.auth.SigV4Auth(keys, "portico", "us-east-1").add_auth(request)
    sent = urllib.request.Request(URL + "/", json.dumps(body).encode(), dict(request.headers))
    with urllib.request.urlopen(sent) as answer:
        return json.loads(answer.read())


class Browser:
    """Keeps cookies, follows redirects and fills in forms."""

    def __init__(self):
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.opener.addheaders = [("User-Agent", "Browser/1.0"), ("Origin", URL)]
        self.page, self.place = "", URL

    def open(self, target, data=None):
        address = urllib.parse.urljoin(self.place, target)
        try:
            answer = self.opener.open(address, data)
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"{address}: {refused.code} {refused.read().decode()[:2000]}")
        with answer:
            self.place, self.page = answer.geturl(), answer.read().decode()

    def submit(self, **fields):
        """Sends the form that has every one of the fields."""
        for form in re.findall(r"(?s)<form.*?</form>", self.page):
            if all(f'name="{name}"' in form for name in fields):
                action = re.search(r'action="([^"]*)"', form)
                hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
                pairs = {name: html.unescape(value) for name, value in hidden} | fields
                data = urllib.parse.urlencode(pairs).encode()
                return self.open(html.unescape(action.group(1)) if action else self.place, data)
        raise SystemExit(f"{self.place} has no form with {sorted(fields)}:\n{self.page}")


def wait_for(describe):
    while True:
        state = describe()
        if state != "IN_PROGRESS":
            return state
        time.sleep(0.05)


def directory(store):
    people = client("identitystore")
    plain = {"GivenName": "Ann", "FamilyName": "Plain"}
    ids = {"ann": people.create_user(IdentityStoreId=store, UserName="ann", DisplayName="Ann Plain", Name=plain)["UserId"]}
    ids["Jäne.Rich@example.com"] = people.create_user(
        IdentityStoreId=store,
        UserName="Jäne.Rich@example.com",
        DisplayName='Jäne "Rich" 🦀',
        Name={
            "Formatted": "Dr. Jäne M. Rich III", "FamilyName": "Rich", "GivenName": "Jäne",
            "MiddleName": "M.", "HonorificPrefix": "Dr.", "HonorificSuffix": "III",
        },
        NickName="JR",
        ProfileUrl="https://example.com/jane",
        Emails=[{"Value": "Jane.Rich@Example.com", "Type": "Work", "Primary": True}],
        Addresses=[{
            "StreetAddress": "1 High Street\nFlat 2", "Locality": "Zürich", "Region": "ZH",
            "PostalCode": "8000", "Country": "CH", "Type": "Home", "Primary": True,
        }],
        PhoneNumbers=[{"Value": "+41 1 234", "Type": "Mobile", "Primary": True}],
        UserType="Employee",
        Title="CTO",
        PreferredLanguage="en-us",
        Locale="de-CH",
        Timezone="Europe/Zurich",
    )["UserId"]
    ids["off"] = people.create_user(
        IdentityStoreId=store, UserName="off", DisplayName="Off", Name={"GivenName": "O", "FamilyName": "ff"}
    )["UserId"]
    people.update_user(
        IdentityStoreId=store, UserId=ids["off"],
        Operations=[{"AttributePath": "title", "AttributeValue": "Former"}],
    )
    groups = {
        name: people.create_group(IdentityStoreId=store, DisplayName=name, **more)["GroupId"]
        for name, more in [("Platform", {"Description": "Runs things"}), ("Empty", {})]
    }
    for user in ("ann", "off"):
        people.create_group_membership(
            IdentityStoreId=store, GroupId=groups["Platform"], MemberId={"UserId": ids[user]}
        )
    portico_admin("DisableUser", {"IdentityStoreId": store, "UserId": ids["off"]})
    return ids, groups


def access(instance, users, groups):
    admin = client("sso-admin")
    permission_set = admin.create_permission_set(
        InstanceArn=instance, Name="Admin", Description="May do everything", SessionDuration="PT2H",
        RelayState="https://example.com/start", Tags=[{"Key": "team", "Value": "platform"}],
    )["PermissionSet"]["PermissionSetArn"]
    reader = admin.create_permission_set(InstanceArn=instance, Name="Reader")["PermissionSet"]["PermissionSetArn"]
    for arn in ("AdministratorAccess", "ReadOnlyAccess"):
        admin.attach_managed_policy_to_permission_set(
            InstanceArn=instance, PermissionSetArn=permission_set,
            ManagedPolicyArn=f"arn:aws:iam::aws:policy/{arn}",
        )
    inline = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}],
    }
    admin.put_inline_policy_to_permission_set(
        InstanceArn=instance, PermissionSetArn=permission_set, InlinePolicy=json.dumps(inline)
    )
    for arn, kind, principal in [
        (permission_set, "GROUP", groups["Platform"]),
        (permission_set, "USER", users["Jäne.Rich@example.com"]),
        (reader, "USER", users["ann"]),
    ]:
        status = admin.create_account_assignment(
            InstanceArn=instance, TargetId=ACCOUNT, TargetType="AWS_ACCOUNT", PermissionSetArn=arn,
            PrincipalType=kind, PrincipalId=principal,
        )["AccountAssignmentCreationStatus"]["RequestId"]
        describe = admin.describe_account_assignment_creation_status
        state = wait_for(lambda: describe(
            InstanceArn=instance, AccountAssignmentCreationRequestId=status
        )["AccountAssignmentCreationStatus"]["Status"])
        assert state == "SUCCEEDED", state
    # An edit that the role has not had.
    admin.update_permission_set(InstanceArn=instance, PermissionSetArn=reader, Description="Reads")
    admin.update_instance(InstanceArn=instance, Name="main")
    portico_admin("RevokeRoleCredentials", {"InstanceArn": instance, "PrincipalId": users["off"]})


def sessions(store, instance, user):
    """A portal session with a client of a command line, a device code that waits, and a failure."""
    said = portico_admin(
        "ResetUserPassword", {"IdentityStoreId": store, "UserId": user, "Mode": "ONE_TIME_PASSWORD"}
    )
    oidc = client("sso-oidc")
    registered = oidc.register_client(clientName="botocore-client-fixture", clientType="public", scopes=["sso:account:access"])
    keys = {"clientId": registered["clientId"], "clientSecret": registered["clientSecret"]}
    started = oidc.start_device_authorization(startUrl=f"https://{store}.awsapps.com/start", **keys)
    browser = Browser()
    browser.open("/sign-in?return_to=" + urllib.parse.quote("/device"))
    browser.submit(user_name="ann", password=said["OneTimePassword"])
    browser.submit(new_password=PASSWORD, confirm_password=PASSWORD)
    browser.open("/device")
    browser.submit(user_code=started["userCode"])
    browser.submit(answer="allow")
    token = oidc.create_token(
        grantType="urn:ietf:params:oauth:grant-type:device_code", deviceCode=started["deviceCode"], **keys
    )
    client("sso").get_role_credentials(roleName="Reader", accountId=ACCOUNT, accessToken=token["accessToken"])
    oidc.start_device_authorization(startUrl=f"https://{store}.awsapps.com/start", **keys)
    other = Browser()
    other.open("/sign-in")
    try:
        other.submit(user_name="ann", password="not the password")
    except SystemExit as refused:
        assert " 422 " in str(refused), refused


def objects():
    s3 = client("s3")
    s3.create_bucket(Bucket="fixture-photos")
    s3.put_object(
        Bucket="fixture-photos", Key="a/ä.txt", Body=b"hello", ContentType="text/plain",
        Metadata={"author": "ann"}, Tagging="colour=blue",
    )
    for key, complete in (("whole", True), ("begun", False)):
        upload = s3.create_multipart_upload(Bucket="fixture-photos", Key=key)["UploadId"]
        of = {"Bucket": "fixture-photos", "Key": key, "UploadId": upload}
        part = s3.upload_part(PartNumber=1, Body=b"part", **of)
        if complete:
            parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
            s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **of)


def organization():
    organizations = client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    tags = [{"Key": "stage", "Value": "production"}]
    organizations.tag_resource(ResourceId=root, Tags=tags)
    organizations.tag_resource(ResourceId=ACCOUNT, Tags=tags)
    made = organizations.create_account(AccountName="Backup", Email="Backup@example.com")
    request = made["CreateAccountStatus"]["Id"]
    describe = organizations.describe_create_account_status
    state = wait_for(lambda: describe(CreateAccountRequestId=request)["CreateAccountStatus"]["State"])
    assert state == "SUCCEEDED", state


def leave_jobs(server):
    """Asks for accounts on several connections at once, and kills the server before all are made."""
    def ask(number):
        try:
            client("organizations").create_account(AccountName=f"Late {number}", Email=f"late-{number}@example.com")
        except Exception:  # The server is gone: as it should be.
            pass

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask, number) for number in range(8)]
        concurrent.futures.wait(asked, return_when=concurrent.futures.FIRST_COMPLETED)
        server.kill()
    server.wait()


def count_waiting():
    sql = "SELECT COUNT(*) FROM job WHERE state = 'IN_PROGRESS'"
    if DATABASE:
        return int(subprocess.check_output(["psql", "-At", "-c", sql, DATABASE], text=True))
    return int(subprocess.check_output(["sqlite3", f"{FOLDER}/portico.sqlite", sql], text=True))


def count_digests():
    sql = "SELECT COUNT(*) FROM audit_digest"
    if DATABASE:
        return int(subprocess.check_output(["psql", "-At", "-c", sql, DATABASE], text=True))
    return int(subprocess.check_output(["sqlite3", f"{FOLDER}/portico.sqlite", sql], text=True))


def dump():
    if not DATABASE:
        subprocess.check_call(["sqlite3", f"{FOLDER}/portico.sqlite", "PRAGMA wal_checkpoint(TRUNCATE)"], stdout=subprocess.DEVNULL)
        text = subprocess.check_output(["sqlite3", f"{FOLDER}/portico.sqlite", ".dump"], text=True)
        return text
    command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", "--no-comments", DATABASE]
    text = subprocess.check_output(command, text=True)
    # Without what names the schema, so that a test can load it into one of its own.
    text = text.replace("public.", "")
    keep = [line for line in text.splitlines() if not re.match(r"--|$|SET |SELECT pg_catalog|\\|.*SCHEMA public", line)]
    return "\n".join(keep) + "\n"


SERVER = serve()
atexit.register(SERVER.kill)
KEYS = credentials()
ADMIN = client("sso-admin")
ADMIN.create_instance()
INSTANCE = ADMIN.list_instances()["Instances"][0]
ARN, STORE = INSTANCE["InstanceArn"], INSTANCE["IdentityStoreId"]
USERS, GROUPS = directory(STORE)
access(ARN, USERS, GROUPS)
sessions(STORE, ARN, USERS["ann"])
objects()
organization()
while count_digests() == 0:
    time.sleep(1)
leave_jobs(SERVER)
if count_waiting() == 0:
    raise SystemExit("every job was done before the server was killed: try again")
VERSION = subprocess.check_output([PROGRAM, "--version"], text=True).strip()
print(f"-- The database of {VERSION} (commit {COMMIT}) on {ENGINE} for the upgrade test. make.py beside this")
print("-- file made it by stock calls. It is one file because it is one database, and is never edited.")
print(dump(), end="")
