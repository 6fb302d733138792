import { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { expect, it } from 'vitest'
import { migrate, schemaDrift } from '../../src/database/migrate.ts'

it('the migrations make the tables of schema.prisma, and a second run finds nothing to do', async () => {
  const pglite = new PGlite()
  const factory = new PrismaPGlite(pglite)
  expect((await migrate(factory)).length).toBeGreaterThan(0)
  expect(await migrate(factory)).toEqual([])
  expect((await schemaDrift(factory)).trim()).toBe('-- This is an empty migration.')
  await pglite.close()
})
