// What a plot is made of: how an incident begins, and what people and tools do until it ends.
import type { DemoResource } from '../catalogue.ts'
import type { Actor, Person } from '../stage.ts'

export type Severity = 'CRITICAL' | 'HIGH' | 'MODERATE' | 'LOW' | 'MINOR'

/** A recorded resource, such as `['FLOW_RUN', 'noble-lemming']`. */
export type Named = [kind: DemoResource['kind'], name: string]

export type Deed =
  | { does: 'acknowledge' | 'close' | 'cancel' | 'reopen'; note?: string }
  | { does: 'say' | 'correct'; text: string }
  | { does: 'change'; severity?: Severity; title?: string; summary?: string; tags?: string[]; lead?: Person }
  | { does: 'link' | 'unlink'; resources: Named[] }
  | { does: 'go'; status: 'INVESTIGATING' | 'IDENTIFIED' | 'MONITORING'; note?: string }
  | { does: 'resolve'; resolution: string; rootCause: string }
  /** The orchestrator has a new state for a resource. */
  | { does: 'report'; resource: Named; state: string; message?: string }
  /** It fails once more: a second declaration for the same cause, which attaches to the first. */
  | { does: 'declare again'; run: Named }
  /** Somebody who has not looked declares it once more in other words; then it is merged. */
  | { does: 'duplicate'; title: string; severity: Severity; tags: string[] }
  | { does: 'merge'; note: string }

/** One step: who, what, and how many minutes after the step before (where it is told as the past). */
export type Step = { by: Actor; after: number } & Deed

export interface Plot {
  readonly name: string
  readonly opening: { by: Actor; tags: string[]; severity?: Severity } & ({ resource: Named } | { title: string; summary: string; severity: Severity })
  readonly steps: readonly Step[]
}
