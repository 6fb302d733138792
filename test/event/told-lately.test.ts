import { expect, it } from 'vitest'
import { takeEvents } from '../../src/event/intake.ts'
import { ToldLately } from '../../src/event/told-lately.ts'
import { startEmbedded } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'

it('knows what was told within the hour', () => {
  const clock = new Clock()
  const told = new ToldLately()
  expect(told.knows('a', clock.read())).toBe(false)
  told.remember(['a'], clock.read())
  clock.forward(59)
  told.remember(['b'], clock.read())
  expect([told.knows('a', clock.read()), told.knows('b', clock.read())]).toEqual([true, true])
  clock.forward(1)
  expect([told.knows('a', clock.read()), told.knows('b', clock.read())]).toEqual([false, true])
})

it('forgets the oldest when it is too much', () => {
  const clock = new Clock()
  const told = new ToldLately()
  const facts = (from: number, until: number) => Array.from({ length: until - from }, (_, index) => `fact ${from + index}`)
  told.remember(facts(0, 50_000), clock.read())
  told.remember(facts(0, 10), clock.read())
  told.remember(facts(50_000, 50_020), clock.read())
  const known = (from: number, until: number) => facts(from, until).filter((fact) => told.knows(fact, clock.read())).length
  expect([known(0, 10), known(10, 30), known(30, 50_000), known(50_000, 50_020)]).toEqual([10, 0, 49_970, 20])
})

it('what was taken away is back when it is seen after an hour', async () => {
  const clock = new Clock()
  await using app = await startEmbedded({ clock: clock.read })
  const see = () =>
    takeEvents(
      app.app.core,
      app.workspace.workspaceId,
      [
        {
          id: crypto.randomUUID(),
          occurred: clock.before(1),
          event: 'prefect.asset.materialization.succeeded',
          resource: { 'prefect.resource.id': 's3://lake/out' },
          related: [{ 'prefect.resource.id': 's3://lake/in', 'prefect.resource.role': 'asset' }]
        }
      ],
      null
    )
  const known = () => app.database.prisma.dependency.count({ where: { kind: 'DERIVED_FROM' } })
  await see()
  expect(await known()).toBe(1)
  await app.admin.run(
    'mutation { removeDependencies(input: { dependencies: [{ downstream: "s3://lake/out", upstream: "s3://lake/in", kind: DERIVED_FROM }] }) { removed } }'
  )
  expect(await known()).toBe(0)
  clock.forward(60)
  await see()
  expect(await known()).toBe(1)
})
