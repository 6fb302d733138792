// How much is filled, and how long is measured. The defaults are those whose figures are reported; flags make it smaller.
import { parseArgs } from 'node:util'
import { type EngineName, engines } from './engines.ts'
import type { Sizes } from './fill/fill.ts'
import type { RequestLoad } from './load/requests.ts'

export interface Options {
  engines: EngineName[]
  /** Which measurements; all when empty. */
  only: string[]
  sizes: Sizes
  requests: RequestLoad
  fanout: { sockets: number; perSecond: number; seconds: number; warmUpSeconds: number; burst: number; connections: number }
  /** A folder for CPU profiles of Mayday. */
  profiles: string | undefined
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      engine: { type: 'string', multiple: true, default: Object.keys(engines) },
      only: { type: 'string', multiple: true, default: [] },
      scale: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '16' },
      sockets: { type: 'string', default: '1000' },
      profiles: { type: 'string' }
    }
  })
  const number = (name: 'scale' | 'seconds' | 'connections' | 'sockets') => {
    const value = Number(values[name])
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0`)
    return value
  }
  const scaled = (size: number) => Math.ceil(size * number('scale'))
  const [seconds, connections] = [number('seconds'), number('connections')]
  const chosen = values.engine.map((name) => {
    if (!(name in engines)) throw new Error(`--engine is one of ${Object.keys(engines).join(', ')}`)
    return name as EngineName
  })
  return {
    engines: chosen,
    only: values.only,
    sizes: { incidents: scaled(5_000), active: 40, comments: scaled(100_000), changes: scaled(150_000), resources: scaled(2_000) },
    requests: { connections, seconds, warmUpSeconds: seconds * 0.4 },
    fanout: { sockets: number('sockets'), perSecond: 5, seconds: seconds * 2, warmUpSeconds: 2, burst: 200, connections },
    profiles: values.profiles
  }
}
