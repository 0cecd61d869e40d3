"""Role credentials by boto3's own SSO provider, from a profile and the cached token of a login.

Says the keys as JSON, in the words of the portal API.
"""

import json

import boto3

keys = boto3.Session(profile_name="dev").get_credentials().get_frozen_credentials()
print(
    json.dumps(
        {
            "accessKeyId": keys.access_key,
            "secretAccessKey": keys.secret_key,
            "sessionToken": keys.token,
        }
    )
)
