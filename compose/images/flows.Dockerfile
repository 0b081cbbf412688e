# The flows, run by the clock, and with another command the Prefect server that holds their schedules.
# The health of the flows is asked on port 8080, inside the container only.
# From the repository's root: docker buildx build -f compose/images/flows.Dockerfile -t regulars-flows .
# Pin the base for a release: --build-arg DEBIAN=debian:trixie-slim@sha256:…
ARG DEBIAN=debian:trixie-slim

FROM ${DEBIAN} AS python
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates python3 && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* && \
    groupadd --gid 10001 regulars && \
    useradd --uid 10001 --gid 10001 --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin regulars

FROM python AS packages
RUN apt-get update && \
    apt-get install -y --no-install-recommends python3-venv && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY requirements/flows.txt /tmp/lock.txt
RUN --mount=type=cache,target=/var/cache/pip \
    python3 -m venv /opt/venv && \
    /opt/venv/bin/pip install --cache-dir /var/cache/pip --no-deps --require-hashes --only-binary :all: --no-input -r /tmp/lock.txt && \
    /opt/venv/bin/pip uninstall -y pip

FROM python
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="regulars-flows" \
      org.opencontainers.image.description="Regulars: rollups, purge, erasure and the other flows" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=packages /opt/venv /opt/venv
COPY LICENSE /usr/share/doc/regulars/LICENSE
COPY regulars /app/regulars
COPY flows /app/flows
ENV PATH=/opt/venv/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    REGULARS_MODE=production \
    REGULARS_FIGURES_LISTEN=0.0.0.0:9100 \
    PREFECT_HOME=/tmp/prefect \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=1 \
    PREFECT_RUNNER_SERVER_ENABLE=true \
    PREFECT_RUNNER_SERVER_HOST=127.0.0.1
WORKDIR /app
RUN python -m compileall -q /app && \
    install -d -m 0700 -o 10001 -g 10001 /var/lib/prefect
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/health', timeout=4)"]
CMD ["python", "-m", "flows.serve"]
