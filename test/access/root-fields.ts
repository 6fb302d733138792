// Every field of Query, Mutation and Subscription with the least role that may use it, how it is used, and what its
// ids are ids of. rights.test.ts and isolation.test.ts hold this list to the schema: a new field has to be entered here.
import type { Answer, Client } from '../kit/client.ts'
import { ResolveIncident } from '../kit/documents.ts'
import { EventStream } from '../kit/event-stream.ts'
import type { RootField } from '../kit/full-operation.ts'
import { addResources, clientAs, comment, declare } from '../kit/seed.ts'
import { addMember, connect, type NodeType, type World } from './world.ts'

export type Role = 'VIEWER' | 'RESPONDER' | 'ADMIN'
export const roles: readonly Role[] = ['VIEWER', 'RESPONDER', 'ADMIN']

/** What an argument's id is an id of; `Place` is a cursor in the changes, `Page` one of the field's own list. */
export type IdKind = NodeType | 'Place' | 'Page'

export interface RootFieldEntry {
  readonly role: Role
  /** Variables with which it succeeds, on things made for it; `by` is who asks, or the admin when who asks may not. */
  readonly variables?: (world: World, by: Client) => Promise<Record<string, unknown>> | Record<string, unknown>
  /** Each path of the arguments that takes an id. */
  readonly ids?: Record<string, IdKind | readonly IdKind[]>
}

const pages = { after: 'Page', before: 'Page' } as const
const incidentFilter = { 'filter.declaredByIds': ['Member', 'ApiKey'], 'filter.leadIds': 'Member', 'filter.resourceIds': 'Resource' } as const
const changeFilter = { 'filter.actorIds': ['Member', 'ApiKey'], 'filter.incidentIds': 'Incident' } as const

const dependsOn = { input: { dependencies: [{ downstream: 'prefect.flow-run.1', upstream: 'prefect.deployment.1' }] } }

