// Members: who is added, changed, removed and comes back, and what the others see of it.
import { describe, expect, it } from 'vitest'
import { startEmbedded } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { dumpDatabase } from '../kit/dump.ts'
import { clientAs, comment, declare } from '../kit/seed.ts'
import { addMember, type MemberInput } from './world.ts'

const ada: MemberInput = { name: 'Ada', subject: 'idp|ada', role: 'RESPONDER', email: 'ada@example.org' }
const memberFields = 'member { id name email subject role version removedAt }'
const documents = {
  add: `mutation ($input: AddMemberInput!) {
    answer: addMember(input: $input) { __typename ... on MemberPayload { ${memberFields} } ... on MemberExistsError { message ${memberFields} } }
  }`,
  update: `mutation ($input: UpdateMemberInput!) {
    answer: updateMember(input: $input) {
      __typename
      ... on MemberPayload { ${memberFields} }
      ... on VersionConflictError { currentVersion current { ... on Member { name version } } }
      ... on Error { message }
    }
  }`,
  remove: `mutation ($id: ID!) { answer: removeMember(id: $id) { __typename ... on MemberPayload { ${memberFields} } ... on Error { message } } }`
}

interface Answered {
  answer: {
    __typename: string
    member?: { id: string; name: string; email: string | null; subject: string; role: string; version: number; removedAt: string | null }
  }
}

describe('addMember', () => {
  it('adds a person, whom everybody then finds by name', async () => {
    await using app = await startEmbedded()
    const { answer } = await app.admin.run<Answered>(documents.add, { input: ada })
    expect(answer).toMatchObject({ __typename: 'MemberPayload', member: { ...ada, version: 1, removedAt: null } })
    await addMember(app.admin, { name: 'Zoë', subject: 'idp|zoe', role: 'VIEWER' })
    const viewer = await clientAs(app.admin, 'VIEWER')
    expect(await viewer.run('{ members { totalCount nodes { name role } } }')).toEqual({
      members: {
        totalCount: 2,
        nodes: [
          { name: 'Ada', role: 'RESPONDER' },
          { name: 'Zoë', role: 'VIEWER' }
        ]
      }
    })
  })

  it('names the member who has the subject already, and answers a repeated request with the same member', async () => {
    await using app = await startEmbedded()
    const input = { ...ada, idempotencyKey: 'once' }
    const first = await app.admin.run<Answered>(documents.add, { input })
    expect(await app.admin.run<Answered>(documents.add, { input })).toEqual(first)
    const second = await app.admin.run<Answered>(documents.add, { input: { ...ada, name: 'Another Ada' } })
    expect(second.answer).toMatchObject({ __typename: 'MemberExistsError', member: { id: first.answer.member?.id, name: 'Ada' } })
  })

  it('shows the subject to admins only', async () => {
    await using app = await startEmbedded()
    await addMember(app.admin, ada)
    const viewer = await clientAs(app.admin, 'RESPONDER')
    const { data, errors } = await viewer.ask<{ members: { nodes: unknown[] } }>('{ members { nodes { name subject } } }')
    expect(data?.members.nodes).toEqual([{ name: 'Ada', subject: null }])
    expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN', requiredRole: 'ADMIN' }) })])
  })
})

describe('updateMember', () => {
  it('changes what is given and refuses an edit on a stale version with the present state', async () => {
    await using app = await startEmbedded()
    const { id } = await addMember(app.admin, ada)
    const first = await app.admin.run<Answered>(documents.update, { input: { id, version: 1, role: 'ADMIN' } })
    expect(first.answer.member).toMatchObject({ name: 'Ada', email: 'ada@example.org', role: 'ADMIN', version: 2 })
    const stale = await app.admin.run<Answered>(documents.update, { input: { id, version: 1, name: 'Lovelace' } })
    expect(stale.answer).toMatchObject({ __typename: 'VersionConflictError', currentVersion: 2, current: { name: 'Ada', version: 2 } })
    const second = await app.admin.run<Answered>(documents.update, { input: { id, version: 2, email: null } })
    expect(second.answer.member).toMatchObject({ email: null, role: 'ADMIN', version: 3 })
  })
})

describe('removeMember', () => {
  it('ends the membership; what the person did stays under the name', async () => {
    await using app = await startEmbedded()
    const { id } = await addMember(app.admin, ada)
    const incident = await declare(app.admin, { leadId: id })
    const { answer } = await app.admin.run<Answered>(documents.remove, { id })
    expect(answer.member?.removedAt).toEqual(expect.any(String))
    expect(await app.admin.run('query ($id: ID!) { members { totalCount } incident(id: $id) { lead { name removedAt } } }', { id: incident.id })).toMatchObject(
      {
        members: { totalCount: 0 },
        incident: { lead: { name: 'Ada', removedAt: answer.member?.removedAt } }
      }
    )
    for (const again of [
      documents.remove,
      documents.update.replace('$input: UpdateMemberInput!', '$id: ID!').replace('input: $input', 'input: { id: $id, version: 2, name: "Back" }')
    ]) {
      expect((await app.admin.run<Answered>(again, { id })).answer.__typename).toBe('NotFoundError')
    }
    await comment(app.admin, incident.id, 'Still here')
    const { data } = await app.admin.ask<{ declareIncident: { __typename: string } }>(
      'mutation ($id: ID!) { declareIncident(input: { title: "Late", severity: LOW, leadId: $id }) { __typename } }',
      { id }
    )
    expect(data?.declareIncident.__typename).toBe('NotFoundError')
  })

  it('is undone by adding the person again, under the same id with the history', async () => {
    await using app = await startEmbedded()
    const { id } = await addMember(app.admin, ada)
    await app.admin.run(documents.remove, { id })
    const { answer } = await app.admin.run<Answered>(documents.add, { input: { ...ada, role: 'VIEWER' } })
    expect(answer.member).toMatchObject({ id, role: 'VIEWER', removedAt: null, version: 3 })
  })
})

it('never leaves a workspace without somebody who can manage it', async () => {
  await using app = await startEmbedded()
  const { id } = await addMember(app.admin, { ...ada, role: 'ADMIN' })
  const { apiKeys } = await app.admin.run<{ apiKeys: { nodes: { id: string }[] } }>('{ apiKeys { nodes { id } } }')
  const expiring = await clientAs(app.admin, 'ADMIN', new Date(Date.now() + 3_600_000).toISOString())
  await app.admin.run('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename ... on Error { message } } }', { id: apiKeys.nodes[0]?.id })
  const before = await dumpDatabase(app.database)
  expect((await expiring.run<Answered>(documents.remove, { id })).answer.__typename).toBe('LastAdminError')
  expect((await expiring.run<Answered>(documents.update, { input: { id, version: 1, role: 'RESPONDER' } })).answer.__typename).toBe('LastAdminError')
  expect(await dumpDatabase(app.database)).toEqual(before)
  await addMember(expiring as Client, { name: 'Grace', subject: 'idp|grace', role: 'ADMIN' })
  expect((await expiring.run<Answered>(documents.remove, { id })).answer.__typename).toBe('MemberPayload')
})
