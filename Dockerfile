# Build:  docker build -t search-service .
# Run:    docker run --rm -p 127.0.0.1:8000:8000 search-service

FROM python:3.12-slim AS builder

WORKDIR /src
RUN python -m venv /opt/search-service
COPY pyproject.toml README.md LICENSE ./
COPY search_service ./search_service
RUN /opt/search-service/bin/pip install --no-cache-dir .


FROM python:3.12-slim

LABEL org.opencontainers.image.title="search-service" \
      org.opencontainers.image.description="Full-text search for Arabic documents" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="GPL-3.0-or-later"

ENV PATH="/opt/search-service/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

# A fixed number, so that folders mounted from outside can be given to this user.
RUN useradd --system --uid 10001 --user-group --home-dir /app --shell /usr/sbin/nologin search \
    && install --directory --owner=search --group=search /app /app/index /app/seeds

COPY --from=builder /opt/search-service /opt/search-service
COPY --chown=search:search seeds /app/seeds

WORKDIR /app
# By its number, which a cluster can tell from root without looking into the image.
USER 10001:10001
VOLUME ["/app/index", "/app/seeds"]
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('SEARCH_PORT', '8000')), timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]

# The first start indexes the seeds; later ones keep what is in the volume, deletions too.
CMD ["sh", "-c", "if [ -z \"$(ls -A index)\" ]; then search-service index seeds || exit; fi; exec search-service serve --host 0.0.0.0"]
