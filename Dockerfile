# One image for web, worker and beat. The front end is committed, so no Node is needed here.
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 SAMVERKAN_DATA=/data SAMVERKAN_HOST=0.0.0.0
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation --config-settings editable_mode=compat --editable . \
    && python -m compileall -q feel forms processes casework webapp workers migrations \
    && useradd --system --uid 10001 samverkan && mkdir /data && chown samverkan /data
USER samverkan
VOLUME /data
EXPOSE 8000
CMD ["samverkan", "web"]
