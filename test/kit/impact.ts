// A small estate of workflows, and the work on it.
import type { RunState } from '../../src/database/generated/client/client.ts'
import { takeCatalogue } from '../../src/resource/catalogue.ts'
import { type GivenRun, writeRuns } from '../../src/run/write.ts'
import type { TestApp } from './app.ts'
import { otherWorkspace } from './seed.ts'

export const nobodyKnows = Buffer.from(`Resource:${crypto.randomUUID()}`).toString('base64url')

/**
 * A pool on which two deployments run; the first makes an asset that a third one reads, which perhaps triggers a
 * fourth. Each name begins with a word of its own. Gives the global ids by name.
 */
export async function addEstate(app: TestApp, word: string): Promise<Record<Place, string>> {
  const { workspaceId } = app.workspace
  await takeCatalogue(app.app.core, workspaceId, {
    connectionId: null,
    source: 'CATALOG',
    resources: [
      { kind: 'WORK_POOL', externalId: `${word}.pool`, name: 'pool', owners: ['platform'] },
      { kind: 'DEPLOYMENT', externalId: `${word}.load`, name: 'load', owners: ['orders', 'platform'], tags: ['nightly'] },
      { kind: 'DEPLOYMENT', externalId: `${word}.sweep`, name: 'sweep', owners: ['platform'] },
      { kind: 'ASSET', externalId: `${word}.table`, name: 'table', owners: ['orders'] },
      { kind: 'DEPLOYMENT', externalId: `${word}.report`, name: 'report', owners: ['finance'], tags: ['nightly', 'report'] },
      { kind: 'DEPLOYMENT', externalId: `${word}.alarm`, name: 'alarm' },
      { kind: 'DEPLOYMENT', externalId: `${word}.other`, name: 'other', owners: ['somebody else'] }
    ],
    dependencies: [
      { downstream: `${word}.load`, upstream: `${word}.pool`, kind: 'BELONGS_TO', confidence: 'CERTAIN' },
      { downstream: `${word}.sweep`, upstream: `${word}.pool`, kind: 'BELONGS_TO', confidence: 'CERTAIN' },
      { downstream: `${word}.table`, upstream: `${word}.load`, kind: 'PRODUCED_BY', confidence: 'LIKELY' },
      { downstream: `${word}.report`, upstream: `${word}.table`, kind: 'READS', confidence: 'LIKELY' },
      { downstream: `${word}.alarm`, upstream: `${word}.report`, kind: 'TRIGGERED_BY', confidence: 'POSSIBLE' }
    ]
  })
  const resources = await app.database.prisma.resource.findMany({ where: { workspaceId, externalId: { startsWith: `${word}.` } } })
  return Object.fromEntries(resources.map(({ id, name }) => [name, Buffer.from(`Resource:${id}`).toString('base64url')])) as Record<Place, string>
}

export type Place = 'pool' | 'load' | 'sweep' | 'table' | 'report' | 'alarm' | 'other'

const stateNames: Partial<Record<RunState, string>> = { SCHEDULED: 'Scheduled' }

/** Takes in runs: of which resource, in which state, and minutes from now until (or since) they begin, or came into their state. */
export async function addRuns(app: TestApp, ...runs: (Pick<GivenRun, 'externalId' | 'resource' | 'state'> & { minutes?: number; stateName?: string })[]) {
  const { core } = app.app
  const now = core.clock().getTime()
  const given = runs.map(({ minutes = 0, ...run }) => {
    const at = new Date(now + minutes * 60_000)
    return {
      stateName: stateNames[run.state] ?? run.state,
      ...run,
      ...(run.state === 'SCHEDULED' ? { stateAt: new Date(now), expectedStartAt: at } : { stateAt: at })
    }
  })
  await writeRuns(core, app.workspace.workspaceId, given, null)
}

/** A resource of another workspace on the same server, and its admin. */
export async function strangeResource(app: TestApp) {
  const admin = await otherWorkspace(app.admin)
  const { upsertResources } = await admin.run<{ upsertResources: { resources: { id: string }[] } }>(
    'mutation { upsertResources(input: { resources: [{ kind: FLOW, externalId: "theirs", name: "theirs" }] }) { resources { id } } }'
  )
  return { admin, id: upsertResources.resources[0]?.id ?? '' }
}
