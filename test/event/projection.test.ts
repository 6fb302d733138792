import { describe, expect, it } from 'vitest'
import { type IncomingEvent, readEvent } from '../../src/event/event.ts'
import { type Facts, project } from '../../src/event/projection.ts'
import { type RecordedEvent, recorded, recordedEvents } from './recorded.ts'

const after = new Date('2026-11-24T00:00:00Z')

function read(events: readonly unknown[]): IncomingEvent[] {
  return events.map((event) => {
    const incoming = readEvent(event, after)
    if (typeof incoming === 'string') throw new Error(incoming)
    return incoming
  })
}

const facts = (events: readonly unknown[], catalogued = true) => project(read(events), { catalogued })
const textsOf = ({ dependencies }: Facts) => [...dependencies.values()].flat().map(({ downstream, kind, upstream }) => `${downstream} ${kind} ${upstream}`)
const [failed] = recorded('prefect.flow-run.Failed') as [RecordedEvent]

describe('a run', () => {
  it('is told of by the events of its states', () => {
    expect(facts([failed]).runs).toEqual([
      {
        externalId: 'prefect.flow-run.a2bb920f-e95a-4d05-bdda-839ff34f57a8',
        name: 'didactic-bumblebee',
        resource: 'prefect.deployment.31704a22-7ec1-4ea4-ad86-c0b901f4ca03',
        state: 'FAILED',
        stateName: 'Failed',
        stateMessage: expect.stringMatching(/^Flow run encountered an exception: RuntimeError: dbt build exited with code 1\n/),
        stateAt: new Date('2026-11-23T12:36:26.484Z'),
        startedAt: undefined,
        endedAt: new Date('2026-11-23T12:36:26.484Z'),
        tags: ['dbt', 'team:analytics-eng', 'tier:1']
      }
    ])
  })

  it('starts when it runs', () => {
    const [running] = recorded('prefect.flow-run.Running')
    const [run] = facts([running]).runs
    expect(run).toMatchObject({ state: 'RUNNING', stateMessage: null, startedAt: run?.stateAt, endedAt: undefined })
  })

  it('has the type of its state, and the own word for it', () => {
    const stateOf = (name: string) => facts(recorded(`prefect.flow-run.${name}`)).runs[0]
    expect(stateOf('Late')).toMatchObject({ state: 'SCHEDULED', stateName: 'Late' })
    expect(stateOf('TimedOut')).toMatchObject({ state: 'FAILED', stateName: 'TimedOut', endedAt: expect.any(Date) })
    expect(stateOf('AwaitingRetry')).toMatchObject({ state: 'SCHEDULED', stateName: 'AwaitingRetry', endedAt: undefined })
    expect(stateOf('Submitting')).toMatchObject({ state: 'PENDING', stateName: 'Submitting' })
  })

  it('is of its flow when no deployment started it', () => {
    const subflow = recordedEvents.find(
      ({ event, related }) => event === 'prefect.flow-run.Failed' && !related.some((each) => each['prefect.resource.role'] === 'deployment')
    )
    expect(facts([subflow]).runs).toMatchObject([{ resource: 'prefect.flow.f35a4482-0bb7-431d-82ca-feda120d08da', tags: [] }])
    expect([...facts([subflow]).things.values()]).toEqual([
      { kind: 'FLOW', externalId: 'prefect.flow.f35a4482-0bb7-431d-82ca-feda120d08da', name: 'validate-batch' }
    ])
  })

  it('may be of another orchestrator that sends the same shape', () => {
    const [run] = facts([
      {
        occurred: '2026-11-23T12:00:00Z',
        event: 'acme.flow-run.Broken',
        resource: { 'prefect.resource.id': 'acme/run/7', 'prefect.state-type': 'CRASHED' },
        related: [{ 'prefect.resource.id': 'acme/job/1', 'prefect.resource.role': 'deployment' }]
      }
    ]).runs
    expect(run).toMatchObject({ externalId: 'acme/run/7', resource: 'acme/job/1', state: 'CRASHED', stateName: 'Broken', endedAt: run?.stateAt })
  })

  it.each([
    ['a heartbeat', recorded('prefect.flow-run.heartbeat')],
    ['a pull step', recorded('prefect.flow-run.pull-step.executed')],
    ['the run of a task', recordedEvents.filter(({ event }) => event.startsWith('prefect.task-run.'))],
    ['a worker', recordedEvents.filter(({ event }) => event.startsWith('prefect.worker.'))],
    ['an unknown state', [{ ...failed, resource: { ...failed.resource, 'prefect.state-type': 'EXPLODED' } }]],
    ['a state from the prototype', [{ ...failed, resource: { ...failed.resource, 'prefect.state-type': 'constructor' } }]],
    ['nothing that it is a run of', [{ ...failed, related: [] }]]
  ])('is not told of by %s', (_what, events) => {
    expect(events.length).toBeGreaterThan(0)
    expect(facts(events)).toMatchObject({ runs: [], dependencies: new Map() })
  })

  it('is taken by the event when the label of its time is nonsense, and without a message when that is none', () => {
    const odd = {
      ...failed,
      resource: { ...failed.resource, 'prefect.state-timestamp': 'noon', 'prefect.state-message': '' },
      payload: { validated_state: { message: 7 } }
    }
    expect(facts([odd]).runs).toMatchObject([{ stateAt: new Date('2026-11-23T12:36:26.484Z'), stateMessage: null }])
    expect(facts([{ ...odd, payload: { validated_state: 'x' } }]).runs).toMatchObject([{ stateMessage: null }])
  })
})

