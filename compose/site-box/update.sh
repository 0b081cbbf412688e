#!/bin/sh
# What regulars-update.timer runs: pulls the image of this box's channel, and goes back when the new one is not well.
# Tracks that are not sent yet stay in the spool meanwhile. Without the internet nothing happens.
set -eu
cd "$(dirname "$0")"

image=$(docker compose config --images worker)
identity() { docker image inspect --format '{{.Id}}' "$image" 2>/dev/null || true; }

before=$(identity)
docker compose pull --quiet worker || {
    echo "nothing could be pulled; the worker goes on as it is" >&2
    exit 0
}
after=$(identity)
[ "$before" != "$after" ] || exit 0

echo "updating the worker from ${before:-nothing} to $after"
if docker compose up --detach --wait --wait-timeout 180 worker; then
    docker image prune --force >/dev/null
    exit 0
fi
if [ -n "$before" ]; then
    echo "the new worker is not well: going back to $before" >&2
    docker tag "$before" "$image"
    docker compose up --detach --pull never --wait --wait-timeout 180 worker
fi
exit 1
