# A hub or a box: docker build -t quaywatch .
FROM node:20-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/quaywatch
COPY . .
RUN npm ci --no-audit --no-fund && npm run setup:kafka

FROM node:20-bookworm-slim
WORKDIR /opt/quaywatch
COPY --from=build /opt/quaywatch /opt/quaywatch
RUN mkdir -p /var/lib/quaywatch /run/quaywatch && chown node /var/lib/quaywatch /run/quaywatch
USER node
ENTRYPOINT ["node", "dist/quaywatch.js"]
