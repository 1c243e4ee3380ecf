# One image for every service: docker build --build-arg SERVICE=wine .
# What a service needs is read from the workspace: its own dependencies, the packages it uses, and theirs.
ARG NODE_IMAGE=node:24-bookworm-slim

# Only what decides about the installation, so that a change of source does not install again.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /source
COPY . .
RUN node scripts/collect-manifests.ts /manifests

FROM ${NODE_IMAGE} AS build
ARG SERVICE
WORKDIR /app
COPY --from=manifests /manifests ./
COPY scripts/prune-modules.ts scripts/
# Install scripts stay off: no package needs one. The services share what npm has downloaded.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts --omit=dev --prefer-offline --no-update-notifier --loglevel=error --workspace services/${SERVICE} \
    && node scripts/prune-modules.ts
COPY . .
RUN node scripts/collect-service.ts ${SERVICE} /collected

FROM ${NODE_IMAGE}
ARG SERVICE
LABEL org.opencontainers.image.title="vindima-${SERVICE}" org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data NODE_COMPILE_CACHE=/app/.compile-cache ORT_DISABLE_TELEMETRY=1
WORKDIR /app
# The data folder is its owner's alone from the start: on a read-only file system a service could not shut it.
RUN mkdir .compile-cache /data /scratch && chmod 700 /data && chown node:node .compile-cache /data /scratch \
    && ln -s services/${SERVICE} service
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /collected ./
USER node
# Loads it once: what is missing fails here, and later starts find the modules compiled.
RUN node --eval "import('/app/service/src/index.ts')"
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s --retries=3 CMD ["/app/container/healthcheck"]
STOPSIGNAL SIGTERM
# What work in progress a killed container has left is nobody's any more.
CMD ["sh", "-c", "rm -rf /scratch/* && exec node service/src/main.ts"]
