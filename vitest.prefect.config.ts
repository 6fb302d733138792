// The tests against a real Prefect server, which need Python: `npm run test:prefect`.
import { defineConfig, mergeConfig } from 'vitest/config'
import base from './vitest.config.ts'

const merged = mergeConfig(base, defineConfig({ test: { testTimeout: 240_000, hookTimeout: 400_000 } }))

export default { ...merged, test: { ...merged.test, include: ['test/**/*.prefect.ts'] } }
