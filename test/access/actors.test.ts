// Names of people and keys are kept in memory between requests; a new one shows at once, everywhere.
import { expect, it } from 'vitest'
import { engines, quiet, startOnServer } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { tryStep } from '../kit/incident.ts'
import { addMember, declare } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

async function leadOf(client: Client): Promise<string | undefined> {
  const { incidents } = await client.run<{ incidents: { nodes: { lead: { name: string } }[] } }>('{ incidents { nodes { lead { name } } } }')
  return incidents.nodes[0]?.lead.name
}

function rename(client: Client, id: string, version: number, name: string) {
  return client.run<{ updateMember: { cursor: string } }>(
    'mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { ... on MemberPayload { cursor member { name } } } }',
    { input: { id, version, name } }
  )
}

it.each(engines)('a person is read once, and again after somebody was renamed, on $engine', async ({ start }) => {
  await using app = await start(quiet)
  const ada = await addMember(app.admin, 'Ada')
  const { id, version } = await declare(app.admin, { leadId: ada.id })
  expect(await leadOf(app.admin)).toBe('Ada')
  await tryStep(app.admin, 'changeIncidentStatus', { id, version, status: 'IDENTIFIED' })
  using statements = watchStatements(app.database)
  expect(await leadOf(app.admin)).toBe('Ada')
  expect(statements.texts).toEqual([expect.stringContaining('FROM incident i')])
  expect(await rename(app.admin, ada.id, 1, 'Ada Lovelace')).toMatchObject({ updateMember: { member: { name: 'Ada Lovelace' } } })
  expect(await leadOf(app.admin)).toBe('Ada Lovelace')
})

it('a node shows the new name that another has given, to whoever sends the cursor', async () => {
  await using one = await startOnServer(quiet)
  await using two = await startOnServer({ ...quiet, databaseUrl: one.databaseUrl ?? '' })
  const ada = await addMember(one.admin, 'Ada')
  await declare(one.admin, { leadId: ada.id })
  for (let version = 1; version <= 20; version++) {
    await leadOf(two.admin)
    const { updateMember } = await rename(one.admin, ada.id, version, `Ada ${version}`)
    const answer = await two.admin.send('{ incidents { nodes { lead { name } } } }', {}, { 'mayday-after': updateMember.cursor })
    expect(await answer.text()).toContain(`"Ada ${version}"`)
  }
})
