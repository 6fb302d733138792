// A process that takes events in, as Mayday does (`WHO=mayday`) or as the floor does, when it is told to: `/prepare` makes
// batches, `/run` takes those in, one after the other, and answers how many milliseconds that took.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { createCore } from '../../../src/app.ts'
import { openDatabase } from '../../../src/database/database.ts'
import { takeEvents } from '../../../src/event/intake.ts'
import { makeBatch } from './events.ts'
import { openFloor, prepareRows } from './floor.ts'

const { WHO, WORKSPACE_ID = '', RESOURCE_ID = '', DATABASE_URL, MAYDAY_DATA = '' } = process.env
const place = DATABASE_URL ? { DATABASE_URL, MAYDAY_DATA: '' } : { MAYDAY_DATA }
const { prepare, take } = WHO === 'mayday' ? await mayday() : await floor()

interface Taking<Batch> {
  prepare(number: number): Batch
  take(batch: Batch): Promise<unknown>
}

async function mayday(): Promise<Taking<unknown>> {
  const core = createCore(await openDatabase({ MAYDAY_POOL_SIZE: 10, ...place }, async () => {}), pino({ level: 'silent' }), () => new Date())
  return {
    prepare: makeBatch,
    async take(batch) {
      const { accepted } = await takeEvents(core, WORKSPACE_ID, batch as unknown[], null)
      if (accepted !== (batch as unknown[]).length) throw new Error(`Only ${accepted} events were taken in`)
    }
  }
}

async function floor(): Promise<Taking<unknown>> {
  const insert = await openFloor(place)
  return { prepare: (number) => prepareRows(WORKSPACE_ID, RESOURCE_ID, makeBatch(number)), take: (batch) => insert(batch as never) }
}

let made = 0
let batches: unknown[] = []

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname === '/prepare') batches = Array.from({ length: Number(searchParams.get('batches')) }, () => prepare(made++))
  const begin = performance.now()
  if (pathname === '/run') for (const batch of batches) await take(batch)
  response.end(String(performance.now() - begin))
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`The intake is at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`))
