// Operations made from the schema itself, which ask for all that a root field gives: what such an answer does not
// show, no client gets to see.
import {
  buildClientSchema,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument
} from 'graphql'
import type { Client } from './client.ts'

export type OperationKind = 'query' | 'mutation' | 'subscription'

/** What a server must allow for such operations: no client needs to ask for so much. */
export const generousLimits = { MAYDAY_MAX_COST: '10000000', MAYDAY_MAX_TOKENS: '100000', MAYDAY_MAX_DEPTH: '100' }

/** A field of Query, Mutation or Subscription. */
export interface RootField {
  readonly kind: OperationKind
  readonly name: string
  /** An operation with a variable for each argument, of the same name, that selects everything. */
  readonly operation: string
  /** Where its arguments take an id or a cursor: `id`, `input.resourceIds` …, and whether a list of them. */
  readonly idPaths: readonly { path: string; list: boolean }[]
}

/** Every root field of the schema that a server tells of. */
export async function rootFieldsOf(client: Client): Promise<RootField[]> {
  const schema = buildClientSchema((await client.run(getIntrospectionQuery())) as unknown as IntrospectionQuery)
  const roots = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() }
  return Object.entries(roots).flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).map(({ name, args, type: answer }) => {
      const variables = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
      const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
      const selection = selectionOf(schema, getNamedType(answer), deepest)
      return {
        kind: kind as OperationKind,
        name,
        operation: args.length > 0 ? `${kind}(${variables}) { ${name}(${given}) ${selection} }` : `${kind} { ${name} ${selection} }`,
        idPaths: args.flatMap((arg) => idPathsOf(arg, arg.name))
      }
    })
  )
}

/** From an incident to its comments, their author, and what stands on that. */
const deepest = 5

function selectionOf(schema: GraphQLSchema, type: GraphQLNamedType, levels: number): string {
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []
  const selected = fields.flatMap((field) => {
    const inner = getNamedType(field.type)
    if (field.args.some(isRequiredArgument)) return []
    if (isLeafType(inner)) return [field.name]
    return levels > 1 ? [`${field.name} ${selectionOf(schema, inner, levels - 1)}`] : []
  })
  const variants = isAbstractType(type) ? schema.getPossibleTypes(type).map((each) => `... on ${each.name} ${selectionOf(schema, each, levels)}`) : []
  return `{ ${['__typename', ...selected, ...variants].join(' ')} }`
}

function idPathsOf({ type }: Pick<GraphQLArgument, 'type'>, path: string): { path: string; list: boolean }[] {
  const inner = getNamedType(type)
  if (isInputObjectType(inner)) return Object.values(inner.getFields()).flatMap((field) => idPathsOf(field, `${path}.${field.name}`))
  const isPage = inner.name === 'String' && (path === 'after' || path === 'before')
  return inner.name === 'ID' || inner.name === 'Cursor' || isPage ? [{ path, list: String(type).startsWith('[') }] : []
}
