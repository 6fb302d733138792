// One telling of a plot: a story, which goes on step by step, each of them by the key of who does it.
import type { DemoResource } from './catalogue.ts'
import { documents, type Handle, type Result } from './documents.ts'
import type { Deed, Plot, Step } from './plots/plot.ts'
import type { Actor, Stage } from './stage.ts'

/** Somebody else, such as a visitor, has taken the incident another way; the story ends there. */
class Interrupted extends Error {}

export class Story {
  readonly plot: Plot
  readonly #stage: Stage
  readonly #isFirstTelling: boolean
  #taken = 0
  #incident: Handle | undefined
  #duplicate: Handle | undefined
  #comment: { id: string; version: number } | undefined

  constructor(stage: Stage, plot: Plot, isFirstTelling: boolean) {
    this.#stage = stage
    this.plot = plot
    this.#isFirstTelling = isFirstTelling
  }

  get isOver(): boolean {
    return this.#taken > this.plot.steps.length
  }

  /** Does the next step, and says what happened in a line. */
  async advance(): Promise<string> {
    const index = this.#taken++
    try {
      const step = this.plot.steps[index - 1]
      const line = step ? `${this.#stage.nameOf(step.by)} ${await this.#do(step)}` : await this.#open()
      return `${this.#incident?.reference}  ${line}`
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error
      this.#taken = this.plot.steps.length + 1
      return `${this.#incident?.reference}  is in other hands now (${error.message})`
    }
  }

  async #open(): Promise<string> {
    const { by, tags, severity, ...what } = this.plot.opening
    if ('title' in what) {
      this.#incident = await this.#declare(by, 'declare', { ...what, severity, tags })
      return `${this.#stage.nameOf(by)} declares: ${what.title}`
    }
    const resource = this.#stage.catalogue.find(...what.resource)
    const affected = resource.kind === 'FLOW_RUN' && !this.#isFirstTelling ? this.#stage.catalogue.another(resource) : resource
    this.#incident = await this.#declareFrom(by, affected, { tags, severity })
    return `${this.#stage.nameOf(by)} declares from ${affected.name} (${affected.state ?? 'no state'})`
  }

  async #do(step: Step): Promise<string> {
    const { by, after: _, ...deed } = step
    switch (deed.does) {
      case 'say': {
        this.#comment = await this.#write(by, 'say', { incidentId: this.#known.id, body: deed.text })
        return `comments: ${deed.text}`
      }
      case 'correct': {
        this.#comment = await this.#write(by, 'correct', { id: this.#comment?.id, version: this.#comment?.version, body: deed.text })
        return 'corrects the comment'
      }
      case 'report': {
        const resource = { ...this.#stage.catalogue.find(...deed.resource), state: deed.state, stateMessage: deed.message ?? null }
        await this.#stage.take(resource)
        return `reports ${resource.name}: ${deed.state}`
      }
      case 'declare again': {
        const run = this.#stage.catalogue.another(this.#stage.catalogue.find(...deed.run))
        this.#incident = await this.#declareFrom(by, run, {})
        return `declares again, from ${run.name}: attached`
      }
      case 'duplicate': {
        const { title, severity, tags } = deed
        this.#duplicate = await this.#declare(by, 'declare', { title, severity, tags })
        return `has declared the same as ${this.#duplicate.reference}: ${title}`
      }
      case 'merge': {
        const duplicate = this.#duplicate ?? this.#known
        this.#duplicate = await this.#move(by, 'merge', duplicate, { intoId: this.#known.id, note: deed.note })
        // The survivor has absorbed it, which is a new version.
        this.#incident = { ...this.#known, version: this.#known.version + 1 }
        return `merges ${duplicate.reference} into it`
      }
      default:
        this.#incident = await this.#move(by, deed.does, this.#known, this.#inputOf(deed))
        return this.#wordsOf(deed)
    }
  }

  get #known(): Handle {
    if (!this.#incident) throw new Error('A story begins with its declaration')
    return this.#incident
  }

  #inputOf(deed: Extract<Deed, { does: keyof typeof documents }>): Record<string, unknown> {
    if (deed.does === 'link' || deed.does === 'unlink')
      return { resourceIds: deed.resources.map((named) => this.#stage.resourceId(this.#stage.catalogue.find(...named))) }
    const { does: _, ...input } = deed
    if (!('lead' in input)) return input
    const { lead, ...rest } = input
    return { ...rest, leadId: lead && this.#stage.memberId(lead) }
  }

  async #declareFrom(by: Actor, resource: DemoResource, more: Record<string, unknown>): Promise<Handle> {
    const [resourceId] = await this.#stage.take(resource)
    return this.#declare(by, 'declareFromResource', { resourceId, ...more })
  }

  async #declare(by: Actor, name: 'declare' | 'declareFromResource', input: Record<string, unknown>): Promise<Handle> {
    const { result } = await this.#stage.as<Result>(by, documents[name], { input })
    if (!result.incident) throw new Interrupted(result.message)
    return result.incident
  }

  async #write(by: Actor, name: 'say' | 'correct', input: Record<string, unknown>) {
    const { result } = await this.#stage.as<Result>(by, documents[name], { input })
    if (!result.comment) throw new Interrupted(result.message)
    return result.comment
  }

  /** An edit on the newest version: when somebody else was faster, once more on theirs. */
  async #move(by: Actor, name: keyof typeof documents, { id, version }: Handle, input: Record<string, unknown>): Promise<Handle> {
    const { result } = await this.#stage.as<Result>(by, documents[name], { input: { id, version, ...input } })
    if (result.incident) return result.incident
    if (result.currentVersion === undefined) throw new Interrupted(result.message)
    return this.#move(by, name, { ...this.#known, id, version: result.currentVersion }, input)
  }

  #wordsOf(deed: Extract<Deed, { does: keyof typeof documents }>): string {
    switch (deed.does) {
      case 'acknowledge':
        return `acknowledges${noted(deed.note)}`
      case 'go':
        return `moves it to ${deed.status}${noted(deed.note)}`
      case 'resolve':
        return `resolves: ${deed.resolution}`
      case 'change':
        return `changes ${Object.entries(deed)
          .flatMap(([name, value]) => (name === 'does' ? [] : `${name} to ${name === 'lead' ? this.#stage.nameOf(value as Actor) : value}`))
          .join(', ')}`
      case 'link':
      case 'unlink':
        return `${deed.does}s ${deed.resources.map(([, name]) => name).join(', ')}`
      case 'say':
      case 'correct':
      case 'merge':
        return deed.does
      default:
        return `${deed.does}s it${noted(deed.note)}`
    }
  }
}

function noted(note: string | undefined): string {
  return note ? `: ${note}` : ''
}
