// What a measurement is given, and what it gives: rows for the table. A new measurement is a function of this type,
// named in ../main.ts.
import type { Measured } from '../child.ts'
import type { Operations } from '../operations.ts'
import type { Options } from '../options.ts'

export interface Bench {
  readonly options: Options
  readonly operations: Operations
  /** Mayday, running on the filled database. */
  readonly mayday: Measured
  readonly key: string
  /** The floor of requests, running on a copy of the same database. */
  readonly requestFloor: Measured
  readonly startBroadcastFloor: (frameBytes: number) => Promise<Measured>
}

export interface Row {
  group: string
  name: string
  unit: string
  value: number
  floor: number
}

export type Measurement = (bench: Bench) => Promise<Row[]>
