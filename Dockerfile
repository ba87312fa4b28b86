# The web client, and the program that holds it.
FROM node:20-bookworm-slim AS web
WORKDIR /charla
COPY web/package.json web/package-lock.json web/
RUN npm --prefix web ci
COPY docs docs
COPY web web
RUN npm --prefix web run build

FROM rust:1.95-bookworm AS program
WORKDIR /charla
COPY Cargo.toml Cargo.lock rustfmt.toml clippy.toml ./
COPY crates crates
COPY docs docs
COPY --from=web /charla/web/build web/build
RUN cargo build --release --locked -p charla

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data charla && install -d -o charla /data
COPY --from=program /charla/target/release/charla /usr/local/bin/charla
USER charla
WORKDIR /data
VOLUME /data
ENV BIND=0.0.0.0:8000 DATA_DIR=/data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
# The node takes up to ten seconds to go down.
STOPSIGNAL SIGTERM
ENTRYPOINT ["charla"]
CMD ["serve"]
