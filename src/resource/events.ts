import { changeKind } from '../change/kind.ts'

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

function noun(kind: string): string {
  return kind.toLowerCase().replace('_', ' ')
}
