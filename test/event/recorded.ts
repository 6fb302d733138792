// The events that a real Prefect server sent: see test/prefect/recording.
import { readFileSync } from 'node:fs'

export interface RecordedEvent {
  id: string
  event: string
  occurred: string
  resource: Record<string, string>
  related: Record<string, string>[]
  payload: Record<string, unknown>
}

export const recordedEvents: readonly RecordedEvent[] = readFileSync(new URL('../prefect/recording/events.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

export function recorded(name: string): RecordedEvent[] {
  return recordedEvents.filter(({ event }) => event === name)
}
