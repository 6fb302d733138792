import { defineConfig } from 'prisma/config'

// `prisma generate` and `prisma validate` ask for a schema engine that they never run, and would download it.
// Naming any executable keeps them offline. `prisma migrate` must not see this: with it, it does nothing, silently.
if (process.argv.includes('generate') || process.argv.includes('validate')) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' }
})
