// What an answer depends on is told from its document; a wrong word here is a stale answer, so all that can be kept for
// longer than its workspace stands still is held against every mutation.
import {
  type GraphQLNamedType,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type OperationDefinitionNode,
  parse
} from 'graphql'
import { expect, it } from 'vitest'
import { encodeNodeId } from '../../src/node-id.ts'
import { schema } from '../../src/schema.ts'
import { keepingOf } from '../../src/server/keeping.ts'
import { rootFields } from '../access/root-fields.ts'
import { populate } from '../access/world.ts'
import { quiet, startEmbedded } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { generousLimits, rootFieldsOf } from '../kit/full-operation.ts'
import { tryStep } from '../kit/incident.ts'
import { comment, declare } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

const row = '019ab000-0000-7000-8000-00000000000a'
const id = encodeNodeId('Incident', row)
const other = encodeNodeId('Incident', '019ab000-0000-7000-8000-00000000000b')

function keeping(query: string, variables: Record<string, unknown> = { id }) {
  const document = parse(query)
  return keepingOf(schema, document, getOperationAST(document) as OperationDefinitionNode, variables)
}

/** All of an incident that only its own changes can move. */
const everythingOfOne = `query ($id: ID!) { incident(id: $id) ${selectionOf(schema.getType('Incident') as GraphQLNamedType, ['state', 'talk'])} }`

/** All that no comment can move. */
const state = selectionOf(schema.getType('Incident') as GraphQLNamedType, ['state'])
const allButTalk = `query ($id: ID!) {
  incidents(first: 100) { totalCount edges { cursor node ${state} } } incident(id: $id) ${state}
  incidentByNumber(number: 1) ${state} incidentMetrics ${selectionOf(schema.getType('IncidentMetrics') as GraphQLNamedType, ['state'])}
}`

const searched = '{ incidents(filter: { search: "Ada" }) { totalCount nodes { title } } }'

function selectionOf(type: GraphQLNamedType, shown: readonly unknown[]): string {
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []
  const selected = fields.flatMap(({ name, type, args, extensions }) => {
    const inner = getNamedType(type)
    if (args.some(isRequiredArgument) || extensions.unshared) return []
    if (isLeafType(inner)) return [name]
    return shown.includes(extensions.own) ? [`${name} ${selectionOf(inner, shown)}`] : []
  })
  const variants = isAbstractType(type) ? schema.getPossibleTypes(type).map((each) => `... on ${each.name} ${selectionOf(each, shown)}`) : []
  return `{ ${['__typename', ...selected, ...variants].join(' ')} }`
}

it.each([
  ['all that hangs on one incident', everythingOfOne],
  ['what a client library adds', 'query ($id: ID!) { incident(id: $id) { __typename lead { __typename name } } }'],
  [
    'fragments',
    'query ($id: ID!) { ...Root } fragment Root on Query { incident(id: $id) { ...One } } fragment One on Incident { comments { nodes { body } } }'
  ],
  ['the same incident twice', 'query ($id: ID!) { a: incident(id: $id) { title } b: incident(id: $id) { timeline { totalCount } } }'],
  ['an id in the document', `{ incident(id: "${id}") { title } }`],
  ['an id that is left to its default', `query ($id: ID! = "${id}") { incident(id: $id) { title } }`, {}]
])('%s is kept until that incident moves', (_what, query, variables?: Record<string, unknown>) => {
  expect(keeping(query, variables)).toMatchObject({ incidentId: row })
})

it.each([
  ['a list', '{ incidents { totalCount nodes { title lead { name } resources { nodes { name } } } } }'],
  ['a list with a filter', '{ incidents(filter: { active: true }) { totalCount } }'],
  ['an incident by its number', '{ incidentByNumber(number: 1) { title } }'],
  ['figures', '{ incidentMetrics { count timeToResolve { median } } }'],
  ['two incidents', `query ($id: ID!) { a: incident(id: $id) { title } b: incident(id: "${other}") { title } }`],
  ['all that shows no talk', allButTalk]
])('%s is kept until more moves than talk', (_what, query) => {
  expect(keeping(query)).toEqual({ incidentId: null, talk: false })
})

