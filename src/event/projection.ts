// What events tell of runs, of the things that run, and of how they hang together. Pure: events in, facts out.
import { RunState } from '../database/generated/client/client.ts'
import type { GivenDependency, GivenResource } from '../resource/catalogue.ts'
import { isOver } from '../run/state.ts'
import type { GivenRun } from '../run/write.ts'
import { type IncomingEvent, idLabel, type Labels, nameLabel, roleLabel } from './event.ts'
import { parseRfc3339 } from './moment.ts'
import { stateOf } from './state.ts'

export interface Facts {
  readonly runs: GivenRun[]
  /** Things that runs and dependencies name, by their external id, with no more than their kind and name. */
  readonly things: Map<string, GivenResource>
  /** By what is downstream. */
  readonly dependencies: Map<string, GivenDependency[]>
  /** Things whose state or description is told, by their external id: the newest that was ever told of them counts. */
  readonly described: Set<string>
}

/** Any name before it: other orchestrators may send the same shape. */
const runEvent = /(?:^|\.)flow-run\.[^.]+$/
const assetEvent = 'prefect.asset.'
/** An event about one of the things that belong to others. */
const thingEvent = /^prefect\.(deployment|work-queue|work-pool)\.[^.]+$/
const kinds = { flow: 'FLOW', deployment: 'DEPLOYMENT', 'work-queue': 'WORK_QUEUE', 'work-pool': 'WORK_POOL', asset: 'ASSET' } as const
type Role = keyof typeof kinds

/** Where a connection's catalogue tells of the state of things and of what belongs to what (`catalogued`), it knows better. */
export function project(events: readonly IncomingEvent[], { catalogued }: { catalogued: boolean }): Facts {
  const facts: Facts = { runs: [], things: new Map(), dependencies: new Map(), described: new Set() }
  for (const event of events) {
    const { name, resource } = event
    if (resource['prefect.state-type'] !== undefined && runEvent.test(name)) projectRun(facts, event, catalogued)
    else if (name.startsWith(assetEvent)) projectAsset(facts, event)
    else if (!catalogued) projectThing(facts, event)
  }
  return facts
}

/** An event of a state that we do not know, or of nothing that it is a run of, leaves the run as it is. */
function projectRun(facts: Facts, event: IncomingEvent, catalogued: boolean): void {
  const { name, resource, occurredAt, payload } = event
  const type = resource['prefect.state-type'] ?? ''
  const related = relatedTo(event)
  const of = related.deployment ?? related.flow
  if (!of || !Object.hasOwn(RunState, type)) return
  const state = type as RunState
  const stateAt = parseRfc3339(resource['prefect.state-timestamp'] ?? '') ?? occurredAt
  const { message } = (payload.validated_state ?? {}) as { message?: unknown }
  facts.runs.push({
    externalId: resource[idLabel] ?? '',
    name: resource[nameLabel],
    resource: of[idLabel] ?? '',
    state,
    stateName: resource['prefect.state-name'] || name.slice(name.lastIndexOf('.') + 1),
    stateMessage: (typeof message === 'string' && message) || resource['prefect.state-message'] || null,
    stateAt,
    startedAt: state === 'RUNNING' ? stateAt : undefined,
    endedAt: isOver(state) ? stateAt : undefined,
    tags: related.tags
  })
  note(facts, related.deployment ? 'deployment' : 'flow', of)
  if (!catalogued) projectBelonging(facts, related)
}

function projectAsset(facts: Facts, event: IncomingEvent): void {
  const { name, resource } = event
  const { flow, deployment } = relatedTo(event)
  const worker = deployment ?? flow
  note(facts, 'asset', resource)
  facts.described.add(resource[idLabel] ?? '')
  if (worker) note(facts, deployment ? 'deployment' : 'flow', worker)
  if (name === 'prefect.asset.referenced') {
    depend(facts, worker, 'READS', resource)
  } else if (name.startsWith('prefect.asset.materialization.')) {
    depend(facts, resource, 'PRODUCED_BY', worker)
    for (const each of event.related) {
      if (each[roleLabel] !== 'asset') continue
      note(facts, 'asset', each)
      depend(facts, resource, 'DERIVED_FROM', each)
    }
  }
}

function projectThing(facts: Facts, event: IncomingEvent): void {
  const [, role] = thingEvent.exec(event.name) ?? []
  if (!role) return
  if (stateOf(event.name) !== undefined) {
    note(facts, role as Role, event.resource)
    facts.described.add(event.resource[idLabel] ?? '')
  }
  projectBelonging(facts, { ...relatedTo(event), [role]: event.resource })
}

function projectBelonging(facts: Facts, { flow, deployment, 'work-queue': queue, 'work-pool': pool }: Related): void {
  note(facts, 'flow', flow)
  note(facts, 'deployment', deployment)
  note(facts, 'work-queue', queue)
  note(facts, 'work-pool', pool)
  depend(facts, deployment, 'BELONGS_TO', flow)
  depend(facts, deployment, 'BELONGS_TO', queue ?? pool)
  depend(facts, queue, 'BELONGS_TO', pool)
}

interface Related extends Partial<Record<Exclude<Role, 'asset'>, Labels>> {
  readonly tags: string[]
}

function relatedTo({ related }: IncomingEvent): Related {
  const found: Related = { tags: [] }
  for (const each of related) {
    const role = each[roleLabel]
    if (role === 'tag') found.tags.push((each[idLabel] ?? '').replace(/^prefect\.tag\./, ''))
    else if (role === 'flow' || role === 'deployment' || role === 'work-queue' || role === 'work-pool') found[role] ??= each
  }
  return found
}

/** A thing of which an event does not say the name goes by its id, until one does. */
function note({ things }: Facts, role: Role, labels: Labels | undefined): void {
  const externalId = labels?.[idLabel]
  if (!externalId) return
  const known = things.get(externalId)
  if (!known || known.name === externalId) things.set(externalId, { kind: kinds[role], externalId, name: labels[nameLabel] || externalId })
}

function depend({ dependencies }: Facts, downstream: Labels | undefined, kind: GivenDependency['kind'], upstream: Labels | undefined): void {
  const [from, to] = [downstream?.[idLabel], upstream?.[idLabel]]
  if (!from || !to || from === to) return
  const known = dependencies.get(from)
  const dependency: GivenDependency = { downstream: from, upstream: to, kind, confidence: 'LIKELY' }
  if (!known) dependencies.set(from, [dependency])
  else if (!known.some((each) => each.upstream === to && each.kind === kind)) known.push(dependency)
}
