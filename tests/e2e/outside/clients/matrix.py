# What minio, obstore and s3fs do with keys that troubled them elsewhere. It takes the endpoint.
import io
import sys

import obstore
import s3fs
from minio import Minio
from minio.deleteobjects import DeleteObject
from obstore.store import S3Store

endpoint = sys.argv[1]
keys = ["face \U0001f600", "a\x01b", "a\rb", "a\nb", "tab\t", "x\x1fy", "a&b<c>\"d'", "\u00e9", "a+b %20"]

client = Minio(endpoint.split("//")[1], access_key="test", secret_key="test", secure=False, region="us-east-1")
client.make_bucket("odd")
for key in keys:
    client.put_object("odd", key, io.BytesIO(b"x"), 1)
listed = [entry.object_name for entry in client.list_objects("odd", recursive=True)]
assert listed == sorted(keys, key=lambda key: key.encode()), listed
wrong = [(error.code, error.name) for error in client.remove_objects("odd", map(DeleteObject, keys))]
assert wrong == [], wrong
assert list(client.list_objects("odd", recursive=True)) == []

store = S3Store("odd", endpoint=endpoint, access_key_id="test", secret_access_key="test", region="us-east-1",
                client_options={"allow_http": True})
obstore.put(store, "a b/c+d.txt", b"hello")
found = [entry["path"] for chunk in obstore.list(store, prefix="a b") for entry in chunk]
assert found == ["a b/c+d.txt"], found
obstore.copy(store, "a b/c+d.txt", "a b/e f.txt")
try:
    obstore.copy(store, "a b/c+d.txt", "a b/e f.txt", overwrite=False)
except obstore.exceptions.AlreadyExistsError:
    pass
except Exception as other:
    assert "not implemented" in str(other).lower() or "not supported" in str(other).lower(), other
try:
    obstore.put(store, "a b/e f.txt", b"other", mode="create")
    raise SystemExit("an object was replaced that was to be kept")
except obstore.exceptions.AlreadyExistsError:
    pass

files = s3fs.S3FileSystem(key="test", secret="test", endpoint_url=endpoint)
assert files.ls("odd/a b") == ["odd/a b/c+d.txt", "odd/a b/e f.txt"]
assert files.cat("odd/a b/e f.txt") == b"hello"

stranger = s3fs.S3FileSystem(anon=True, endpoint_url=endpoint)
for ask in [lambda: stranger.info("odd/a b/e f.txt"), lambda: stranger.ls("odd"), lambda: stranger.cat("odd/none")]:
    try:
        ask()
        raise SystemExit("a stranger was let in")
    except PermissionError:
        pass
print("done")
