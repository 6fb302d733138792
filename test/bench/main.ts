// npm run bench: fills a database on each engine and measures Mayday on it, beside its floors; or another server. See README.md.
import { loadavg } from 'node:os'
import { openBench } from './bench.ts'
import type { EngineName } from './engines.ts'
import { equalTo } from './measure/goal.ts'
import type { Row } from './measure/measurement.ts'
import { measurePeer } from './measure/peer.ts'
import { measurements } from './measurements.ts'
import { type Options, type PeerOptions, readOptions, shorter } from './options.ts'
import { printTable, type Report, writeResults } from './report.ts'

async function measureEngine(name: EngineName, options: Options): Promise<Report> {
  const begin = performance.now()
  await using bench = await openBench(name, options)
  using _ = removedOnSignal(bench)
  const rows: Row[] = []
  const took: string[] = [`fill ${((performance.now() - begin) / 1000).toFixed(0)} s`]
  for (const [measurement, measure] of Object.entries(measurements)) {
    if (options.only.length > 0 && !options.only.includes(measurement)) continue
    const start = performance.now()
    try {
      rows.push(...(await measure(bench)))
    } catch (error) {
      // The others are worth having all the same.
      process.exitCode = 1
      process.stderr.write(`${measurement} failed on ${name}: ${error instanceof Error ? error.stack : error}\n`)
    }
    took.push(`${measurement} ${((performance.now() - start) / 1000).toFixed(0)} s`)
    process.stderr.write(`${name}: ${took.at(-1)}\n`)
  }
  return { subject: `${name} (PostgreSQL ${bench.filled.version}): ${took.join(', ')}`, rows }
}

async function measureOther(peer: PeerOptions, options: Options): Promise<Report> {
  if (!peer.floor) return { subject: peer.url, rows: await measurePeer(peer, options, undefined) }
  await using bench = await openBench('postgresql', options)
  using _ = removedOnSignal(bench)
  return { subject: peer.url, rows: await measurePeer(peer, options, bench) }
}

async function measureAll(options: Options): Promise<Report[]> {
  if (options.peer) return [show(await measureOther(options.peer, options))]
  const reports: Report[] = []
  for (const name of options.engines) {
    const report = await measureEngine(name, name === 'embedded' ? shorter(options) : options)
    const first = reports[0]
    reports.push(show(first ? { ...report, rows: equalTo(report.rows, first.rows) } : report))
  }
  return reports
}

/** Whoever is tired of waiting need not clean up. */
function removedOnSignal(bench: AsyncDisposable): Disposable {
  const remove = async () => {
    await bench[Symbol.asyncDispose]()
    process.exit(1)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, remove)
  return {
    [Symbol.dispose]() {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, remove)
    }
  }
}

function show(report: Report): Report {
  printTable(report)
  return report
}

const options = readOptions(process.argv.slice(2))
for (const name of options.only) if (!(name in measurements)) throw new Error(`--only is one of ${Object.keys(measurements).join(', ')}`)
const started = new Date()
if ((loadavg()[0] ?? 0) > 0.5) process.stdout.write('The machine is not idle: the figures will be worse than it can do.\n')
const reports = await measureAll(options)
process.stdout.write(`\n${((Date.now() - started.getTime()) / 1000).toFixed(0)} s in all. Kept in ${writeResults(started, options, reports)}\n`)
