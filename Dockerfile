# The service as an image: Node, what is published, and the packages that it runs on. Nothing of the
# build is in it, no PostgreSQL, and nobody is root. docs/install.md says how to run it.
# By a digest it is the same for ever: --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS source
WORKDIR /source
COPY package.json package-lock.json .npmrc ./

FROM source AS build
# No package runs a script of its own here: each brings its binaries along.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json LICENSE README.md ./
COPY build build
COPY migrations migrations
COPY src src
RUN npm run build

# What is published to npm. A release hands in the package that it has published, so that one build is
# in both: --build-context built=<the package, unpacked>.
FROM scratch AS built
COPY --from=build /source/package.json /source/LICENSE /source/README.md /
COPY --from=build /source/dist /dist
COPY --from=build /source/migrations /migrations

# The embedded PostgreSQL is optional, and left out.
FROM source AS packages
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production BREAKGLASS_DATA_DIR=/var/lib/breakglass
RUN install -d -o 1000 -g 1000 -m 0700 /var/lib/breakglass \
  && ln -s /opt/breakglass/dist/cli/main.js /usr/local/bin/breakglass
WORKDIR /opt/breakglass
COPY --from=packages /source/node_modules node_modules
COPY --from=built / ./
RUN chmod 0755 dist/cli/main.js
# By its number, so that an orchestrator can see that it is not root.
USER 1000:1000
EXPOSE 8080
# Alive is all that it says: a restart mends neither a database nor Slack.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["breakglass"]
CMD ["start"]
