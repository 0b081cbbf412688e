# The portal and what stands before the gateway: nginx on port 8000, filled from the environment (compose/nginx/).
# From the repository's root: docker buildx build -f compose/images/frontend.Dockerfile -t regulars-frontend .
# Pin the base for a release: --build-arg DEBIAN=debian:trixie-slim@sha256:…
ARG DEBIAN=debian:trixie-slim

# Files for every processor, so they are made on the builder's own.
FROM --platform=${BUILDPLATFORM} ${DEBIAN} AS portal
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates python3-venv && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY requirements/ci-node.txt /tmp/
RUN --mount=type=cache,target=/var/cache/pip \
    python3 -m venv /opt/node && \
    /opt/node/bin/pip install --cache-dir /var/cache/pip --no-deps --require-hashes --only-binary :all: --no-input -r /tmp/ci-node.txt
ENV PATH=/opt/node/bin:/usr/bin:/bin
WORKDIR /src
COPY frontend/package.json frontend/package-lock.json /src/
RUN --mount=type=cache,target=/var/cache/npm \
    npm ci --cache /var/cache/npm --no-audit --no-fund --ignore-scripts
COPY frontend /src
RUN npm run --silent build -- --outDir /portal --emptyOutDir --logLevel warn

FROM ${DEBIAN}
RUN apt-get update && \
    apt-get install -y --no-install-recommends busybox gettext-base nginx && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* && \
    groupadd --gid 10001 regulars && \
    useradd --uid 10001 --gid 10001 --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin regulars
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="regulars-frontend" \
      org.opencontainers.image.description="Regulars: the portal, and nginx before the gateway" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY LICENSE /usr/share/doc/regulars/LICENSE
COPY --from=portal /portal /usr/share/regulars/portal
COPY compose/nginx /etc/regulars
ENV REGULARS_GATEWAY=gateway:8080 \
    REGULARS_PORTAL=/usr/share/regulars/portal \
    REGULARS_LISTEN=0.0.0.0:8000
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8000/"]
CMD ["/bin/sh", "/etc/regulars/start.sh"]
