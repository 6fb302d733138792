// The timelines of many incidents: what each shows, for how few statements.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines, quiet, type TestApp } from '../kit/app.ts'
import { clientAs, comment, declare, otherWorkspace } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

const query = `{
  incidents(first: 10, orderBy: { field: NUMBER, direction: ASC }) {
    nodes { number timeline(last: 2) { totalCount nodes { kind message } pageInfo { hasPreviousPage } } }
  }
}`

interface Answer {
  incidents: {
    nodes: { number: number; timeline: { totalCount: number; nodes: { kind: string; message: string }[]; pageInfo: { hasPreviousPage: boolean } } }[]
  }
}

describe.each(engines)('on $engine', ({ start }) => {
  let app: TestApp

  beforeAll(async () => {
    app = await start(quiet)
    for (let comments = 0; comments < 4; comments++) {
      const { id } = await declare(app.admin)
      for (let nth = 1; nth <= comments; nth++) await comment(app.admin, id, `${nth} of ${comments}`)
    }
  })

  afterAll(() => app[Symbol.asyncDispose]())

  it('are read by one statement, and counted by one, whoever looks', async () => {
    const viewer = await clientAs(app.admin, 'VIEWER')
    for (const client of [app.admin, viewer]) {
      using statements = watchStatements(app.database)
      const { incidents } = await client.run<Answer>(query)
      expect(statements.texts.filter((text) => text.includes('FROM change'))).toHaveLength(2)
      expect(incidents.nodes.map(({ timeline }) => timeline.totalCount)).toEqual([1, 2, 3, 4])
      expect(incidents.nodes.map(({ timeline }) => timeline.pageInfo.hasPreviousPage)).toEqual([false, false, true, true])
      expect(incidents.nodes[0]?.timeline.nodes.map(({ kind }) => kind)).toEqual(['INCIDENT_DECLARED'])
      expect(incidents.nodes[3]?.timeline.nodes.map(({ message }) => message.split(': ')[1])).toEqual(['2 of 3', '3 of 3'])
    }
  })

  it('of another workspace are its own', async () => {
    const other = await otherWorkspace(app.admin)
    await declare(other)
    const { incidents } = await other.run<Answer>(query)
    expect(incidents.nodes.map(({ timeline }) => [timeline.totalCount, timeline.nodes.map(({ kind }) => kind)])).toEqual([[1, ['INCIDENT_DECLARED']]])
  })
})
