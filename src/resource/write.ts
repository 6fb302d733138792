// Writes what is told of resources: many by two statements, and only what is other than before.
import { isDeepStrictEqual } from 'node:util'
import { v7 as uuid } from 'uuid'
import type { UnitOfWork } from '../change/record.ts'
import { columns } from '../database/columns.ts'
import type { Sql } from '../database/engine.ts'
import { Prisma, type Resource } from '../database/generated/client/client.ts'

/** What can be told of a resource. Undefined is what is not told, and stays. */
export interface ToldResource extends Partial<Omit<Resource, 'id' | 'workspaceId' | 'labels' | 'createdAt' | 'updatedAt'>> {
  readonly kind: Resource['kind']
  readonly externalId: string
  readonly name: string
  readonly labels?: Record<string, string>
}

/** What became of a resource. */
export interface Written {
  readonly id: string
  readonly isNew: boolean
  /** What is other than before, of one that was known. */
  readonly fields: string[]
}

const told = ['kind', 'name', 'labels', 'state', 'stateMessage', 'url', 'tags', 'owners', 'connectionId', 'goneAt'] as const

/** The fields that are told otherwise than they are known. */
export function differences(given: ToldResource, known: Resource): string[] {
  return told.filter((field) => given[field] !== undefined && !isDeepStrictEqual(given[field], known[field]))
}

/** A SELECT of the resources that the workspace has of these external ids. */
export function selectKnown(workspaceId: string, externalIds: readonly string[]): Sql {
  return Prisma.sql`
    SELECT ${columns(Prisma.ResourceScalarFieldEnum, 'r')} FROM resource r
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.external_id = ANY(${[...externalIds]}::text[])`
}

/** Adds resources, and updates those that are known; says what became of each, by its external id. Each may be given once. */
export async function writeResources({ tx, now }: UnitOfWork, workspaceId: string, resources: readonly ToldResource[]): Promise<Map<string, Written>> {
  const rows = await tx.$queryRaw<Resource[]>(
    selectKnown(
      workspaceId,
      resources.map(({ externalId }) => externalId)
    )
  )
  const known = new Map(rows.map((row) => [row.externalId, row]))
  const written = new Map(
    resources.map((resource): [string, Written] => {
      const before = known.get(resource.externalId)
      return [resource.externalId, before ? { id: before.id, isNew: false, fields: differences(resource, before) } : { id: uuid(), isNew: true, fields: [] }]
    })
  )
  const moved = resources.flatMap((resource) => {
    const { id, isNew, fields } = written.get(resource.externalId) as Written
    return isNew || fields.length > 0 ? [{ ...(known.get(resource.externalId) ?? empty(now)), ...withoutUndefined(resource), id, updatedAt: now }] : []
  })
  if (moved.length > 0) await tx.$executeRaw(upsert(workspaceId, moved))
  return written
}

function empty(now: Date) {
  return { labels: {}, tags: [], owners: [], createdAt: now }
}

function withoutUndefined<Given extends object>(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given
}

function upsert(workspaceId: string, rows: readonly object[]): Sql {
  return Prisma.sql`
    INSERT INTO resource (id, workspace_id, kind, external_id, name, labels, state, state_message, url, tags, owners, connection_id, gone_at, created_at, updated_at)
    SELECT id, ${workspaceId}::uuid, kind, "externalId", name, labels, state, "stateMessage", url, tags, owners, "connectionId", "goneAt", "createdAt", "updatedAt"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, kind resource_kind, "externalId" text, name text, labels jsonb, state text, "stateMessage" text,
      url text, tags text[], owners text[], "connectionId" uuid, "goneAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, labels = excluded.labels, state = excluded.state,
      state_message = excluded.state_message, url = excluded.url, tags = excluded.tags, owners = excluded.owners, connection_id = excluded.connection_id,
      gone_at = excluded.gone_at, updated_at = excluded.updated_at`
}
