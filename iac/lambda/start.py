"""Entry point of the Lambda images: puts the settings' secret into the environment and becomes AWS's runtime client.

SETTINGS_SECRET names a Secrets Manager secret, a JSON object of REGULARS_ variables: so no secret stands in the
function's own configuration, which more people may read.
"""

import json
import os
import sys
from typing import Any, cast

import boto3


def main() -> None:
    """Never returns."""
    answer: Any = cast("Any", boto3).client("secretsmanager").get_secret_value(SecretId=os.environ["SETTINGS_SECRET"])
    os.environ.update(json.loads(answer["SecretString"]))
    os.execv(sys.executable, [sys.executable, "-m", "awslambdaric", *sys.argv[1:]])  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    main()
