// The figures as a table for people, and as JSON for whoever compares runs.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import type { Row } from './measure/measurement.ts'
import type { Options } from './options.ts'

export interface EngineReport {
  engine: string
  version: string
  fillSeconds: number
  rows: Row[]
}

const header = ['', 'unit', 'Mayday', 'floor', 'Mayday / floor']

export function printTable({ engine, version, fillSeconds, rows }: EngineReport): void {
  const cells = rows.map(({ name, unit, value, floor }) => [`  ${name}`, unit, figure(value), figure(floor), (value / floor).toFixed(2)])
  const groups = [...new Set(rows.map(({ group }) => group))]
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) => row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')
  const lines = groups.flatMap((group) => ['', group, ...rows.flatMap((row, index) => (row.group === group ? [line(cells[index] as string[])] : []))])
  process.stdout.write(`\n${engine} (PostgreSQL ${version}), filled in ${fillSeconds.toFixed(0)} s\n${line(header)}${lines.join('\n')}\n`)
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2)
}

const folder = new URL('results/', import.meta.url)

/** Writes the figures with what they were measured on; gives the name of the file. */
export function writeResults(started: Date, options: Options, engines: EngineReport[]): string {
  mkdirSync(folder, { recursive: true })
  const file = new URL(`${started.toISOString().replaceAll(':', '-')}.json`, folder)
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg() }
  writeFileSync(file, `${JSON.stringify({ started, machine, options, engines }, null, 2)}\n`)
  return file.pathname
}
