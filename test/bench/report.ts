// The figures as a table for people, and as JSON for whoever compares runs.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { type Goal, isMet } from './measure/goal.ts'
import type { Row } from './measure/measurement.ts'
import type { Options } from './options.ts'

export interface Report {
  /** What was measured: an engine, or another server. */
  subject: string
  rows: Row[]
}

const header = ['', 'unit', 'Mayday', 'floor', 'ratio', 'goal', '']

export function printTable({ subject, rows }: Report): void {
  const titles = header.with(2, subject.startsWith('http') ? 'server' : 'Mayday')
  const cells = rows.map(cellsOf)
  const widths = titles.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const leftAligned = [0, 1, 5, 6]
  const line = (row: string[]) =>
    row.map((cell, column) => (leftAligned.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')
  const groups = [...new Set(rows.map(({ group }) => group))]
  const lines = groups.flatMap((group) => ['', group, ...rows.flatMap((row, index) => (row.group === group ? [line(cells[index] as string[])] : []))])
  process.stdout.write(`\n${subject}\n${machineLine()}\n${line(titles)}\n${lines.map((each) => `${each.trimEnd()}\n`).join('')}`)
  const judged = rows.filter(({ goals }) => goals?.length)
  const met = judged.filter((row) => row.goals?.every((goal) => isMet(row, goal)))
  if (judged.length > 0) process.stdout.write(`\n${met.length} of ${judged.length} goals met\n`)
}

function cellsOf(row: Row): string[] {
  const { name, unit, value, floor, goals = [] } = row
  const verdict = goals.length === 0 ? '' : goals.every((goal) => isMet(row, goal)) ? 'met' : 'NOT MET'
  return [
    `  ${name}`,
    unit,
    figure(value),
    floor === undefined ? '' : figure(floor),
    floor === undefined ? '' : figure(value / floor),
    goals.map(goalText).join(', '),
    verdict
  ]
}

function goalText({ of, least, bound }: Goal): string {
  return `${of === 'ratio' ? 'ratio ' : ''}${least ? '≥' : '≤'} ${of === 'ratio' ? bound.toFixed(2) : figure(bound)}`
}

function figure(value: number): string {
  if (Number.isNaN(value)) return '–'
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

function machineLine(): string {
  return `Node ${process.version} on ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}; load ${loadavg()[0]?.toFixed(1)}`
}

const folder = new URL('results/', import.meta.url)

/** Writes the figures with what they were measured on; gives the name of the file. */
export function writeResults(started: Date, options: Options, reports: Report[]): string {
  mkdirSync(folder, { recursive: true })
  const file = new URL(`${started.toISOString().replaceAll(':', '-')}.json`, folder)
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg() }
  // What a peer's header says is nobody else's business.
  const kept = { ...options, peer: options.peer && { ...options.peer, headers: Object.keys(options.peer.headers) } }
  const judged = reports.map((report) => ({
    ...report,
    rows: report.rows.map((row) => ({ ...row, met: row.goals?.length ? row.goals.every((goal) => isMet(row, goal)) : undefined }))
  }))
  writeFileSync(file, `${JSON.stringify({ started, machine, options: kept, reports: judged }, null, 2)}\n`)
  return file.pathname
}
