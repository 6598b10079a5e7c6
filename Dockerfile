# Only the manifests, so that the layers with dependencies stay cached while sources change.
FROM node:24-slim AS manifests
WORKDIR /app
COPY . .
RUN find . ! -type d ! -name package.json ! -name package-lock.json -delete \
 && find . -type d -empty -delete

# Everything for the build.
FROM node:24-slim AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build \
 && rm -rf packages/testing/dist \
 && mkdir /compiled \
 && find apps packages -path '*/node_modules' -prune -o -type f \( -path '*/dist/*' -o -path 'apps/*/bundle/*' \) ! -name .tsbuildinfo ! -name '*.d.ts' -print0 \
  | xargs -0 cp --parents -t /compiled

# What the processes need at run time.
FROM node:24-slim AS production
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --omit=dev --no-audit --no-fund --workspace apps/api --workspace apps/worker --workspace apps/cli

FROM node:24-slim
# With one arena, glibc returns memory that it otherwise keeps for each thread.
ENV NODE_ENV=production HOST=0.0.0.0 MALLOC_ARENA_MAX=1
WORKDIR /app
COPY --from=production /app ./
COPY --from=build /compiled ./
# Volumes mounted here inherit this owner. `agenthook init` creates the keys in it.
RUN mkdir /keys /secret && chown node:node /keys /secret && chmod 700 /keys /secret
USER node
EXPOSE 7091
# An idle api is smaller with a young generation of that size.
CMD ["node", "--max-semi-space-size=4", "apps/api/bundle/server.js"]
