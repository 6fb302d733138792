FROM node:24-slim AS build
WORKDIR /mayday
COPY package.json package-lock.json prisma.config.ts ./
COPY prisma prisma
RUN npm ci --omit=dev
COPY src src

FROM node:24-slim
WORKDIR /mayday
COPY --from=build --chown=node:node /mayday ./
USER node
ENV HOST=0.0.0.0
EXPOSE 4000
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:4000/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
