// The hot operations, as a client sends them: a document, and the variables of request after request.
import type { Client } from '../kit/client.ts'
import { knownCause } from './fill/fill.ts'
import { markPlace } from './load/mark.ts'

export interface Operation {
  /** How it is called in tables, and the path under which a floor answers it. */
  readonly name: string
  readonly path: string
  readonly document: string
  /** What a request asks with; the loader goes round. */
  readonly variables: readonly Record<string, unknown>[]
  /** A part of the start of every answer that succeeded. */
  readonly proof: string
}

export interface Subscription {
  readonly query: string
  readonly variables?: Record<string, unknown>
}

/** What a wall shows of an incident; the same in the list and in the subscription. */
const wallFields = `
  id reference title severity status startedAt tags
  lead { id name }
  comments(last: 3) { nodes { body createdAt author { name } } }
  resources(first: 5) { nodes { kind name state } }`

const wall = `query Wall {
  incidents(first: 100, filter: { active: true }, orderBy: { field: SEVERITY, direction: ASC }) { nodes { ${wallFields} } }
}`

export const followWall: Subscription = {
  query: `subscription FollowWall { incidents(filter: { active: true }) { cursor reset leftIds incidents { ${wallFields} } } }`
}

const followFiltered = `subscription FollowFiltered($filter: IncidentFilter) {
  incidents(filter: $filter) { cursor reset leftIds incidents { ${wallFields} } }
}`

/** Walls that all show the same incidents, but no two alike: half of them differ in their variables, half in their documents. */
export function distinctWalls(count: number): Subscription[] {
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0
      ? { query: followFiltered, variables: { filter: { active: true, declaredAt: { from: new Date(index * 86_400_000) } } } }
      : { query: followWall.query.replace('reference', `reference${index}: reference`) }
  )
}

export const followChanges = `subscription FollowChanges($after: Cursor) {
  changes(after: $after) { cursor reset changes { sequence kind at message actor { name } } }
}`

const incident = `query Incident($id: ID!) {
  incident(id: $id) {
    id reference version title summary severity status tags startedAt declaredAt acknowledgedAt mitigatedAt
    lead { id name } declaredBy { name }
    comments(last: 20) { nodes { id version body createdAt editedAt author { name } } }
    resources(first: 20) { nodes { id kind externalId name state } }
    timeline(last: 20) { nodes { sequence kind at message actor { name } } }
  }
}`

const list = `query List($tags: [String!]) {
  incidents(first: 25, filter: { status: [RESOLVED, CLOSED], severity: [CRITICAL, HIGH], tags: { any: $tags } }) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id reference title severity status tags declaredAt resolvedAt lead { name } }
  }
}`

const addComment = `mutation AddComment($input: AddCommentInput!) {
  addComment(input: $input) { __typename ... on CommentPayload { cursor comment { id body createdAt author { name } } } }
}`

const declare = `mutation Declare($input: DeclareIncidentInput!) {
  declareIncident(input: $input) { __typename ... on DeclareIncidentPayload { outcome cursor } }
}`

const body = `Restarted 12 workers of k8s-prod (${markPlace}). The queue drains, slowly; I look again in ten minutes.`

/** The operations with variables that mean rows of the workspace at hand. */
export async function prepareOperations(client: Client) {
  const idsOf = async (filter: string) => {
    const { incidents } = await client.run<{ incidents: { nodes: { id: string }[] } }>(`{ incidents(first: 100, filter: ${filter}) { nodes { id } } }`)
    return incidents.nodes.map(({ id }) => id)
  }
  const active = await idsOf('{ active: true }')
  const comments = (ids: string[]) => ({
    document: addComment,
    variables: ids.map((incidentId) => ({ input: { incidentId, body } })),
    proof: '"__typename":"CommentPayload"'
  })
  const tags = ['data-platform', 'finance', 'vendor', 'network', 'late-data'].map((tag) => ({ tags: [tag] }))
  return {
    wall: { name: 'wall list', path: '/wall', document: wall, variables: [{}], proof: '{"data":{"incidents":{"nodes":[{' },
    incident: { name: 'one incident', path: '/incident', document: incident, variables: active.map((id) => ({ id })), proof: '{"data":{"incident":{"id":' },
    list: {
      name: 'filtered list',
      path: '/list',
      document: list,
      variables: tags,
      proof: '{"data":{"incidents":{"totalCount":'
    },
    // Beside the other it shows what the total costs.
    uncounted: {
      name: 'filtered list, not counted',
      path: '/uncounted',
      document: list.replace('totalCount', ''),
      variables: tags,
      proof: '{"data":{"incidents":{"pageInfo":'
    },
    // Of an incident that is open already, as a monitor does again and again: unlike talk, it makes every list old.
    declareAgain: {
      name: 'declare again',
      path: '/again',
      document: declare,
      variables: [{ input: { title: 'k8s-prod starts no workers', severity: 'HIGH', dedupKey: knownCause, dedupPolicy: 'ATTACH' } }],
      proof: '"outcome":"ATTACHED"'
    },
    // Where nobody looks, so that the answers of the others stay as they are.
    comment: { name: 'add comment', path: '/comment', ...comments(await idsOf('{ active: false }')) },
    commentOnWall: { name: 'comment on the wall', path: '/push', ...comments(active) }
  } satisfies Record<string, Operation>
}

export type Operations = Awaited<ReturnType<typeof prepareOperations>>

/** The body of a request. */
export function requestBody({ document }: Operation, variables: Record<string, unknown>): string {
  return JSON.stringify({ query: document, variables })
}