it.each([
  ['a list with comments', '{ incidents { nodes { comments { totalCount } } } }'],
  ['a list with timelines', '{ incidents { nodes { timeline { totalCount } } } }'],
  ['a list that is searched', searched],
  ['figures of what is searched', '{ incidentMetrics(filter: { search: "late" }) { count } }'],
  ['a search that is left to its default', 'query ($filter: IncidentFilter = { search: "late" }) { incidents(filter: $filter) { totalCount } }', {}],
  ['a search by a variable in the filter', 'query ($words: String) { incidents(filter: { search: $words }) { totalCount } }', { words: 'late' }],
  ['what takes no variables that are given', 'query ($filter: IncidentFilter) { incidents(filter: $filter) { totalCount } }', { filter: 1 }],
  ['the record', '{ changes { nodes { kind } } }'],
  ['an incident beside something else', 'query ($id: ID!) { incident(id: $id) { title } members { totalCount } }'],
  ['what the incident was merged with', 'query ($id: ID!) { incident(id: $id) { mergedIncidents { title } } }'],
  ['the incident that a change is of', 'query ($id: ID!) { incident(id: $id) { timeline { nodes { incident { title } } } } }'],
  ['the incidents of its resources', 'query ($id: ID!) { incident(id: $id) { resources { nodes { incidents { title } } } } }'],
  ['the same in a fragment', 'query ($id: ID!) { incident(id: $id) { ...One } } fragment One on Incident { mergedInto { title } }'],
  ['an id of something else', 'query ($id: ID!) { incident(id: $id) { title } }', { id: encodeNodeId('Comment', row) }],
  ['an id that is none', 'query ($id: ID!) { incident(id: $id) { title } }', { id: 'rubbish' }]
])('%s is kept until anything moves', (_what, query, variables?: Record<string, unknown>) => {
  expect(keeping(query, variables)).toEqual({ incidentId: null, talk: true })
})

it.each([
  ['what depends on who asks', 'query ($id: ID!) { incident(id: $id) { title } viewer { role } }'],
  ['what depends on the clock', 'query ($id: ID!) { incident(id: $id) { impact { computedAt } } }'],
  ['what is not in the record', 'query ($id: ID!) { incident(id: $id) { declaredBy { ... on ApiKey { lastUsedAt } } } }']
])('%s is not kept', (_what, query) => {
  expect(keeping(query)).toBeNull()
})

it('whatever is done, what is kept is what the database holds', async () => {
  await using app = await startEmbedded({ environment: { ...quiet.environment, ...generousLimits } })
  const { admin } = app
  const world = await populate(admin, 'Own')
  const found = { one: 0, list: 0 }
  const compare = async (done: string, which: keyof typeof found, query: string, id: string) => {
    using statements = watchStatements(app.database)
    const kept = await admin.ask(query, { id })
    if (statements.texts.length === 0) found[which]++
    expect(kept, `after ${done}`).toEqual(await madeAnew(admin, query, id))
  }
  const compareAll = async (done: string) => {
    const { incidents } = await admin.run<{ incidents: { nodes: { id: string }[] } }>('{ incidents(first: 100) { nodes { id } } }')
    for (const { id } of incidents.nodes) await compare(done, 'one', everythingOfOne, id)
    await compare(done, 'list', allButTalk, world.ids.Incident)
    await compare(done, 'list', searched, world.ids.Incident)
  }
  await compareAll('nothing')
  const ofRoots = (await rootFieldsOf(admin)).filter(({ kind }) => kind === 'mutation')
  for (const { name, operation } of ofRoots) {
    const { data } = await admin.ask<Record<string, { __typename: string }>>(operation, await rootFields[`mutation ${name}`]?.variables?.(world, admin))
    expect(data?.[name]?.__typename).toMatch(/Payload$/)
    await compareAll(name)
  }
  // What was said on one incident lives on, after a merge, on another, and in the timelines of both.
  const [from, into] = [await declare(admin), await declare(admin)]
  await compareAll('declaring')
  const listsFound = found.list
  const said = await comment(admin, from.id, 'Call Ada, 555 0199')
  await compareAll('talking')
  expect(found.list).toBe(listsFound + 1)
  await tryStep(admin, 'mergeIncident', { id: from.id, version: from.version, intoId: into.id })
  await compareAll('merging')
  const edit = 'mutation ($input: EditCommentInput!) { editComment(input: $input) { __typename } }'
  expect(await admin.run(edit, { input: { id: said.id, version: 1, body: 'Call Ada' } })).toEqual({ editComment: { __typename: 'CommentPayload' } })
  await compareAll('editing')
  await admin.run('mutation ($id: ID!) { redactComment(id: $id) { __typename } }', { id: said.id })
  await compareAll('redacting')
  expect(JSON.stringify(await admin.ask(everythingOfOne, { id: from.id }))).not.toContain('Ada, 555')
  expect(found.one).toBeGreaterThan(100)
})

async function madeAnew(client: Client, query: string, id: string): Promise<unknown> {
  return (await client.send(query, { id }, { 'cache-control': 'no-cache' })).json()
}
