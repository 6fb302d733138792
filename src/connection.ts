import type { ObjectRef } from '@pothos/core'
import { builder } from './builder.ts'

/** The connection type of a list, one for all fields that give such lists. */
export function connectionOf<Shape, Parent>(name: string, type: ObjectRef<typeof builder.$inferSchemaTypes, Shape, Parent>) {
  return builder.connectionObject(
    { type, name: `${name}Connection`, description: `A page of a list of ${name} objects.` },
    { name: `${name}Edge`, description: `A ${name} and where it lies in its list.` }
  )
}
