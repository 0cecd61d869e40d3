"""Writes the newest model of each service that Portico speaks to TARGET/<service>.json.

    unpack-service-models.py TARGET
"""

import gzip
import re
import sys
from pathlib import Path

import botocore

# The services and the names of their models are declared once, in Rust.
DECLARED = Path(__file__).parents[2] / "crates/model/src/service.rs"
SERVICES = re.findall(r'model: Some\("([a-z-]+)"\)', DECLARED.read_text())

target = Path(sys.argv[1])
for service in SERVICES:
    versions = Path(botocore.__file__).parent / "data" / service
    newest = max(path for path in versions.iterdir() if path.is_dir())
    packed = newest / "service-2.json.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else (newest / "service-2.json").read_bytes()
    (target / f"{service}.json").write_bytes(text)
