import { changeKind } from '../change/kind.ts'
import type { UnitOfWork } from '../change/record.ts'

type Named = { name: string }

export const resourceEvents = {
  created: changeKind<{ kind: string; externalId: string; parentIds: string[] }, Named>(
    'resource.created',
    ({ data, text }) => `added the ${noun(data.kind)} ${text.name ?? ''}`
  ),
  updated: changeKind<{ kind: string; externalId: string; fields: string[] }, Named>(
    'resource.updated',
    ({ data, text }) => `updated the ${noun(data.kind)} ${text.name ?? ''} (${data.fields.join(', ')})`
  )
} as const

type Several = { source: string; downstreamIds: string[]; count: number }

/** Told together for many: a catalogue has thousands of them. `downstreamIds` has the resources whose dependencies moved, each once. */
export const dependencyEvents = {
  added: changeKind<Several>('dependency.added', ({ data }) => `added ${dependencies(data.count)}`),
  updated: changeKind<Several>('dependency.updated', ({ data }) => `updated what is known of ${dependencies(data.count)}`),
  removed: changeKind<Several>('dependency.removed', ({ data }) => `removed ${dependencies(data.count)}`)
} as const

function dependencies(count: number): string {
  return count === 1 ? 'a dependency' : `${count} dependencies`
}

function noun(kind: string): string {
  return kind.toLowerCase().replace('_', ' ')
}

interface Told {
  readonly kind: string
  readonly externalId: string
  readonly name: string
}

/** Puts into the record what became of a resource; nothing when it is as it was. */
export function recordResource(
  { record }: UnitOfWork,
  { kind, externalId, name }: Told,
  { id: subjectId, isNew, fields }: { id: string; isNew: boolean; fields: readonly string[] },
  parentIds: string[]
): void {
  if (isNew) record(resourceEvents.created, { subjectId, data: { kind, externalId, parentIds }, text: { name } })
  else if (fields.length > 0) record(resourceEvents.updated, { subjectId, data: { kind, externalId, fields: [...fields].sort() }, text: { name } })
}
