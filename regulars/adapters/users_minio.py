"""A user of MinIO's own who may use one bucket and nothing else, for the system: its root user may do everything."""

from typing import Any

import urllib3
from minio.error import MinioAdminException
from minio.minioadmin import MinioAdmin

from regulars.adapters.objects_s3 import S3Address
from regulars.errors import ConfigurationRefused, DependencyAway

_ON_BUCKET = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
_ON_LIFECYCLE = ("s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration")
_ON_OBJECTS = (
    *("s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
    *("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
)


_COPIES = {"Null": {"s3:x-amz-copy-source": "false"}}
"""Of a request that says what to copy. MinIO takes that header beside a signed link that does not name it: whoever may
write one object would have any other copied there. AWS and SeaweedFS refuse headers that are not signed."""


def bucket_policy(bucket: str) -> dict[str, Any]:
    """Return what the system must be able to do: objects of one bucket, and the rule that lets raw faces expire.

    It never copies, so that nobody may by its links.
    """
    of_bucket, of_objects = [f"arn:aws:s3:::{bucket}"], [f"arn:aws:s3:::{bucket}/*"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": [*_ON_BUCKET, *_ON_LIFECYCLE], "Resource": of_bucket},
            {"Effect": "Allow", "Action": [*_ON_OBJECTS], "Resource": of_objects},
            {"Effect": "Deny", "Action": ["s3:PutObject"], "Resource": of_objects, "Condition": _COPIES},
        ],
    }


def let_use(root_url: str, application_url: str) -> str:
    """Make the user of the second URL, who may use its bucket alone, as the root user of the first; return its name.

    Doing it again sets the password anew. Raises ConfigurationRefused for URLs that cannot be used, or when the store
    refuses; DependencyAway.
    """
    root, application = S3Address.parse(root_url), S3Address.parse(application_url)
    made = application.credentials.retrieve()
    if made.access_key == root.credentials.retrieve().access_key:
        raise ConfigurationRefused("The application's user of the object store must not be its root user.")
    admin: Any = MinioAdmin(
        endpoint=root.endpoint, credentials=root.credentials, region=root.region, secure=root.secure
    )
    try:
        admin.user_add(made.access_key, made.secret_key)
        admin.policy_add(made.access_key, policy=bucket_policy(application.bucket))
        admin.policy_set(made.access_key, user=made.access_key)
    except MinioAdminException as refusal:
        raise ConfigurationRefused(f"The object store refuses to make a user: {refusal}") from refusal
    except (urllib3.exceptions.HTTPError, OSError) as failure:
        raise DependencyAway(f"The object store does not answer ({type(failure).__name__}): try again.") from failure
    return made.access_key