export const rootFields: Record<string, RootFieldEntry> = {
  'query apiKeys': { role: 'ADMIN', ids: pages },
  'query canRun': { role: 'VIEWER', variables: () => ({ externalId: 'prefect.flow-run.1' }) },
  'query changes': { role: 'VIEWER', ids: { ...pages, ...changeFilter } },
  'query events': { role: 'VIEWER', ids: pages },
  'query connections': { role: 'VIEWER' },
  'query impact': { role: 'VIEWER', variables: ({ ids }) => ({ resourceIds: [ids.Resource] }), ids: { incidentId: 'Incident', resourceIds: 'Resource' } },
  'query incident': { role: 'VIEWER', variables: ({ ids }) => ({ id: ids.Incident }), ids: { id: 'Incident' } },
  'query incidentByNumber': { role: 'VIEWER', variables: () => ({ number: 1 }) },
  'query incidentMetrics': { role: 'VIEWER', ids: incidentFilter },
  'query incidents': { role: 'VIEWER', ids: { ...pages, ...incidentFilter } },
  'query members': { role: 'VIEWER', ids: pages },
  'query node': {
    role: 'VIEWER',
    variables: ({ ids }) => ({ id: ids.Incident }),
    ids: { id: ['ApiKey', 'Comment', 'Incident', 'Member', 'PrefectServer', 'Resource', 'Run', 'Workspace'] }
  },
  'query resource': { role: 'VIEWER', variables: () => ({ externalId: 'prefect.flow-run.1' }) },
  'query resources': { role: 'VIEWER', ids: pages },
  'query run': { role: 'VIEWER', variables: () => ({ externalId: 'prefect.flow-run.1' }) },
  'query runs': { role: 'VIEWER', ids: { ...pages, 'filter.resourceIds': 'Resource' } },
  'query verifyChanges': { role: 'ADMIN' },
  'query viewer': { role: 'VIEWER' },

  'mutation acknowledgeIncident': { role: 'RESPONDER', variables: onNewIncident, ids: { 'input.id': 'Incident' } },
  'mutation addComment': {
    role: 'RESPONDER',
    variables: ({ ids }) => ({ input: { incidentId: ids.Incident, body: 'On it' } }),
    ids: { 'input.incidentId': 'Incident' }
  },
  'mutation addDependencies': { role: 'RESPONDER', variables: () => dependsOn },
  'mutation addMember': { role: 'ADMIN', variables: () => ({ input: { name: 'Grace', subject: unique('subject'), role: 'VIEWER' } }) },
  'mutation cancelIncident': { role: 'RESPONDER', variables: onNewIncident, ids: { 'input.id': 'Incident' } },
  'mutation changeIncidentStatus': {
    role: 'RESPONDER',
    variables: async (world) => ({ input: { ...(await onNewIncident(world)).input, status: 'IDENTIFIED' } }),
    ids: { 'input.id': 'Incident' }
  },
  'mutation closeIncident': { role: 'RESPONDER', variables: onResolvedIncident, ids: { 'input.id': 'Incident' } },
  'mutation connectPrefectServer': { role: 'ADMIN', variables: () => ({ input: { name: 'Prefect', apiUrl: nowhere() } }) },
  'mutation createApiKey': { role: 'ADMIN', variables: () => ({ input: { name: 'Robot', role: 'ADMIN' } }) },
  'mutation createWorkspace': { role: 'ADMIN', variables: () => ({ name: 'Elsewhere' }) },
  'mutation declareIncident': {
    role: 'RESPONDER',
    variables: ({ ids }) => ({ input: { title: 'Late', severity: 'LOW', leadId: ids.Member, resourceIds: [ids.Resource] } }),
    ids: { 'input.leadId': 'Member', 'input.resourceIds': 'Resource' }
  },
  'mutation declareIncidentFromResource': {
    role: 'RESPONDER',
    variables: ({ ids }) => ({ input: { resourceId: ids.Resource, leadId: ids.Member, dedupKey: unique('cause') } }),
    ids: { 'input.leadId': 'Member', 'input.resourceId': 'Resource' }
  },
  'mutation declareIncidentFromRun': {
    role: 'RESPONDER',
    variables: ({ ids }) => ({ input: { runId: ids.Run, leadId: ids.Member, dedupKey: unique('cause') } }),
    ids: { 'input.leadId': 'Member', 'input.runId': 'Run' }
  },
  'mutation disconnectPrefectServer': {
    role: 'ADMIN',
    variables: async ({ admin }) => ({ id: (await connect(admin, 'Prefect', nowhere())).id }),
    ids: { id: 'PrefectServer' }
  },
  'mutation editComment': {
    role: 'RESPONDER',
    variables: async ({ ids }, by) => ({ input: { id: (await comment(by, ids.Incident, 'First')).id, version: 1, body: 'Second' } }),
    ids: { 'input.id': 'Comment' }
  },
  'mutation ingestEvents': {
    role: 'RESPONDER',
    variables: () => ({
      input: { events: [{ occurred: '2026-03-01T00:00:00Z', event: unique('acme.event'), resource: { 'prefect.resource.id': 'prefect.flow-run.1' } }] }
    })
  },
  'mutation linkResources': {
    role: 'RESPONDER',
    variables: async (world) => ({ input: { ...(await onNewIncident(world)).input, resourceIds: [world.ids.Resource] } }),
    ids: { 'input.id': 'Incident', 'input.resourceIds': 'Resource' }
  },
  'mutation mergeIncident': {
    role: 'RESPONDER',
    variables: async (world) => ({ input: { ...(await onNewIncident(world)).input, intoId: world.ids.Incident } }),
    ids: { 'input.id': 'Incident', 'input.intoId': 'Incident' }
  },
  'mutation redactComment': {
    role: 'RESPONDER',
    variables: async ({ ids }, by) => ({ id: (await comment(by, ids.Incident, 'Oops')).id }),
    ids: { id: 'Comment' }
  },
  'mutation removeDependencies': { role: 'RESPONDER', variables: () => dependsOn },
  'mutation removeMember': { role: 'ADMIN', variables: async (world) => ({ id: (await newMember(world)).id }), ids: { id: 'Member' } },
  'mutation reopenIncident': { role: 'RESPONDER', variables: onResolvedIncident, ids: { 'input.id': 'Incident' } },
  'mutation resolveIncident': { role: 'RESPONDER', variables: onNewIncident, ids: { 'input.id': 'Incident' } },
  'mutation revokeApiKey': { role: 'ADMIN', variables: async ({ admin }) => ({ id: (await clientAs(admin, 'VIEWER')).keyId }), ids: { id: 'ApiKey' } },
  'mutation rotateApiKey': {
    role: 'ADMIN',
    variables: async ({ admin }) => ({ input: { id: (await clientAs(admin, 'VIEWER')).keyId } }),
    ids: { 'input.id': 'ApiKey' }
  },
  'mutation unlinkResources': {
    role: 'RESPONDER',
    variables: async ({ admin }) => {
      const [resource] = await addResources(admin, { kind: 'CUSTOM', externalId: unique('custom'), name: 'Printer' })
      const { id, version } = await declare(admin, { resourceIds: [resource?.id ?? ''] })
      return { input: { id, version, resourceIds: [resource?.id] } }
    },
    ids: { 'input.id': 'Incident', 'input.resourceIds': 'Resource' }
  },
  'mutation updateIncident': {
    role: 'RESPONDER',
    variables: async (world) => ({ input: { ...(await onNewIncident(world)).input, title: 'Later still', leadId: world.ids.Member } }),
    ids: { 'input.id': 'Incident', 'input.leadId': 'Member' }
  },
  'mutation updateMember': {
    role: 'ADMIN',
    variables: async (world) => ({ input: { ...(await newMember(world)), name: 'Grace Hopper' } }),
    ids: { 'input.id': 'Member' }
  },
  'mutation updatePrefectServer': {
    role: 'ADMIN',
    variables: async ({ admin }) => {
      const { id, version } = await connect(admin, 'Prefect', nowhere())
      return { input: { connectionId: id, version, name: 'Prefect of the platform' } }
    },
    ids: { 'input.connectionId': 'PrefectServer' }
  },
  'mutation updateWorkspace': { role: 'ADMIN', variables: () => ({ name: unique('Renamed') }) },
  'mutation upsertResources': {
    role: 'RESPONDER',
    variables: () => ({ input: { resources: [{ kind: 'CUSTOM', externalId: unique('custom'), name: 'Scanner' }] } })
  },
  'mutation upsertRuns': {
    role: 'RESPONDER',
    variables: () => ({
      input: { runs: [{ externalId: unique('run'), resource: 'prefect.deployment.1', state: 'RUNNING', stateAt: '2026-03-02T08:00:00Z' }] }
    })
  },

  'subscription changes': { role: 'VIEWER', ids: { after: 'Place', ...changeFilter } },
  'subscription comments': { role: 'VIEWER', variables: ({ ids }) => ({ incidentId: ids.Incident }), ids: { after: 'Place', incidentId: 'Incident' } },
  'subscription impactChanged': {
    role: 'VIEWER',
    variables: ({ ids }) => ({ incidentId: ids.Incident }),
    ids: { after: 'Place', incidentId: 'Incident' }
  },
  'subscription incident': { role: 'VIEWER', variables: ({ ids }) => ({ id: ids.Incident }), ids: { after: 'Place', id: 'Incident' } },
  'subscription incidents': { role: 'VIEWER', ids: { after: 'Place', ...incidentFilter } }
}

