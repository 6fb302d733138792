// What events say of the state of a thing, in the words that the orchestrator's own pages have for it.

const words = new Map(
  Object.entries({
    'prefect.deployment.ready': 'Ready',
    'prefect.deployment.not-ready': 'Not ready',
    'prefect.work-queue.ready': 'Ready',
    'prefect.work-queue.not-ready': 'Not ready',
    'prefect.work-queue.paused': 'Paused',
    'prefect.work-pool.ready': 'Ready',
    'prefect.work-pool.not-ready': 'Not ready',
    'prefect.work-pool.paused': 'Paused',
    'prefect.asset.materialization.succeeded': 'Succeeded',
    'prefect.asset.materialization.failed': 'Failed'
  })
)

/** The names of the events that tell a state. */
export const stateEvents: readonly string[] = [...words.keys()]

/** The state that an event of this name tells; undefined when it tells none. */
export function stateOf(eventName: string): string | undefined {
  return words.get(eventName)
}
