#!/bin/sh
# What the frontend's image starts: fills regulars.conf.template from the environment and becomes nginx.
# nginx looks the gateway's name up when it starts and never again, so a gateway that comes back under another address
# makes it read its configuration anew.
set -eu
: "${REGULARS_PICTURES_FROM:?is the origin of links to pictures, as browsers see the object store}"

# shellcheck disable=SC2016 # the names are envsubst's, not the shell's
envsubst '${REGULARS_GATEWAY} ${REGULARS_PORTAL} ${REGULARS_PICTURES_FROM} ${REGULARS_LISTEN}' \
    </etc/regulars/regulars.conf.template >/tmp/regulars.conf

# Who may stand before this nginx and say whom it speaks for, by blank; nobody, where it is the first.
for proxy in ${REGULARS_PROXIES:-}; do
    echo "set_real_ip_from $proxy;"
done >/tmp/proxies.conf
[ ! -s /tmp/proxies.conf ] || echo "real_ip_header X-Forwarded-For; real_ip_recursive on;" >>/tmp/proxies.conf

addresses() {
    getent ahosts "${REGULARS_GATEWAY%:*}" | cut -d ' ' -f 1 | sort -u
}

trap 'exit 0' QUIT TERM
until known=$(addresses) && [ -n "$known" ]; do
    echo "the name of the gateway, $REGULARS_GATEWAY, is not known yet" >&2
    sleep 1
done
(
    while sleep 5; do
        now=$(addresses)
        if [ -n "$now" ] && [ "$now" != "$known" ]; then
            known=$now
            nginx -c /etc/regulars/nginx.conf -s reload
        fi
    done
) &
exec nginx -c /etc/regulars/nginx.conf -g 'daemon off;'
