"""Unpacks the AWS CLI from the Lambda layer inside the npm package @aws-cdk/asset-awscli-v2.

    unpack-aws-cli.py NPM_FOLDER TARGET    ->  TARGET/dist/aws

The zip keeps symbolic links and executable bits in its attributes, which zipfile ignores.
"""

import os
import shutil
import stat
import sys
import zipfile
from pathlib import Path

npm, target = map(Path, sys.argv[1:])
layers = npm.glob("node_modules/@aws-cdk/asset-awscli-v2/lib/*.zip")
layer = max(layers, key=lambda path: path.stat().st_size)
unpacked = target / "unpacked"
shutil.rmtree(unpacked, ignore_errors=True)
shutil.rmtree(target / "dist", ignore_errors=True)

with zipfile.ZipFile(layer) as archive:
    for entry in archive.infolist():
        path = Path(archive.extract(entry, unpacked))
        mode = entry.external_attr >> 16
        if stat.S_ISLNK(mode):
            destination = path.read_text()
            path.unlink()
            path.symlink_to(destination)
        elif stat.S_ISREG(mode):
            path.chmod(stat.S_IMODE(mode) | stat.S_IRUSR | stat.S_IWUSR)

# The folder's name in the layer may vary: it is the one that holds the frozen Python program.
program = next(
    folder
    for folder, _, files in os.walk(unpacked)
    if {"aws", "aws_completer"} <= set(files) and any(f.startswith("libpython") for f in files)
)
shutil.move(program, target / "dist")
(target / "dist" / "aws").chmod(0o755)
shutil.rmtree(unpacked)
