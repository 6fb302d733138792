// That the bench measures what it says; not how fast anything is.
import { expect, test } from 'vitest'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { startEmbedded } from '../kit/app.ts'
import { Client } from '../kit/client.ts'
import { VerifyChanges } from '../kit/documents.ts'
import { startMeasured } from './child.ts'
import { benchKey, engines } from './engines.ts'
import { fill } from './fill/fill.ts'
import { assertSameAnswers, floorTarget, maydayTarget } from './measure/requests.ts'
import { prepareOperations } from './operations.ts'

const sizes = { incidents: 120, active: 40, comments: 2_400, changes: 3_600, resources: 60 }

test('the fill is as large as asked for, and a record that verifies', async () => {
  await using app = await startEmbedded()
  await fill(app.database, { id: app.workspace.workspaceId, keyId: app.workspace.keyId }, sizes)
  const { verifyChanges } = await app.admin.run(VerifyChanges)
  expect(verifyChanges).toMatchObject({ valid: true, checked: sizes.changes, problem: null })
  const counts = await app.database.query(Prisma.sql`
    SELECT (SELECT count(*) FROM incident) AS incidents, (SELECT count(*) FROM comment) AS comments, (SELECT count(*) FROM change) AS changes,
      (SELECT count(*) FROM resource) AS resources,
      (SELECT count(*) FROM incident WHERE status IN ('TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING')) AS active`)
  expect(counts).toEqual([sizes])
})

test('each floor answers what Mayday answers', async () => {
  const filled = await engines.embedded(sizes)
  try {
    await using mayday = await startMeasured(new URL('../../src/main.ts', import.meta.url), { PORT: '0', HOST: '127.0.0.1', ...filled.forMayday })
    await using floor = await startMeasured(new URL('floor/requests.ts', import.meta.url), filled.forFloor)
    const { wall, incident, list, comment } = await prepareOperations(new Client(mayday.url, benchKey))
    for (const operation of [wall, incident, list, comment]) {
      await assertSameAnswers(maydayTarget(mayday.url, benchKey), floorTarget(floor.url), operation)
    }
  } finally {
    await filled.remove()
  }
})
