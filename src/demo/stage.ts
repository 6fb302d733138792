// Who acts in the demo and on what, by the public API only: each person or tool has an API key of its own.
import type { Catalogue, DemoResource } from './catalogue.ts'
import { assetEvents, type DemoRun } from './work.ts'

const people = {
  mira: { name: 'Mira Okafor', email: 'mira@acme.example' },
  jonas: { name: 'Jonas Weber', email: 'jonas@acme.example' },
  aiko: { name: 'Aiko Tanaka', email: 'aiko@acme.example' },
  daniel: { name: 'Daniel Ruiz', email: 'daniel@acme.example' },
  priya: { name: 'Priya Nair', email: 'priya@acme.example' }
} as const

const tools = { watch: 'prefect-watch', alerts: 'freshness-alerts' } as const

export type Person = keyof typeof people
export type Actor = Person | keyof typeof tools

const addMember = `mutation ($input: AddMemberInput!) {
  addMember(input: $input) { ... on MemberPayload { member { id } } ... on Error { message } }
}`
const createApiKey = `mutation ($name: String!) { createApiKey(input: { name: $name, role: RESPONDER }) { secret } }`
const upsertResources = `mutation ($resources: [ResourceInput!]!) { upsertResources(input: { resources: $resources }) { resources { id externalId } } }`

const ingestEvents = `mutation ($events: [JSON!]!) { ingestEvents(input: { events: $events }) { accepted rejected { reason } } }`
const upsertRuns = `mutation ($runs: [RunInput!]!) { upsertRuns(input: { runs: $runs }) { rejected { reason } } }`
/** The most runs that one request takes. */
const mostRuns = 500

export class Stage {
  readonly catalogue: Catalogue
  readonly #url: string
  readonly #adminKey: string
  readonly #keys = new Map<Actor, string>()
  readonly #members = new Map<Person, string>()
  readonly #resources = new Map<string, string>()

  constructor(url: string, adminKey: string, catalogue: Catalogue) {
    this.#url = `${url}/graphql`
    this.#adminKey = adminKey
    this.catalogue = catalogue
  }

  /** Names the workspace, brings in the people and the tools, and takes in the resources and what depends on what. */
  async set(now: Date): Promise<void> {
    await this.#ask(this.#adminKey, 'mutation { updateWorkspace(name: "Acme data platform") { cursor } }')
    for (const [person, { name, email }] of Object.entries(people)) {
      const input = { name, email, subject: email, role: 'RESPONDER' }
      const { addMember: added } = await this.#ask<{ addMember: { member: { id: string } } }>(this.#adminKey, addMember, { input })
      this.#members.set(person as Person, added.member.id)
    }
    for (const [actor, name] of [...Object.entries(people).map(([person, { name }]) => [person, name]), ...Object.entries(tools)]) {
      const { createApiKey: made } = await this.#ask<{ createApiKey: { secret: string } }>(this.#adminKey, createApiKey, { name })
      this.#keys.set(actor as Actor, made.secret)
    }
    await this.take(...this.catalogue.resources)
    await this.as('watch', ingestEvents, { events: assetEvents(now) })
  }

  /** The tool that watches the orchestrator reports runs. */
  async report(runs: DemoRun[]): Promise<void> {
    for (let start = 0; start < runs.length; start += mostRuns) await this.as('watch', upsertRuns, { runs: runs.slice(start, start + mostRuns) })
  }

  nameOf(actor: Actor): string {
    return actor in people ? people[actor as Person].name : tools[actor as keyof typeof tools]
  }

  /** The id of a person as a member. */
  memberId(person: Person): string {
    return this.#members.get(person) ?? ''
  }

  /** The tool that watches the orchestrator reports resources; their ids. */
  async take(...resources: DemoResource[]): Promise<string[]> {
    const { upsertResources: taken } = await this.as<{ upsertResources: { resources: { id: string; externalId: string }[] } }>('watch', upsertResources, {
      resources
    })
    for (const { id, externalId } of taken.resources) this.#resources.set(externalId, id)
    return taken.resources.map(({ id }) => id)
  }

  /** The id of a resource that was taken in. */
  resourceId({ externalId }: DemoResource): string {
    return this.#resources.get(externalId) ?? ''
  }

  /** Sends an operation with the key of one of them. */
  as<Data>(actor: Actor, query: string, variables: Record<string, unknown>): Promise<Data> {
    return this.#ask(this.#keys.get(actor) ?? '', query, variables)
  }

  async #ask<Data>(key: string, query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables })
    })
    const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] }
    if (!data || errors) throw new Error(`The demo's own request failed: ${errors?.map(({ message }) => message).join('; ')}`)
    return data
  }
}
