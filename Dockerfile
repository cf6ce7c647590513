# Built in two steps: the compiler and the embedded binaries stay out of the image.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
# optional packages too: the compiler's own program is one
RUN npm ci --include=dev --no-audit --no-fund
COPY tsconfig.json ormconfig.ts ./
COPY migrations migrations
COPY src src
# the console shows it
COPY docs/operations.md docs/
# type-checked with the sources that load it outside production; the image does not get it
COPY sandbox sandbox
RUN node scripts/build.mjs --without-sandbox

FROM node:24-slim
WORKDIR /app
# after SIGTERM the port stays open this long, so that load balancers notice readiness first
ENV NODE_ENV=production HOST=0.0.0.0 STOP_GRACE_SECONDS=10
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm cache clean --force
# for `holdfast keys`, `pools` and the others: they build nothing where there are no sources
COPY scripts scripts
RUN ln -s /app/scripts/holdfast.mjs /usr/local/bin/holdfast
COPY --from=build /app/dist/ormconfig.js dist/
COPY --from=build /app/dist/migrations dist/migrations
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/program dist/program
USER node
EXPOSE 3000
# node itself, not npm: npm does not hand SIGTERM on (a stop would lose the requests in flight)
CMD ["node", "--enable-source-maps", "dist/program/main.js"]
