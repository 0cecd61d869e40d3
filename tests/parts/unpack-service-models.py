"""Writes the newest model of each service that Portico speaks to TARGET/<service>.json.

    unpack-service-models.py TARGET
"""

import gzip
import sys
from pathlib import Path

import botocore

SERVICES = ["identitystore", "organizations", "sso", "sso-admin", "sso-oidc", "sts"]

target = Path(sys.argv[1])
for service in SERVICES:
    versions = Path(botocore.__file__).parent / "data" / service
    newest = max(path for path in versions.iterdir() if path.is_dir())
    packed = newest / "service-2.json.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else (newest / "service-2.json").read_bytes()
    (target / f"{service}.json").write_bytes(text)
