// Nothing acknowledged is lost: the server is killed under write load, and everything it had answered is there again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { adminKey } from '../kit/app.ts'
import { Client } from '../kit/client.ts'
import { AddComment, VerifyChanges } from '../kit/documents.ts'
import { createDatabase } from '../kit/postgres.ts'
import { kill, startNode } from '../kit/process.ts'
import { declare } from '../kit/seed.ts'

const engines = [
  {
    engine: 'embedded',
    prepare: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mayday-killed-'))
      return { environment: { MAYDAY_DATA: join(folder, 'data') }, remove: () => rmSync(folder, { recursive: true, force: true }) }
    }
  },
  {
    engine: 'postgresql',
    prepare: async () => ({ environment: { DATABASE_URL: await createDatabase(inject('postgresUrl')) }, remove: () => {} })
  }
]

type Counted = { changes: { totalCount: number } }

describe.each(engines)('killed under write load on $engine', ({ prepare }) => {
  it('has everything it acknowledged after a restart, and nothing half-done', { timeout: 120_000 }, async () => {
    const { environment, remove } = await prepare()
    const acknowledged: string[] = []
    for (const round of [1, 2, 3]) {
      const node = await startNode({ ...environment, MAYDAY_ADMIN_KEY: adminKey })
      const client = new Client(node.url, adminKey)
      const { id } = await declare(client, { title: `Round ${round}` })
      const enough = Promise.withResolvers<void>()
      const writers = Array.from({ length: 10 }, async (_, writer) => {
        // Ends with the error of the request that the kill has cut off.
        for (let index = 0; ; index++) {
          const body = `round ${round} writer ${writer} comment ${index}`
          const { data } = await client.ask(AddComment, { input: { incidentId: id, body } })
          if (data?.addComment.__typename === 'CommentPayload') acknowledged.push(body)
          if (acknowledged.length >= round * 60) enough.resolve()
        }
      }).map((writing) => writing.catch(() => {}))
      await enough.promise
      await kill(node)
      await Promise.all(writers)
    }

    const node = await startNode(environment)
    const client = new Client(node.url, adminKey)
    expect((await client.run(VerifyChanges)).verifyChanges).toMatchObject({ valid: true, problem: null })
    const bodies = new Set<string>()
    let counted = 0
    for (const number of [1, 2, 3]) {
      let after: string | null = null
      do {
        const page: {
          incidentByNumber: { comments: { totalCount: number; nodes: { body: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } }
        } = await client.run(
          'query ($number: Int!, $after: String) { incidentByNumber(number: $number) { comments(first: 100, after: $after) { totalCount nodes { body } pageInfo { hasNextPage endCursor } } } }',
          { number, after }
        )
        const { nodes, pageInfo, totalCount } = page.incidentByNumber.comments
        if (after === null) counted += totalCount
        for (const { body } of nodes) bodies.add(body)
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null
      } while (after)
    }
    expect(acknowledged.filter((body) => !bodies.has(body))).toEqual([])
    const { changes } = await client.run<Counted>('{ changes(first: 0, filter: { kind: [COMMENT_ADDED] }) { totalCount } }')
    expect(changes.totalCount).toBe(counted)
    await kill(node)
    remove()
  })
})
