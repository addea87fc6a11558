# The gateway on a PostgreSQL of one's own: docs/deployment.md. scripts/image.mjs takes these same steps without Docker, and starts what comes of them.
FROM node:20.20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json tsconfig.client.json prisma.config.ts ./
COPY prisma prisma
COPY operations operations
COPY scripts scripts
COPY console console
COPY src src
RUN node scripts/build.mjs && node scripts/prune.mjs && mkdir data

FROM node:20.20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/var/lib/cartage
WORKDIR /opt/cartage
COPY LICENSE ./
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/prisma/migrations prisma/migrations
COPY --from=build /build/operations operations
COPY --from=build /build/dist dist
COPY --from=build --chown=node:node /build/data /var/lib/cartage
USER node
VOLUME /var/lib/cartage
EXPOSE 4000 4001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "dist/cli.js", "health"]
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=32", "dist/cli.js"]
CMD ["start"]
