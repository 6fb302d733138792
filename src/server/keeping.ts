// How long an answer may be kept, told from what its document selects: not at all, until its workspace moves, or until
// that part of it moves that the answer shows. Fields say what they show where they are defined (`ownState` in `builder.ts`).
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isLeafType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo
} from 'graphql'
import type { Part } from '../change/heads.ts'

const anything: Part = { incidentId: null, talk: true }

/** The part of the workspace that an answer shows; null for what depends on who asks, on the clock, or on tables that are not in the record. */
export function keepingOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Record<string, unknown>): Part | null {
  const given = getVariableValues(schema, operation.variableDefinitions ?? [], variables).coerced
  const types = new TypeInfo(schema)
  const shown: Part[] = []
  let talk = false
  let keepable = true
  const look = (node: FieldNode) => {
    const field = types.getFieldDef()
    if (!field) return
    const { unshared, keeping, own } = field.extensions
    if (unshared) keepable = false
    if (types.getParentType() === schema.getQueryType()) {
      shown.push(typeof keeping === 'function' && given ? told(() => keeping(getArgumentValues(field, node, given))) : anything)
    } else if (own === 'talk') talk = true
    else if (own !== 'state' && !isLeafType(getNamedType(field.type))) shown.push(anything)
  }
  visit(document, visitWithTypeInfo(types, { Field: look }))
  if (!keepable) return null
  const [incidentId = null, ...others] = new Set(shown.map((part) => part.incidentId))
  return { incidentId: others.length > 0 ? null : incidentId, talk: talk || shown.some((part) => part.talk) }
}

/** Of arguments that will be refused, nothing is told. */
function told(tell: () => Part): Part {
  try {
    return tell()
  } catch {
    return anything
  }
}