/** The whole answer to a field's operation; of a subscription its first result. */
export async function answerTo(client: Client, { kind, operation }: Pick<RootField, 'kind' | 'operation'>, given: Record<string, unknown>) {
  const response = await client.send<Record<string, unknown>, Record<string, unknown>>(operation, given, kind === 'subscription' ? { accept: eventStream } : {})
  if (!response.headers.get('content-type')?.startsWith(eventStream)) return (await response.json()) as Answer<Record<string, unknown>>
  await using stream = new EventStream<Record<string, unknown>>(response)
  return (await stream.next()) ?? {}
}

const eventStream = 'text/event-stream'

async function onNewIncident({ admin }: World): Promise<{ input: { id: string; version: number } }> {
  const { id, version } = await declare(admin)
  return { input: { id, version } }
}

async function onResolvedIncident(world: World): Promise<{ input: { id: string; version: number } }> {
  const { input } = await onNewIncident(world)
  const { resolveIncident } = await world.admin.run(ResolveIncident, { input })
  if (resolveIncident.__typename !== 'IncidentPayload') throw new Error(`Not resolved: ${JSON.stringify(resolveIncident)}`)
  return { input: { id: input.id, version: resolveIncident.incident.version } }
}

function newMember({ admin }: World): Promise<{ id: string; version: number }> {
  return addMember(admin, { name: 'Grace', subject: unique('subject'), role: 'VIEWER' })
}

let made = 0

/** Nothing listens there; what is said about that is no part of any answer that is compared. */
function nowhere(): string {
  return `http://127.0.0.1:9/${++made}/api`
}

function unique(word: string): string {
  return `${word} ${++made}`
}
