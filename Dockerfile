# The application without stores and test tools; the stores are servers of their own.
FROM python:3.11-slim AS build
WORKDIR /build
COPY pyproject.toml requirements.lock ./
COPY tools/runtime_lock.py tools/
RUN python tools/runtime_lock.py >runtime.lock \
    && python -m venv /opt/dra \
    && /opt/dra/bin/pip install --no-cache-dir --disable-pip-version-check --no-input \
        --only-binary=:all: --require-hashes -r runtime.lock

FROM python:3.11-slim
# A fixed number, so that a volume keeps its owner over new images.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/dra \
        --shell /usr/sbin/nologin dra \
    && install -d -o dra -g dra -m 0700 /var/lib/dra
COPY --from=build /opt/dra /opt/dra
WORKDIR /srv/dra
# The migrations are looked for beside the package.
COPY app app
COPY sql sql
COPY mongo_init mongo_init
RUN /opt/dra/bin/python -m compileall -q app
ENV PATH=/opt/dra/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HOME=/var/lib/dra/models \
    HF_HUB_DISABLE_TELEMETRY=1 \
    ORT_DISABLE_TELEMETRY=1 \
    DRA_ENVIRONMENT=production \
    DRA_DATA_DIR=/var/lib/dra \
    DRA_HOST=0.0.0.0 \
    DRA_PORT=8800
USER dra
VOLUME /var/lib/dra
EXPOSE 8800
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"DRA_PORT\"]}/livez', timeout=4)"]
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["api"]