describe('assets', () => {
  it('are produced by the deployment that made them, and derived from those they were made of', () => {
    const { dependencies, things, described, runs } = facts(recorded('prefect.asset.materialization.failed'))
    const dbt = 'prefect.deployment.31704a22-7ec1-4ea4-ad86-c0b901f4ca03'
    const orders = 'snowflake://acme/analytics/marts/fct_orders'
    expect([...dependencies.values()].flat()).toEqual([
      { downstream: orders, kind: 'PRODUCED_BY', upstream: dbt, confidence: 'LIKELY' },
      { downstream: orders, kind: 'DERIVED_FROM', upstream: 's3://acme-raw/shop/orders', confidence: 'LIKELY' },
      { downstream: orders, kind: 'DERIVED_FROM', upstream: 'postgres://payments-db/public/payments', confidence: 'LIKELY' }
    ])
    expect(things.get(orders)).toEqual({ kind: 'ASSET', externalId: orders, name: 'fct_orders' })
    expect(things.get('s3://acme-raw/shop/orders')).toEqual({ kind: 'ASSET', externalId: 's3://acme-raw/shop/orders', name: 's3://acme-raw/shop/orders' })
    expect(things.get(dbt)).toEqual({ kind: 'DEPLOYMENT', externalId: dbt, name: 'prod' })
    expect([...described]).toEqual([orders])
    expect(runs).toEqual([])
  })

  it('are produced by the flow where there is no deployment', () => {
    const subflow = recorded('prefect.asset.materialization.succeeded').filter(
      ({ resource }) => resource['prefect.resource.id'] === 's3://acme-features/churn/v3'
    )
    expect(textsOf(facts(subflow))).toEqual([
      's3://acme-features/churn/v3 PRODUCED_BY prefect.flow.5490b104-fbe9-473f-9973-c6efe9360da8',
      's3://acme-features/churn/v3 DERIVED_FROM snowflake://acme/analytics/marts/fct_orders'
    ])
  })

  it('are read by what refers to them', () => {
    expect(textsOf(facts(recorded('prefect.asset.referenced')))).toContain(
      'prefect.deployment.31704a22-7ec1-4ea4-ad86-c0b901f4ca03 READS postgres://payments-db/public/payments'
    )
  })

  it('have one name, whichever event says it', () => {
    const events = recordedEvents.filter(({ event }) => event.startsWith('prefect.asset.'))
    const named = { kind: 'ASSET', externalId: 's3://acme-raw/shop/orders', name: 'Raw shop orders' }
    for (const order of [events, events.toReversed()]) expect(facts(order).things.get(named.externalId)).toEqual(named)
  })

  it('never depend on themselves', () => {
    const [event] = recorded('prefect.asset.materialization.failed') as [RecordedEvent]
    const own = { 'prefect.resource.id': event.resource['prefect.resource.id'], 'prefect.resource.role': 'asset' }
    expect(facts([{ ...event, related: [own] }]).dependencies).toEqual(new Map())
  })
})

describe('what belongs to what', () => {
  const queue = 'prefect.work-queue.1135d3c2-75a8-4250-a491-23ad27bae19b'
  const pool = 'prefect.work-pool.493ce323-318e-41da-a8e1-0805eb027b08'

  it('is told by the events of runs, when no catalogue tells it', () => {
    const deployment = 'prefect.deployment.31704a22-7ec1-4ea4-ad86-c0b901f4ca03'
    expect(textsOf(facts([failed], false))).toEqual([
      `${deployment} BELONGS_TO prefect.flow.02bb3620-470e-4660-a1d7-862279458a04`,
      `${deployment} BELONGS_TO ${queue}`,
      `${queue} BELONGS_TO ${pool}`
    ])
    expect(facts([failed]).dependencies).toEqual(new Map())
  })

  it('is told by the events of the things themselves', () => {
    const events = recorded('prefect.work-queue.ready').filter(({ resource }) => resource['prefect.resource.id'] === queue)
    expect(textsOf(facts(events, false))).toEqual([`${queue} BELONGS_TO ${pool}`])
    expect(textsOf(facts(recorded('prefect.deployment.created').slice(0, 1), false))).toHaveLength(3)
  })
})

it('finds the things whose state is told, where no catalogue tells it', () => {
  const states = recordedEvents.filter(({ event }) => /^prefect\.(work-pool|work-queue|deployment)\.(ready|not-ready|paused)$/.test(event))
  const { described, things } = facts(states, false)
  expect(described.size).toBe(2 + 5 + 8)
  expect(new Set([...described].map((id) => things.get(id)?.kind))).toEqual(new Set(['WORK_POOL', 'WORK_QUEUE', 'DEPLOYMENT']))
  expect(facts(states)).toEqual({ runs: [], things: new Map(), dependencies: new Map(), described: new Set() })
})
