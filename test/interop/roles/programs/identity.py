# Asks STS who it is with boto3's default credentials: `identity.py [calls]`, one a second.
import os
import sys
import time

import boto3

sts = boto3.client("sts", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
for call in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    time.sleep(min(call, 1))
    print(sts.get_caller_identity()["Arn"])
