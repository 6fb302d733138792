// The schema builder: plugins, scalars, root types, and the rule that every root field states who may use it.
import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin, { type ForbiddenResult } from '@pothos/plugin-scope-auth'
import { DateTimeResolver, DurationResolver, JSONResolver, SafeIntResolver } from 'graphql-scalars'
import { roleAllows } from './access/role.ts'
import type { Context } from './context.ts'
import type { Role } from './database/generated/client/client.ts'
import type PrismaTypes from './database/generated/pothos.ts'
import { getDatamodel } from './database/generated/pothos.ts'
import { Forbidden } from './errors.ts'
import { decodeNodeId, encodeNodeId } from './node-id.ts'

/** The role that a field asks for, as the plugin wraps it. */
function requiredRole(failure: ForbiddenResult['failure']): string | undefined {
  if ('failures' in failure) return failure.failures.map(requiredRole).find((role) => role !== undefined)
  return 'parameter' in failure ? String(failure.parameter) : undefined
}

/** For a field that depends on more than the workspace's changes and the viewer's role: on who asks, on the clock, or on a table that is not in the record. It is never answered from memory. */
export const unshared = { extensions: { unshared: true } }

/**
 * For a field that shows nothing beyond what it is reached from: the state of that (an incident with its links and people),
 * or also what was said on it (comments, and the record). Without a mark, an object may be made from anything in the
 * workspace; a value (a scalar, an enum) is of its object's own row. A root field tells by `keeping` and its arguments what
 * the rest hangs on. `server/keeping.ts` has from these how long an answer is kept.
 */
export const ownState = { extensions: { own: 'state' } }
export const ownTalk = { extensions: { own: 'talk' } }

/** Rows of a page: the connection's own field has counted them already. */
const once = { field: 1, multiplier: 1 }

export const builder = new SchemaBuilder<{
  Context: Context
  PrismaTypes: PrismaTypes
  DefaultFieldNullability: false
  AuthScopes: { role: Role }
  Scalars: {
    ID: { Input: string; Output: string | number }
    DateTime: { Input: Date; Output: Date }
    Duration: { Input: string; Output: string }
    JSON: { Input: unknown; Output: unknown }
    SafeInt: { Input: number; Output: number }
    Cursor: { Input: string; Output: string }
  }
  Connection: { totalCount: () => number | Promise<number> }
}>({
  plugins: [ComplexityPlugin, ErrorsPlugin, ScopeAuthPlugin, PrismaPlugin, RelayPlugin],
  defaultFieldNullability: false,
  // Costs are checked by server/limits.ts, before anything runs.
  complexity: { defaultComplexity: 1, defaultListMultiplier: 10 },
  errors: {
    defaultTypes: [],
    directResult: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
      description: 'What the mutation came to: its payload; or a named error, and then nothing was changed.'
    }
  },
  scopeAuth: {
    authScopes: (context) => ({
      role: (required) => roleAllows(context.viewer.role, required)
    }),
    unauthorizedError: (_parent, _context, _info, result) => {
      const required = requiredRole(result.failure)
      return new Forbidden(`This needs the role ${required}.`, { requiredRole: required })
    }
  },
  prisma: {
    client: ({ core }: Context) => core.database.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: false,
    onUnusedQuery: 'error'
  },
  relay: {
    encodeGlobalID: (typename, id) => encodeNodeId(typename, String(id)),
    decodeGlobalID: (nodeId) => decodeNodeId(nodeId),
    nodesQueryOptions: false,
    nodeQueryOptions: {
      // It may be of a type that is not in the record.
      ...unshared,
      description: 'Any object by its id; null when there is none in your workspace.',
      authScopes: { role: 'VIEWER' },
      args: { id: { description: 'The id of the object.' } }
    },
    idFieldOptions: { description: 'The id, unique over all types.' },
    nodeTypeOptions: { description: 'Anything that has an id of its own.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list, as in the Relay connection specification.' },
    hasNextPageFieldOptions: { description: 'Whether rows follow after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether rows lie before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first row, for `before`.' },
    endCursorFieldOptions: { description: 'The cursor of the last row, for `after`.' },
    edgesFieldOptions: { ...ownState, description: 'The rows with their cursors.', complexity: once },
    nodesOnConnection: { ...ownState, description: 'The rows.', complexity: once },
    nodeFieldOptions: { ...ownState, description: 'The row.' },
    cursorFieldOptions: { description: 'Where the row lies in its list, for `after` and `before`.' },
    pageInfoFieldOptions: { ...ownState, description: 'Where the page lies in its list.' },
    firstArgOptions: { description: 'So many rows from the start, or after `after`: at most 100; 50 when neither `first` nor `last` is given.' },
    lastArgOptions: { description: 'So many rows from the end, or before `before`: at most 100.' },
    afterArgOptions: { description: 'Only rows after this cursor.' },
    beforeArgOptions: { description: 'Only rows before this cursor.' }
  }
})

builder.addScalarType('DateTime', DateTimeResolver, {
  description: 'A moment in time, RFC 3339, in UTC with milliseconds: `2026-11-23T03:04:05.678Z`. Input may carry any offset.'
})
builder.addScalarType('Duration', DurationResolver, { description: 'A length of time, ISO 8601: `PT1H30M`.' })
builder.addScalarType('JSON', JSONResolver, { description: 'Any JSON value.' })
builder.addScalarType('SafeInt', SafeIntResolver, { description: 'A whole number that may be larger than 32 bits, at most 2^53 − 1.' })
builder.scalarType('Cursor', {
  description: "An opaque place in a workspace's changes. From any cursor a client can go on without a gap, on any node.",
  serialize: (value) => value
})

builder.queryType({
  description: 'Everything that can be read. Each field needs a credential of the workspace; an id of another workspace is answered as one that does not exist.'
})
builder.mutationType({
  description:
    'Everything that can be changed. A result is a union: the payload, or a named error of the business. Authentication, rights and malformed input are top-level errors with `extensions.code`. Nothing is changed unless the payload comes back.'
})
builder.subscriptionType({
  description:
    'What can be followed live, over graphql-transport-ws or SSE. The first frame is a snapshot (`reset: true`), or, with `after`, what changed since that cursor; then frames follow with what is new. A frame with `reset: true` replaces all that the client holds.'
})

builder.globalConnectionField('totalCount', (t) => t.int({ description: 'How many rows the whole list has.', resolve: ({ totalCount }) => totalCount() }))

export const DateTimeRange = builder.inputType('DateTimeRange', {
  description: 'A stretch of time.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Not before this moment.' }),
    until: t.field({ type: 'DateTime', description: 'Before this moment.' })
  })
})
