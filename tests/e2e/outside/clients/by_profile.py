"""What a script of a person's own does with boto3, who only names a profile."""

import os

import boto3

named = boto3.Session(profile_name="dev")
arn = named.client("sts").get_caller_identity()["Arn"]
os.environ["AWS_PROFILE"] = "dev"
assert boto3.client("sts").get_caller_identity()["Arn"] == arn
assert named.client("s3").list_buckets()["Buckets"] == []
print(arn)
