// Events coming in: batches of them, with the runs that they tell of, in an empty table and beside a million.
import { type Measured, startMeasured } from '../child.ts'
import type { EngineName } from '../engines.ts'
import { growEvents, type IntakeDatabase, makeIntakeDatabase } from '../intake/database.ts'
import { eventsInBatch } from '../intake/events.ts'
import { type Goal, ratioAtLeast } from './goal.ts'
import type { Measurement, Row } from './measurement.ts'

const script = new URL('../intake/process.ts', import.meta.url)
const warmUpBatches = 12
const rounds = 3
/** With a million events stored it may take 1.3 times as long. */
const kept = 1 / 1.3

interface Figures {
  perSecond: number
  perCpuSecond: number
}

export const measureIntake: Measurement = async ({ filled, options }) => {
  await using ours = await makeIntakeDatabase(filled)
  await using theirs = await makeIntakeDatabase(filled)
  const { batches, stored } = options.intake
  const floor = await measured('floor', theirs, batches)
  const empty = await measured('mayday', ours, batches)
  const group = `events, ${eventsInBatch} in a batch, one batch at a time`
  const rows = rowsOf(group, filled.engine, empty, floor, [ratioAtLeast(0.5)])
  // Filling takes longer than all the rest there.
  if (!('DATABASE_URL' in ours.place)) return rows
  const count = await growEvents(ours.place.DATABASE_URL, stored, filled.server?.ours ?? false)
  const full = await measured('mayday', ours, batches)
  return [...rows, ...rowsOf(`${group}, ${count.toLocaleString('en')} stored (beside: none)`, filled.engine, full, empty, [ratioAtLeast(kept)])]
}

function rowsOf(group: string, engine: EngineName, figures: Figures, floor: Figures, least: Goal[]): Row[] {
  const goals = engine === 'postgresql' ? least : []
  return [
    { group, name: 'events', unit: '/s', value: figures.perSecond, floor: floor.perSecond, goals },
    { group, name: 'events', unit: '/CPU-s', value: figures.perCpuSecond, floor: floor.perCpuSecond, goals }
  ]
}

/** The middle one of some rounds in a fresh process. */
async function measured(who: 'mayday' | 'floor', { place, workspaceId, resourceId }: IntakeDatabase, batches: number): Promise<Figures> {
  await using child = await startMeasured(script, { WHO: who, WORKSPACE_ID: workspaceId, RESOURCE_ID: resourceId, ...place })
  await round(child, warmUpBatches)
  const figures: Figures[] = []
  while (figures.length < rounds) figures.push(await round(child, batches))
  return figures.sort((a, b) => a.perSecond - b.perSecond)[Math.floor(rounds / 2)] as Figures
}

async function round(child: Measured, batches: number): Promise<Figures> {
  await tell(child, `/prepare?batches=${batches}`)
  const before = await child.settled()
  const ms = await tell(child, '/run')
  const after = await child.usage()
  const events = batches * eventsInBatch
  return { perSecond: (events / ms) * 1000, perCpuSecond: events / (after.cpu - before.cpu) }
}

async function tell({ url }: Measured, path: string): Promise<number> {
  const response = await fetch(`${url}${path}`)
  if (!response.ok) throw new Error(`The process answered ${response.status} to ${path}`)
  return Number(await response.text())
}
