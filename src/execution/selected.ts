// Which fields a document selects, so that no more needs to be read for an answer.
import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql'

/** Names of fields by the type that they are selected on, which may be an interface. */
export type SelectedFields = ReadonlyMap<string, ReadonlySet<string>>

/** All fields of a valid document, also those of other operations in it and those that @skip leaves out. */
export function selectedFields(schema: GraphQLSchema, document: DocumentNode): SelectedFields {
  const selected = new Map<string, Set<string>>()
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      Field({ name }) {
        const parent = types.getParentType()
        if (!parent || name.value === '__typename') return
        const names = selected.get(parent.name) ?? new Set()
        selected.set(parent.name, names.add(name.value))
      }
    })
  )
  return selected
}
