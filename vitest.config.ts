import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

// The one that Node itself takes for it, so that the tests have no second copy of graphql-js beside that of its users.
const graphql = createRequire(import.meta.url).resolve('graphql')

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/kit/global-setup.ts'],
    pool: 'forks',
    // Loading Mayday, and the engine, anew for each file takes longer than most files.
    isolate: false,
    // One more than the two cores of the smallest machine that runs them: tests also wait, for processes, leases and pauses.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000
  }
})
