// How long an answer may be kept, told from what its document selects: not at all, until its workspace moves, or until
// the one incident moves that it is about. Fields say what they depend on where they are defined (`builder.ts`).
import { type DocumentNode, type FieldNode, type GraphQLSchema, getArgumentValues, getNamedType, isLeafType, TypeInfo, visit, visitWithTypeInfo } from 'graphql'

export interface Keeping {
  /** The incident that the answer is about, when no change of another one can make it old. */
  readonly incidentId: string | null
}

/** Null for what depends on who asks, on the clock, or on tables that are not in the record. */
export function keepingOf(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): Keeping | null {
  const types = new TypeInfo(schema)
  const incidentIds = new Set<string | null>()
  let keepable = true
  const look = (node: FieldNode) => {
    const field = types.getFieldDef()
    if (!field) return
    const { unshared, ofIncident } = field.extensions
    if (unshared) keepable = false
    if (types.getParentType() === schema.getQueryType()) {
      incidentIds.add(typeof ofIncident === 'function' ? incidentOf(() => ofIncident(getArgumentValues(field, node, variables))) : null)
    } else if (!ofIncident && !isLeafType(getNamedType(field.type))) incidentIds.add(null)
  }
  visit(document, visitWithTypeInfo(types, { Field: look }))
  if (!keepable) return null
  const [incidentId = null, ...others] = incidentIds
  return { incidentId: others.length > 0 ? null : incidentId }
}

/** Null when it cannot be told before it is executed, or will be refused then. */
function incidentOf(tell: () => string): string | null {
  try {
    return tell()
  } catch {
    return null
  }
}
