// Events as a busy Prefect sends them: runs of some hundred deployments, each of which is scheduled, sent, begins and ends.
import { v7 as uuid } from 'uuid'

export interface BenchEvent {
  id: string
  occurred: string
  event: string
  resource: Record<string, string>
  related: Record<string, string>[]
  payload: Record<string, unknown>
}

export const eventsInBatch = 500
const deployments = 200
const states = ['Scheduled', 'Pending', 'Running', 'Completed'] as const

/** A batch of one event each of so many runs, which the next three batches go on with. */
export function makeBatch(number: number): BenchEvent[] {
  const step = number % states.length
  const state = states[step] ?? 'Scheduled'
  const before = states[step - 1]
  return Array.from({ length: eventsInBatch }, (_, index) => {
    const run = Math.floor(number / states.length) * eventsInBatch + index
    const at = new Date(Date.now() + number).toISOString()
    const deployment = run % deployments
    const related = (kind: string, id: number, name: string) => ({
      'prefect.resource.id': `prefect.${kind}.${idOf(kind, id)}`,
      'prefect.resource.role': kind,
      'prefect.resource.name': name
    })
    const message = state === 'Completed' ? 'All states completed.' : ''
    return {
      id: uuid(),
      occurred: at,
      event: `prefect.flow-run.${state}`,
      resource: {
        'prefect.resource.id': `prefect.flow-run.${idOf('run', run)}`,
        'prefect.resource.name': `didactic-bumblebee-${run}`,
        'prefect.run-count': String(Math.max(0, step - 1)),
        'prefect.state-message': message,
        'prefect.state-name': state,
        'prefect.state-timestamp': at,
        'prefect.state-type': state.toUpperCase()
      },
      related: [
        related('flow', deployment >> 1, `flow-${deployment >> 1}`),
        related('deployment', deployment, `deployment-${deployment}`),
        related('work-queue', deployment % 8, `queue-${deployment % 8}`),
        related('work-pool', deployment % 4, `pool-${deployment % 4}`),
        ...['dbt', 'team:analytics-eng', `tier:${deployment % 3}`].map((tag) => ({
          'prefect.resource.id': `prefect.tag.${tag}`,
          'prefect.resource.role': 'tag'
        }))
      ],
      payload: {
        intended: { from: before?.toUpperCase() ?? null, to: state.toUpperCase() },
        initial_state: before ? { type: before.toUpperCase(), name: before } : null,
        validated_state: { type: state.toUpperCase(), name: state, message }
      }
    }
  })
}

function idOf(kind: string, number: number): string {
  return `${kind.length.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}
