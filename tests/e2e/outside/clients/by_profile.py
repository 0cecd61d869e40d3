"""A person's script, which gives boto3 only the name of a profile."""

import os

import boto3

named = boto3.Session(profile_name="dev")
arn = named.client("sts").get_caller_identity()["Arn"]
os.environ["AWS_PROFILE"] = "dev"
assert boto3.client("sts").get_caller_identity()["Arn"] == arn
assert named.client("s3").list_buckets()["Buckets"] == []
print(arn)
