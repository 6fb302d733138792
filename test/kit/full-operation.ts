// Operations made from the schema itself, which ask for all that a root field gives: what such an answer does not
// show, no client gets to see.
import {
  buildClientSchema,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLObjectType,
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
export const generousLimits = { MAYDAY_MAX_COST: '1000000000', MAYDAY_MAX_TOKENS: '100000', MAYDAY_MAX_DEPTH: '100' }

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

/** `above` are the types that this one lies below: what leads back to one of them shows no more than its own values there. */
function selectionOf(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  levels: number,
  above: readonly GraphQLNamedType[] = [],
  aliases: ReadonlySet<string> = new Set()
): string {
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []
  const goesOn = levels > 1 && !above.includes(type)
  const selected = fields.flatMap((field) => {
    const inner = getNamedType(field.type)
    if (field.args.some(isRequiredArgument)) return []
    const name = aliases.has(field.name) ? `${type.name}_${field.name}: ${field.name}` : field.name
    if (isLeafType(inner)) return [name]
    return goesOn ? [`${name} ${selectionOf(schema, inner, levels - 1, [...above, type])}`] : []
  })
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : []
  const variants = possible.map((each) => `... on ${each.name} ${selectionOf(schema, each, levels, above, ambiguous(possible))}`)
  return `{ ${['__typename', ...selected, ...variants].join(' ')} }`
}

/** The fields that are of another type on one of these types than on another: beside each other they need names of their own. */
function ambiguous(types: readonly GraphQLObjectType[]): ReadonlySet<string> {
  const typesOf = new Map<string, Set<string>>()
  for (const { name, type } of types.flatMap((each) => Object.values(each.getFields()))) typesOf.set(name, (typesOf.get(name) ?? new Set()).add(String(type)))
  return new Set([...typesOf].flatMap(([name, all]) => (all.size > 1 ? name : [])))
}

function idPathsOf({ type }: Pick<GraphQLArgument, 'type'>, path: string): { path: string; list: boolean }[] {
  const inner = getNamedType(type)
  if (isInputObjectType(inner)) return Object.values(inner.getFields()).flatMap((field) => idPathsOf(field, `${path}.${field.name}`))
  const isPage = inner.name === 'String' && (path === 'after' || path === 'before')
  return inner.name === 'ID' || inner.name === 'Cursor' || isPage ? [{ path, list: String(type).startsWith('[') }] : []
}
