// Running incidents as a responder does, and looking at all that came of it.
import type { AllChangesQuery, ChangeFilter } from '../generated/graphql.ts'
import { graphql } from '../generated/index.ts'
import type { Client } from './client.ts'
import { AllChanges } from './documents.ts'

export const IncidentInFull = graphql(`
  query IncidentInFull($id: ID!) {
    incident(id: $id) {
      id number reference version title summary severity severityLabel status active availableTransitions tags
      lead { id name } declaredBy { name } dedupKey resolution rootCause
      startedAt declaredAt updatedAt acknowledgedAt mitigatedAt resolvedAt closedAt timeToAcknowledge timeToMitigate timeToResolve
      mergedInto { id reference } mergedIncidents { reference }
      resources(first: 100) { totalCount nodes { name externalId } }
      comments(first: 100) { totalCount nodes { id body version createdAt editedAt redactedAt redactedBy { name } revisions { version body writtenAt } author { name } originalIncident { reference } } }
      timeline(first: 100) { totalCount nodes { sequence kind message data text redacted at actor { name } comment { body } } }
    }
  }
`)

/** The incident with all that hangs on it. */
export async function readIncident(client: Client, id: string) {
  const { incident } = await client.run(IncidentInFull, { id })
  if (!incident) throw new Error(`There is no incident ${id}`)
  return incident
}

/** The record of the workspace, or the part of it that a filter means, as far as the client sees it. */
export async function readRecord(client: Client, filter?: ChangeFilter): Promise<AllChangesQuery['changes']['nodes']> {
  const changes: AllChangesQuery['changes']['nodes'] = []
  let after: string | null | undefined
  for (;;) {
    const page: AllChangesQuery['changes'] = (await client.run(AllChanges, { after, filter })).changes
    changes.push(...page.nodes)
    if (!page.pageInfo.hasNextPage) return changes
    after = page.pageInfo.endCursor
  }
}

const inputTypes = {
  acknowledgeIncident: 'MoveIncidentInput',
  changeIncidentStatus: 'ChangeIncidentStatusInput',
  resolveIncident: 'ResolveIncidentInput',
  closeIncident: 'MoveIncidentInput',
  reopenIncident: 'MoveIncidentInput',
  cancelIncident: 'MoveIncidentInput',
  mergeIncident: 'MergeIncidentInput',
  linkResources: 'LinkResourcesInput',
  unlinkResources: 'LinkResourcesInput'
} as const

/** A mutation that takes an incident from one version to the next. */
export type Step = keyof typeof inputTypes

export interface StepResult {
  __typename: 'IncidentPayload' | 'TransitionError' | 'VersionConflictError' | 'NotFoundError'
  cursor?: string
  incident?: { id: string; version: number; status: string }
  message?: string
  from?: string
  to?: string
  availableTransitions?: string[]
  currentVersion?: number
  current?: { version: number; status: string } | null
}

/** The text of a step's mutation; its result is called `step`. */
export function stepDocument(step: Step): string {
  const transition = step === 'linkResources' || step === 'unlinkResources' ? '' : '... on TransitionError { from to availableTransitions }'
  return `mutation ($input: ${inputTypes[step]}!) { step: ${step}(input: $input) {
    __typename ... on IncidentPayload { cursor incident { id version status } } ... on Error { message } ${transition}
    ... on VersionConflictError { currentVersion current { ... on Incident { version status } } } } }`
}

/** Sends a step whatever comes of it. */
export async function tryStep(client: Client, step: Step, input: Record<string, unknown>): Promise<StepResult> {
  return (await client.run<{ step: StepResult }>(stepDocument(step), { input })).step
}

/** Takes steps that must succeed, one after the other, each on the version before it. */
export async function take(client: Client, incident: { id: string; version: number }, ...steps: (Step | [Step, Record<string, unknown>])[]) {
  let { version } = incident
  for (const each of steps) {
    const [step, more] = typeof each === 'string' ? [each, {}] : each
    const result = await tryStep(client, step, { id: incident.id, version, ...more })
    if (!result.incident) throw new Error(`${step} was refused: ${JSON.stringify(result)}`)
    version = result.incident.version
  }
  return { id: incident.id, version }
}
