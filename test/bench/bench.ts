// What all measurements of an engine work with: a filled database, its copy, and ways to start processes on them.
import { Client } from '../kit/client.ts'
import { type Measured, startMeasured } from './child.ts'
import { benchKey, type EngineName, engines, type Place } from './engines.ts'
import type { Bench } from './measure/measurement.ts'
import { assertFloors } from './measure/reads.ts'
import { type Operations, prepareOperations } from './operations.ts'
import type { Options } from './options.ts'
import { maydayTarget } from './target.ts'

const maydayScript = new URL('../../src/main.ts', import.meta.url)
const requestFloorScript = new URL('floor/requests.ts', import.meta.url)
const documentedScript = new URL('documented/server.ts', import.meta.url)
const broadcastFloorScript = new URL('floor/broadcast.ts', import.meta.url)

/** Fills a database, and makes sure that the floors answer what Mayday answers. */
export async function openBench(name: EngineName, options: Options): Promise<Bench & AsyncDisposable> {
  const filled = await engines[name](options.sizes)
  try {
    const environment = { PORT: '0', HOST: '127.0.0.1', MAYDAY_LOG_LEVEL: 'warn', ...filled.forMayday }
    const startMayday = async () => {
      const mayday = await startMeasured(maydayScript, environment, options.profiles)
      // A node that has just started loads what depends on what; the answer tells that it has.
      await new Client(mayday.url, benchKey).run('{ resources(first: 1) { nodes { suggestedIncident { confidence } } } }')
      return mayday
    }
    const startRequestFloor = (place: Place) => startMeasured(requestFloorScript, { ...place })
    const requestFloor = await startRequestFloor(filled.forFloor)
    const startDocumented = () => startMeasured(documentedScript, { ...filled.forFloor })
    return {
      options,
      filled,
      key: benchKey,
      startMayday,
      requestFloor,
      startRequestFloor,
      startDocumented,
      startBroadcastFloor: (frameBytes: number, firstBytes = frameBytes) =>
        startMeasured(broadcastFloorScript, { FRAME_BYTES: String(frameBytes), FIRST_BYTES: String(firstBytes) }),
      operations: await checkedOperations(startMayday, requestFloor, filled.server && startDocumented),
      async [Symbol.asyncDispose]() {
        await requestFloor[Symbol.asyncDispose]()
        await filled.remove()
      }
    }
  } catch (error) {
    await filled.remove()
    throw error
  }
}

async function checkedOperations(startMayday: Bench['startMayday'], floor: Measured, startDocumented?: Bench['startDocumented']): Promise<Operations> {
  await using mayday = await startMayday()
  await using documented = await startDocumented?.()
  const operations = await prepareOperations(new Client(mayday.url, benchKey))
  await assertFloors(maydayTarget(mayday.url, benchKey), floor, documented, operations)
  return operations
}
