// npm run bench: fills a database on each engine and measures Mayday on it, beside its floors. See README.md.
import { loadavg } from 'node:os'
import { Client } from '../kit/client.ts'
import { startMeasured } from './child.ts'
import { benchKey, type EngineName, engines } from './engines.ts'
import { measureFanout } from './measure/fanout.ts'
import type { Measurement, Row } from './measure/measurement.ts'
import { measureRequests } from './measure/requests.ts'
import { prepareOperations } from './operations.ts'
import { type Options, readOptions } from './options.ts'
import { type EngineReport, printTable, writeResults } from './report.ts'

const measurements: Record<string, Measurement> = {
  wall: measureRequests('wall'),
  incident: measureRequests('incident'),
  list: measureRequests('list'),
  comment: measureRequests('comment'),
  fanout: measureFanout
}

const mayday = new URL('../../src/main.ts', import.meta.url)
const requestFloor = new URL('floor/requests.ts', import.meta.url)
const broadcastFloor = new URL('floor/broadcast.ts', import.meta.url)

async function measureEngine(name: EngineName, options: Options): Promise<EngineReport> {
  const begin = performance.now()
  const filled = await engines[name](options.sizes)
  const fillSeconds = (performance.now() - begin) / 1000
  try {
    const environment = { PORT: '0', HOST: '127.0.0.1', MAYDAY_LOG_LEVEL: 'warn', ...filled.forMayday }
    await using running = await startMeasured(mayday, environment, options.profiles)
    await using floor = await startMeasured(requestFloor, filled.forFloor)
    const bench = {
      options,
      operations: await prepareOperations(new Client(running.url, benchKey)),
      mayday: running,
      key: benchKey,
      requestFloor: floor,
      startBroadcastFloor: (frameBytes: number) => startMeasured(broadcastFloor, { FRAME_BYTES: String(frameBytes) })
    }
    const rows: Row[] = []
    for (const [measurement, measure] of Object.entries(measurements)) {
      if (options.only.length === 0 || options.only.includes(measurement)) rows.push(...(await measure(bench)))
    }
    return { engine: name, version: filled.version, fillSeconds, rows }
  } finally {
    await filled.remove()
  }
}

const options = readOptions(process.argv.slice(2))
const started = new Date()
if ((loadavg()[0] ?? 0) > 0.5) process.stdout.write('The machine is not idle: the figures will be worse than it can do.\n')
const reports: EngineReport[] = []
for (const name of options.engines) {
  const report = await measureEngine(name, options)
  printTable(report)
  reports.push(report)
}
process.stdout.write(`\n${((Date.now() - started.getTime()) / 1000).toFixed(0)} s in all. Kept in ${writeResults(started, options, reports)}\n`)
