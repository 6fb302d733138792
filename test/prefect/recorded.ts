// What a real Prefect server said: see recording/README.md.
import { readFileSync } from 'node:fs'

export interface Row {
  id: string
  name: string
  // biome-ignore lint/suspicious/noExplicitAny: rows are as Prefect has them.
  [key: string]: any
}

export interface RecordedEvent {
  id: string
  occurred: string
  event: string
  resource: Record<string, string>
  related: Record<string, string>[]
  payload: Record<string, unknown>
}

export const listNames = ['flows', 'deployments', 'work_pools', 'work_queues', 'block_documents', 'automations', 'flow_runs', 'task_runs'] as const
export type ListName = (typeof listNames)[number]

const text = (name: string) => readFileSync(new URL(`recording/${name}`, import.meta.url), 'utf8')

/** The lists of the server at the end, a fresh copy each time. */
export function recordedLists(): Record<ListName, Row[]> {
  return JSON.parse(text('catalogue.json'))
}

/** All of its events, oldest first. */
export function recordedEvents(): RecordedEvent[] {
  return text('events.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** A moment soon after the last event. */
export const recordedAt = new Date('2026-11-23T12:38:10Z')
