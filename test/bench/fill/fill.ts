// Fills a workspace: incidents of one year with all that hangs on them, and the record of it, chained as the server
// would have chained it. Made in memory, written by set-based SQL.
import { accessEvents } from '../../../src/access/events.ts'
import { hashChange, hex, sealText } from '../../../src/change/chain.ts'
import type { Database } from '../../../src/database/engine.ts'
import { Prisma } from '../../../src/database/generated/client/client.ts'
import { live, type Plan } from './incident.ts'
import { Chance, portions } from './random.ts'
import { makeResources } from './resources.ts'
import { type Happening, idAt, insert, iso, type Workspace } from './rows.ts'
import { people } from './texts.ts'

export interface Sizes {
  incidents: number
  active: number
  comments: number
  changes: number
  resources: number
}

const year = 365 * 24 * 3_600_000
const longestLife = 30 * 3_600_000

export async function fill(database: Database, workspace: Workspace, sizes: Sizes, now = Date.now()): Promise<void> {
  const chance = new Chance(42)
  const start = now - year
  const members = people.map((name, index) => ({ ...memberOf(workspace, name, start + index), id: idAt(start + index, chance) }))
  const catalogue = makeResources(workspace, sizes.resources, start, start + year / 20, chance)
  const joined = members.map(({ id, name }, index) => ({
    kind: accessEvents.memberAdded.name,
    at: start + index,
    actorId: workspace.keyId,
    incidentId: null,
    subjectId: id,
    data: { role: 'RESPONDER', joined: false },
    text: { name }
  }))
  const [head] = await database.query<{ sequence: number; hash: Uint8Array }>(
    Prisma.sql`SELECT sequence, head_hash AS hash FROM workspace WHERE id = ${workspace.id}::uuid`
  )
  if (!head) throw new Error('There is no workspace to fill')
  const plans = planIncidents(sizes, sizes.changes - head.sequence - joined.length - sizes.resources, start, now, chance)
  const memberIds = members.map(({ id }) => id)
  const lives = plans.map((plan) => live(workspace, plan, memberIds, catalogue.resources, chance))

  const happenings = [...joined, ...catalogue.happenings, ...lives.flatMap((each) => each.happenings)].sort((a, b) => a.at - b.at)
  const { rows, hash } = chain(workspace, happenings, head)
  await insert(database, 'actor', members)
  await insert(database, 'resource', catalogue.resources)
  await insert(database, 'dependency', catalogue.dependencies)
  await insert(
    database,
    'incident',
    lives.map(({ incident }) => incident)
  )
  await insert(
    database,
    'incident_resource',
    lives.flatMap(({ links }) => links)
  )
  await insert(
    database,
    'comment',
    lives.flatMap(({ comments }) => comments)
  )
  await insert(database, 'change', rows)
  await database.query(Prisma.sql`
    UPDATE workspace SET sequence = ${head.sequence + rows.length}, head_hash = ${hash}::bytea, incident_count = ${sizes.incidents} WHERE id = ${workspace.id}::uuid`)
  // The embedded engine has no autovacuum; without statistics both would plan as for empty tables.
  await database.query(Prisma.sql`VACUUM ANALYZE`)
}

/** What the newest incident, which is active, was declared for. */
export const knownCause = 'k8s-prod is down'

/** Who lives when and how: the newest are active, most of the others are closed, and few have very many comments. */
function planIncidents(sizes: Sizes, changes: number, start: number, now: number, chance: Chance): Plan[] {
  const { incidents, active } = sizes
  const isActive = (index: number) => index >= incidents - active
  const moves = Array.from({ length: incidents }, (_, index) => (isActive(index) ? index % 4 : chance.next() < 0.04 ? 4 : 5))
  const average = sizes.comments / incidents
  const comments = portions(
    sizes.comments,
    moves.map((_, index) => (isActive(index) ? average * 2 : average * (-Math.log(1 - chance.next())) ** 1.5))
  )
  const left = changes - sizes.comments - moves.reduce((all, each) => all + each + 1, 0)
  if (left < 0) throw new Error(`${sizes.changes} changes are too few for so many incidents and comments`)
  const edits = portions(left, Array(incidents).fill(1))
  return moves.map((count, index) => {
    const declaredAt = Math.round(start + year / 20 + ((now - start - year / 20) * index) / incidents)
    const until = isActive(index) ? now : Math.min(now, declaredAt + chance.between(600_000, longestLife))
    return {
      number: index + 1,
      declaredAt,
      until,
      moves: count,
      comments: comments[index] ?? 0,
      edits: edits[index] ?? 0,
      dedupKey: index === incidents - 1 ? knownCause : null
    }
  })
}

function memberOf(workspace: Workspace, name: string, at: number) {
  const subject = name.toLowerCase().replaceAll(' ', '.')
  return { workspace_id: workspace.id, kind: 'MEMBER', name, role: 'RESPONDER', version: 1, created_at: iso(at), subject, email: `${subject}@example.com` }
}

function chain(workspace: Workspace, happenings: readonly Happening[], head: { sequence: number; hash: Uint8Array }) {
  let { sequence, hash } = head
  const bytes = (value: Uint8Array | null) => (value ? `\\x${hex(value)}` : null)
  const rows = happenings.map(({ kind, at, actorId, incidentId, subjectId, data, text }) => {
    const { salt, textDigest } = text ? sealText(text) : { salt: null, textDigest: null }
    const previousHash = hash
    sequence++
    hash = hashChange({ workspaceId: workspace.id, sequence, kind, at: new Date(at), actorId, incidentId, subjectId, data, textDigest }, previousHash)
    return {
      workspace_id: workspace.id,
      sequence,
      kind,
      at: iso(at),
      actor_id: actorId,
      incident_id: incidentId,
      subject_id: subjectId,
      data,
      text,
      salt: bytes(salt),
      text_digest: bytes(textDigest),
      previous_hash: bytes(previousHash),
      hash: bytes(hash)
    }
  })
  return { rows, hash }
}
