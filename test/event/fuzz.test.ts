// Whatever is sent, a batch never breaks: each event of it is taken or refused, and the others are as they would be alone.
import { expect, it } from 'vitest'
import { takeEvents } from '../../src/event/intake.ts'
import { engines } from '../kit/app.ts'
import { Dice } from '../kit/fuzz.ts'
import { recordedEvents } from './recorded.ts'

const strange: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  1e308,
  JSON.parse('1e400'),
  12345678901234567890n.toString(),
  '',
  ' ',
  '\0',
  '\\u0000',
  '\ud800',
  '𝄞'.repeat(300),
  'x'.repeat(5_000),
  '%',
  "'; DROP TABLE event; --",
  '{"a":1}',
  '__proto__',
  'constructor',
  'FAILED',
  'SCHEDULED',
  'EXPLODED',
  '0000-00-00T00:00:00Z',
  '1970-01-01T00:00:00Z',
  '2026-11-24T12:59:59.999999999+14:00',
  '9999-12-31T23:59:59Z',
  'Infinity',
  [],
  [[]],
  {},
  JSON.parse('{"__proto__":{"x":1},"constructor":null,"toJSON":"x","":{}}'),
  JSON.parse(`${'[1,'.repeat(60)}1${']'.repeat(60)}`)
]
const keys = ['prefect.resource.id', 'prefect.resource.role', 'prefect.state-type', 'prefect.state-timestamp', 'prefect.asset.owners', '', '\0', '__proto__']

it.each(engines)('survives rubbish on $engine', async ({ start }) => {
  await using app = await start({ clock: () => new Date('2026-11-23T13:00:00Z') })
  for (let round = 0; round < 25; round++) {
    const dice = new Dice(7, round)
    const whole = Array.from({ length: 20 }, () => dice.one(recordedEvents))
    const broken = Array.from({ length: 60 }, () => broke(structuredClone(dice.one(recordedEvents)), dice))
    const batch: unknown[] = broken.flatMap((event, index) => (index % 3 === 0 ? [event, whole[index / 3]] : [event]))
    const outcome = await takeEvents(app.app.core, app.workspace.workspaceId, batch, null)
    expect(outcome.accepted + outcome.duplicates + outcome.rejected.length).toBe(batch.length)
    expect(outcome.rejected.map(({ index }) => batch[index]).filter((event) => whole.some((each) => each === event))).toEqual([])
    const ids = whole.map(({ id }) => id)
    expect(await app.database.prisma.event.count({ where: { id: { in: ids } } })).toBe(new Set(ids).size)
  }
  expect(app.logged).toEqual([])
})

/** The event with something strange in some places of it, and an id of its own, unless that is what is strange. */
function broke(event: object, dice: Dice): unknown {
  Object.assign(event, { id: undefined })
  for (let times = 1 + dice.below(3); times > 0; times--) {
    let place = event as Record<string, unknown>
    for (;;) {
      const key = dice.chance(0.2) ? dice.one(keys) : (dice.one(Object.keys(place)) ?? 'new')
      // Not what all objects have, which this test has to leave alone.
      const inner = Object.hasOwn(place, key) ? place[key] : undefined
      if (typeof inner !== 'object' || inner === null || dice.chance(0.2)) {
        Object.defineProperty(place, key, { value: dice.one(strange), enumerable: true, configurable: true, writable: true })
        break
      }
      place = inner as Record<string, unknown>
    }
  }
  return dice.chance(0.05) ? dice.one(strange) : event
}
