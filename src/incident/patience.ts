// What a declaration would like to know, and does not wait for.
import type { Core } from '../core.ts'
import { patience } from '../pause.ts'

/** A disruption must be declared also where nobody can say in time what it harms, or what explains it. */
const patienceMs = 2_000

/** What is found out within two seconds; null when it is not, or cannot be. */
export async function inTime<Found>({ log }: Core, finding: Promise<Found>): Promise<Found | null> {
  const found = finding.catch((error: unknown) => {
    log.warn({ err: error }, 'A declaration goes on without all that could be known of it')
    return null
  })
  return (await patience(found, patienceMs)) ?? null
}
