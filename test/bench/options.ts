// How much is filled, and how long is measured. The defaults are those whose figures are reported; flags make it smaller.
import { parseArgs } from 'node:util'
import { type EngineName, engineNames } from './engines.ts'
import type { Sizes } from './fill/fill.ts'
import type { Grown } from './fill/grow.ts'
import type { GraphSizes } from './impact/fill.ts'
import type { RequestLoad } from './load/requests.ts'

export interface Options {
  engines: EngineName[]
  /** Which measurements; all when empty. */
  only: string[]
  sizes: Sizes
  requests: RequestLoad
  fanout: {
    sockets: number
    perSecond: number
    seconds: number
    /** Changes before, at a faster pace, so that what is measured is a server that has been at work. */
    warmUp: { seconds: number; perSecond: number }
    burst: number
    connections: number
  }
  /** Sockets where it is many that counts, and where it is as many as one process is to hold. */
  manySockets: number
  mostSockets: number
  /** Different subscriptions among many sockets. */
  distinct: number
  writers: number
  /** How many changes a client was away for. */
  behind: number
  nodes: { seconds: number; idleSeconds: number }
  /** Batches of events in a round, and how many events are stored when it is measured again. */
  intake: { batches: number; stored: number }
  impact: GraphSizes
  growth: { to: Grown; load: Pick<RequestLoad, 'seconds' | 'warmUpSeconds'>; pushSeconds: number }
  /** A folder for CPU profiles of Mayday. */
  profiles: string | undefined
  peer: PeerOptions | undefined
}

/** Another server to send the load to. */
export interface PeerOptions {
  url: string
  headers: Record<string, string>
  /** The file with its operations. */
  operations: string
  /** Its process on this machine, whose processor time is taken. */
  pid: number | undefined
  /** Whether the floors are measured beside it. */
  floor: boolean
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      engine: { type: 'string', multiple: true, default: [...engineNames] },
      only: { type: 'string', multiple: true, default: [] },
      scale: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '16' },
      sockets: { type: 'string', default: '1000' },
      profiles: { type: 'string' },
      target: { type: 'string' },
      header: { type: 'string', multiple: true, default: [] },
      operations: { type: 'string' },
      pid: { type: 'string' },
      floor: { type: 'boolean', default: false }
    }
  })
  const number = (name: 'scale' | 'seconds' | 'connections' | 'sockets') => {
    const value = Number(values[name])
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0`)
    return value
  }
  const scaled = (size: number) => Math.ceil(size * number('scale'))
  const [seconds, connections, sockets] = [number('seconds'), number('connections'), number('sockets')]
  const chosen = values.engine.map((name) => {
    if (!engineNames.includes(name as EngineName)) throw new Error(`--engine is one of ${engineNames.join(', ')}`)
    return name as EngineName
  })
  return {
    // PostgreSQL first, since the embedded engine is compared with it.
    engines: engineNames.filter((name) => chosen.includes(name)),
    only: values.only,
    sizes: { incidents: scaled(5_000), active: 40, comments: scaled(100_000), changes: scaled(150_000), resources: scaled(2_000) },
    requests: { connections, seconds, warmUpSeconds: seconds * 0.7 },
    fanout: { sockets, perSecond: 5, seconds: seconds * 3, warmUp: { seconds: 2, perSecond: 20 }, burst: 200, connections },
    manySockets: sockets * 4,
    mostSockets: sockets * 10,
    distinct: 100,
    writers: 200,
    behind: 10_000,
    nodes: { seconds: seconds * 2, idleSeconds: seconds * 2 },
    intake: { batches: Math.ceil(seconds * 20), stored: scaled(1_000_000) },
    impact: {
      resources: scaled(100_000),
      dependencies: scaled(500_000),
      upcomingRuns: scaled(200_000),
      closures: [10, scaled(1_000), scaled(50_000)]
    },
    growth: {
      to: { incidents: scaled(500_000), changes: scaled(10_000_000) },
      load: { seconds: seconds * 0.5, warmUpSeconds: seconds * 0.2 },
      pushSeconds: seconds
    },
    profiles: values.profiles,
    peer: peerOf(values)
  }
}

/** The embedded engine, whose figures are mostly reported only, is measured for less long; but it has as long to warm up. */
export function shorter(options: Options): Options {
  const { requests, fanout, intake } = options
  return {
    ...options,
    requests: { ...requests, seconds: requests.seconds / 2 },
    fanout: { ...fanout, seconds: fanout.seconds / 2 },
    intake: { ...intake, batches: Math.ceil(intake.batches / 2) }
  }
}

function peerOf(values: { target?: string; header: string[]; operations?: string; pid?: string; floor: boolean }): PeerOptions | undefined {
  const { target, header, operations, pid, floor } = values
  if (!target && !operations) return undefined
  if (!target || !operations) throw new Error('--target and --operations go together')
  if (!target.startsWith('http://')) throw new Error('--target must start with http://: the load speaks no TLS')
  const headers = header.map((line) => {
    const [, name, value] = /^([^:\s]+):\s*(.+)$/.exec(line) ?? []
    if (!name || !value) throw new Error('--header reads "name: value"')
    return [name.toLowerCase(), value]
  })
  return { url: target, operations, headers: Object.fromEntries(headers), pid: pid ? Number(pid) : undefined, floor }
}
