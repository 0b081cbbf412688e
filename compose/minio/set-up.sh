#!/bin/sh
# One-shot, harmless to repeat: the bucket, its 30 days for faces, a user that may use it and nothing else, and the
# events to recognize.
set -eu
# shellcheck disable=SC1091 # a secret, written by make_secrets.py
. /run/secrets/minio_env
read -r secret </run/secrets/minio_app_secret || [ -n "$secret" ]

mc --quiet alias set store http://minio:9000 "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD"
mc --quiet mb --ignore-existing store/faces
mc --quiet admin user add store regulars-app "$secret"
mc --quiet admin policy create store regulars-app /setup/policy.json
mc --quiet admin policy attach store regulars-app --user regulars-app ||
    mc --quiet admin user info store regulars-app # attached already
mc --quiet event add --ignore-existing store/faces arn:minio:sqs::RECOGNIZE:webhook \
    --event put --prefix tracks/ --suffix /track.json
mc --quiet ilm import store/faces </setup/lifecycle.json
