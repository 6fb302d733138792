import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { dedupe: ['graphql'] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/kit/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/@pothos/, 'graphql-yoga'] } }
  }
})
