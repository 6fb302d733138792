// What an impact's figures cost where much depends on one resource, beside one statement that finds and counts all of it;
// and the gate on the same graph, beside a server that always says the same.
import { deepEqual } from 'node:assert/strict'
import { Client } from '../../kit/client.ts'
import { type Measured, startMeasured } from '../child.ts'
import { benchKey } from '../engines.ts'
import { externalIdOf, fillGraph, originsOf } from '../impact/fill.ts'
import { type IntakeDatabase, makeIntakeDatabase } from '../intake/database.ts'
import { closedLoop, successOf } from '../load/requests.ts'
import { ratioAtLeast, ratioAtMost } from './goal.ts'
import type { Bench, Measurement, Row } from './measurement.ts'
import { requestRows } from './reads.ts'

const script = new URL('../impact/process.ts', import.meta.url)
const maydayScript = new URL('../../../src/main.ts', import.meta.url)
const constantFloor = new URL('../floor/constant.ts', import.meta.url)
const warmUps = 3
/** Of what takes a moment, more are needed until one of them is in the middle. */
const roundsOf = (downstream: number) => (downstream < 10_000 ? 25 : 7)

/** On PostgreSQL only: the embedded engine would be filled for minutes. */
export const measureImpact: Measurement = async (bench) => {
  if (!bench.filled.server) return []
  await using database = await makeIntakeDatabase(bench.filled)
  const { place, workspaceId } = database
  if (!('DATABASE_URL' in place)) throw new Error('Where there is a server, a database is on it')
  await fillGraph(place.DATABASE_URL, workspaceId, bench.options.impact, bench.filled.server.ours)
  return [...(await figuresRows(bench, database)), ...(await gateRows(bench, database))]
}

async function figuresRows({ options: { impact } }: Bench, { place, workspaceId }: IntakeDatabase): Promise<Row[]> {
  await using child = await startMeasured(script, { WORKSPACE_ID: workspaceId, ...place })
  const sizes = [impact.resources, impact.dependencies, impact.upcomingRuns].map((size) => size.toLocaleString('en'))
  const group = `impact of one resource among ${sizes[0]} with ${sizes[1]} dependencies and ${sizes[2]} upcoming runs`
  const before = await child.settled()
  const { ms } = await ask(child, '/load')
  const after = await child.settled()
  const rows: Row[] = [
    { group, name: 'the graph, loaded once', unit: 's', value: ms / 1000 },
    { group, name: 'the graph, on the heap', unit: 'MB', value: (after.memory.heapUsed - before.memory.heapUsed) / 1_000_000 }
  ]
  for (const [index, origin] of originsOf(impact).entries()) {
    const [ours, floor]: [number[], number[]] = [[], []]
    for (let round = -warmUps; round < roundsOf(impact.closures[index] ?? 0); round++) {
      const [one, other] = [await ask(child, `/mayday?origin=${origin}`), await ask(child, `/floor?origin=${origin}`)]
      deepEqual(one.figures, other.figures, 'The floor finds other figures')
      if (round < 0) continue
      ours.push(one.ms)
      floor.push(other.ms)
    }
    const name = `figures, ${impact.closures[index]?.toLocaleString('en')} resources downstream`
    rows.push({ group, name, unit: 'ms', value: middle(ours), floor: middle(floor), goals: [ratioAtMost(2)] })
  }
  return rows
}

async function gateRows({ options: { impact, requests } }: Bench, { place }: IntakeDatabase): Promise<Row[]> {
  await using mayday = await startMeasured(maydayScript, { PORT: '0', HOST: '127.0.0.1', MAYDAY_LOG_LEVEL: 'warn', ...place })
  const origin = originsOf(impact).at(-1) ?? 0
  await declareOn(new Client(mayday.url, benchKey), externalIdOf(origin))
  await certain(mayday, externalIdOf(origin))
  const load = (measured: Measured, paths: string[], proof: string) => {
    const { host } = new URL(measured.url)
    const all = paths.map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${benchKey}\r\n\r\n`))
    let next = 0
    return closedLoop(measured, measured.url, requests, () => all[next++ % all.length] as Buffer, successOf({ name: 'gate', proof }))
  }
  const paths = Array.from({ length: 1_000 }, (_, index) => `/gate/${externalIdOf(Math.floor((index * impact.resources) / 1_000))}`)
  const ours = await load(mayday, paths, '"certain":true')
  const alive = await load(mayday, ['/health/live'], 'live')
  await using constant = await startMeasured(constantFloor, { BODY: await (await gate(mayday, externalIdOf(0))).text() })
  const floor = await load(constant, paths, '"certain":true')
  const group = 'gate, while an incident affects half of all'
  return [...requestRows(group, ours, floor, []), ...requestRows(`${group} (beside: the same server's /health/live)`, ours, alive, [ratioAtLeast(0.7)])]
}

async function ask({ url }: Measured, path: string): Promise<{ ms: number; figures: unknown }> {
  const response = await fetch(url + path)
  if (!response.ok) throw new Error(`The process answered ${response.status} to ${path}`)
  return (await response.json()) as { ms: number; figures: unknown }
}

const gate = ({ url }: Measured, externalId: string) => fetch(`${url}/gate/${externalId}`, { headers: { authorization: `Bearer ${benchKey}` } })

/** The first answers may come before all is loaded. */
async function certain(mayday: Measured, externalId: string): Promise<void> {
  for (;;) {
    const answer = (await (await gate(mayday, externalId)).json()) as { certain: boolean; decision: string }
    if (!answer.certain) continue
    if (answer.decision !== 'HOLD') throw new Error('The gate does not hold what an incident affects')
    return
  }
}

async function declareOn(client: Client, externalId: string): Promise<void> {
  const { resource } = await client.run<{ resource: { id: string } }>('query ($id: String!) { resource(externalId: $id) { id } }', { id: externalId })
  await client.run('mutation ($input: DeclareIncidentInput!) { declareIncident(input: $input) { __typename } }', {
    input: { title: 'Work pool k8s-prod starts no runs', severity: 'HIGH', resourceIds: [resource.id] }
  })
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
