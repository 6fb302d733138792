// Writes: as fast as a few connections get their answers, and many writers on one workspace beside as many on their own.
import { Client } from '../../kit/client.ts'
import { closedLoop, loadRequests, operationRequest, successOf } from '../load/requests.ts'
import { floorTarget, maydayTarget } from '../target.ts'
import { bestPeer, ratioAtLeast, valueAtLeast } from './goal.ts'
import type { Bench, Measurement } from './measurement.ts'
import { requestRows } from './reads.ts'

export const measureComment: Measurement = async (bench) => {
  const { options, operations, key, requestFloor, filled } = bench
  await using mayday = await bench.startMayday()
  const ours = await loadRequests(mayday, maydayTarget(mayday.url, key), operations.comment, options.requests)
  const floor = await loadRequests(requestFloor, floorTarget(requestFloor.url), operations.comment, options.requests)
  const goals = filled.engine === 'postgresql' ? [valueAtLeast(1_000), ratioAtLeast(bestPeer.comment)] : []
  return requestRows(operations.comment.name, ours, floor, goals)
}

export const measureWriters: Measurement = async (bench) => {
  const { options, operations, key, filled } = bench
  const { comment } = operations
  const { writers } = options
  await using mayday = await bench.startMayday()
  const target = maydayTarget(mayday.url, key)
  const others = await makeWorkspaces(bench, mayday.url, writers)
  const requests = others.map(({ secret, incidentId }) =>
    operationRequest(maydayTarget(mayday.url, secret), comment, { input: { incidentId, body: comment.variables[0]?.input.body } })
  )
  const load = { ...options.requests, connections: writers }
  const onOne = comment.variables.map((variables) => operationRequest(target, comment, variables))
  const one = await closedLoop(mayday, mayday.url, load, (writer) => onOne[writer % onOne.length] as Buffer, successOf(comment))
  const many = await closedLoop(mayday, mayday.url, load, (writer) => requests[writer] as Buffer, successOf(comment))
  const group = `add comment, ${writers} writers on one workspace (beside: on ${writers} workspaces)`
  const goals = filled.engine === 'postgresql' ? [ratioAtLeast(0.5)] : []
  return requestRows(group, one, many, goals)
}

const createWorkspace = `mutation ($name: String!) { createWorkspace(name: $name) { secret } }`
const declareIncident = `mutation ($input: DeclareIncidentInput!) {
  declareIncident(input: $input) { ... on DeclareIncidentPayload { incident { id } } }
}`

async function makeWorkspaces({ key }: Bench, url: string, count: number): Promise<{ secret: string; incidentId: string }[]> {
  const admin = new Client(url, key)
  const made: { secret: string; incidentId: string }[] = []
  for (let number = 1; number <= count; number++) {
    const { createWorkspace: created } = await admin.run<{ createWorkspace: { secret: string } }>(createWorkspace, { name: `Workspace ${number}` })
    const { declareIncident: declared } = await new Client(url, created.secret).run<{ declareIncident: { incident: { id: string } } }>(declareIncident, {
      input: { title: 'Work pool k8s-prod starts no runs', severity: 'HIGH' }
    })
    made.push({ secret: created.secret, incidentId: declared.incident.id })
  }
  return made
}
