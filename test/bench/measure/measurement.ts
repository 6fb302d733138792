// What a measurement is given, and what it gives: rows for the table. A new measurement is a function of this type,
// named in ../main.ts.
import type { Measured } from '../child.ts'
import type { Filled, Place } from '../engines.ts'
import type { Operations } from '../operations.ts'
import type { Options } from '../options.ts'
import type { Goal } from './goal.ts'

export interface Bench {
  readonly options: Options
  readonly operations: Operations
  readonly filled: Filled
  readonly key: string
  /** A fresh Mayday on the filled database, for one measurement; it has to end before the next one starts, unless there is a server. */
  startMayday(): Promise<Measured>
  /** The floor of requests, running on a copy of the same database. */
  readonly requestFloor: Measured
  /** The same on another database. */
  startRequestFloor(place: Place): Promise<Measured>
  /** What people build of Yoga, Pothos and Prisma, on the floor's database; only where that is a server. */
  startDocumented(): Promise<Measured>
  /** The floor of pushes, with frames of this size, the first one on each socket of another. */
  startBroadcastFloor(frameBytes: number, firstBytes?: number): Promise<Measured>
}

export interface Row {
  group: string
  name: string
  unit: string
  value: number
  /** Measured beside it: the floor, or what the group's name says. */
  floor?: number
  goals?: readonly Goal[]
  /** On the embedded engine the goal is what PostgreSQL gave in the row that is called the same here; groups may name sizes, which differ a little. */
  equalOnEngines?: string | undefined
}

export type Measurement = (bench: Bench) => Promise<Row[]>
