// What the gate answers while a node does not know, and that it then answers in time.
import { describe, expect, it, vi } from 'vitest'
import { Gate } from '../../../src/impact/gate/gate.ts'
import { startEmbedded } from '../../kit/app.ts'
import { ask, idsOf } from './gate-client.ts'

describe('a gate that cannot know', () => {
  it.each([
    ['open', 'ALLOW'],
    ['closed', 'HOLD']
  ] as const)('fails %s', async (fails, decision) => {
    await using app = await startEmbedded({ environment: { MAYDAY_GATE_FAIL: fails } })
    await idsOf(app.admin, { externalId: 'pool' })
    expect(await ask(app, 'pool')).toMatchObject({ decision: 'ALLOW', certain: true })
    expect(await ask(app, 'nowhere')).toMatchObject({ decision, certain: false })
    const { heads } = app.app.core
    const { database } = app
    const { query } = database
    database.query = () => Promise.reject(new Error('The database is away.'))
    heads.deafen()
    expect(await ask(app, 'pool')).toEqual({
      decision,
      certain: false,
      resource: 'pool',
      incident: null,
      reason: `This node of Mayday cannot know: it does not reach its database, and the gate fails ${fails}.`,
      path: null
    })
    // It does not answer either.
    const back = Promise.withResolvers<void>()
    database.query = async (statement, options) => {
      await back.promise
      return query(statement, options)
    }
    const asked = performance.now()
    expect(await ask(app, 'pool')).toMatchObject({
      decision,
      certain: false,
      reason: `This node of Mayday could not catch up within a second, and the gate fails ${fails}.`
    })
    expect(performance.now() - asked).toBeLessThan(3_000)
    database.query = query
    back.resolve()
    heads.hear()
    expect(await ask(app, 'pool')).toMatchObject({ decision: 'ALLOW', certain: true })
  })

  it('answers within a second while the dependencies are being loaded, and from then on keeps them', async () => {
    await using app = await startEmbedded()
    await idsOf(app.admin, { externalId: 'pool' })
    const { graphs, log } = app.app.core
    const gate = new Gate({ graphs, log }, 'open')
    const { query } = app.database
    const read = Promise.withResolvers<void>()
    app.database.query = async (statement, options) => {
      if (/FROM dependency\s+WHERE/.test(statement.text)) await read.promise
      return query(statement, options)
    }
    const check = () => gate.check(async () => app.workspace.workspaceId, 'pool')
    expect(await check()).toMatchObject({ decision: 'ALLOW', certain: false })
    read.resolve()
    await vi.waitFor(async () => expect(await check()).toMatchObject({ decision: 'ALLOW', certain: true }))
  })
})
