// Whether something may run now, answered from memory: HOLD for what an incident that is being worked on affects, or
// what lies downstream of it.
import type { Logger } from 'pino'
import type { Confidence } from '../../database/generated/client/client.ts'
import { RequestError, Unavailable } from '../../errors.ts'
import { severities, sevLabel } from '../../incident/label.ts'
import { isRun } from '../../resource/kind.ts'
import type { Graph } from '../graph/graph.ts'
import type { Graphs } from '../graph/graphs.ts'
import type { ActiveIncident, Lineage } from '../graph/lineage.ts'
import type { Spread, Step } from '../graph/spread.ts'

export type GateDecision = 'ALLOW' | 'HOLD'
/** What the gate does when it cannot know: open lets everything run, closed nothing. */
export type GateFailure = 'open' | 'closed'

export interface GateAnswer {
  readonly decision: GateDecision
  /** Whether it is said of a known resource from an up-to-date state; otherwise it is what was chosen for such cases. */
  readonly certain: boolean
  readonly reason: string
  readonly externalId: string
  readonly resourceId: string | null
  readonly incident: ActiveIncident | null
  /** How sure it is that the harm comes to the resource. */
  readonly confidence: Confidence | null
  /** From the affected resource to this one; empty for one that is affected itself. */
  readonly path: readonly Step[] | null
  /** The external ids on that path, both ends included. */
  readonly through: readonly string[] | null
}

/** What is held in a workspace, as of a version of its lineage. */
interface Held {
  readonly version: number
  readonly spread: Spread
  /** The incident that affects a resource, the most severe of several. */
  readonly incidents: ReadonlyMap<string, ActiveIncident>
  /** What was answered already, by external id. */
  readonly answers: Map<string, GateAnswer>
}

/** So many answers are kept of a workspace until something moves. */
const mostAnswers = 10_000
/** How long an answer may take before it is one of those that cannot be known. */
const patienceMs = 1_000
/** Of a longer path, so many steps are told: the last ones. */
const longestPath = 100

export class Gate {
  readonly #graphs: Graphs
  readonly #fails: GateFailure
  readonly #log: Logger
  readonly #held = new WeakMap<Lineage, Held>()
  readonly #followed = new Set<string>()

  constructor({ graphs, log }: { graphs: Graphs; log: Logger }, fails: GateFailure) {
    this.#graphs = graphs
    this.#log = log
    this.#fails = fails
  }

  /**
   * The answer for a resource of a workspace, within a second: from memory when this node certainly knows how things
   * stand, else after it has caught up. Throws only what finding out the workspace throws for its caller to see.
   */
  async check(workspaceOf: () => Promise<string>, externalId: string): Promise<GateAnswer> {
    const { promise: outOfPatience, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(resolve, patienceMs)
    try {
      const lineage = await Promise.race([this.#lineageOf(workspaceOf), outOfPatience])
      return lineage ? this.#answerFrom(lineage, externalId) : this.#unsure(externalId, 'This node of Mayday could not catch up within a second')
    } catch (error) {
      if (error instanceof RequestError && !(error instanceof Unavailable)) throw error
      this.#log.warn({ err: error }, 'The gate could not be answered')
      return this.#unsure(externalId, 'This node of Mayday cannot know: it does not reach its database')
    } finally {
      clearTimeout(timer)
    }
  }

  async #lineageOf(workspaceOf: () => Promise<string>): Promise<Lineage> {
    const workspaceId = await workspaceOf()
    if (!this.#followed.has(workspaceId)) {
      // Whoever asks once asks again, and should not wait until all is loaded.
      this.#followed.add(workspaceId)
      this.#graphs.follow(workspaceId, () => {})
    }
    return this.#graphs.peek(workspaceId) ?? this.#graphs.of(workspaceId)
  }

  #answerFrom(lineage: Lineage, externalId: string): GateAnswer {
    const held = this.#heldIn(lineage)
    const before = held.answers.get(externalId)
    if (before) return before
    const id = lineage.graph.idOf(externalId)
    if (id === undefined) return this.#unsure(externalId, 'Mayday does not know this resource')
    const answer = answerFor(id, externalId, lineage, held)
    if (held.answers.size < mostAnswers) held.answers.set(externalId, answer)
    return answer
  }

  #heldIn(lineage: Lineage): Held {
    const before = this.#held.get(lineage)
    if (before?.version === lineage.version) return before
    const incidents = new Map<string, ActiveIncident>()
    for (const incident of holding(lineage)) {
      for (const id of incident.originIds) if (!incidents.has(id)) incidents.set(id, incident)
    }
    const held = { version: lineage.version, spread: lineage.graph.spread([...incidents.keys()]), incidents, answers: new Map() }
    this.#held.set(lineage, held)
    return held
  }

  #unsure(externalId: string, why: string): GateAnswer {
    const decision = this.#fails === 'open' ? 'ALLOW' : 'HOLD'
    return { ...free, decision, certain: false, reason: `${why}, and the gate fails ${this.#fails}.`, externalId }
  }
}

const free: Omit<GateAnswer, 'externalId'> = {
  decision: 'ALLOW',
  certain: true,
  reason: 'No incident that is being worked on affects it, or anything upstream of it.',
  resourceId: null,
  incident: null,
  confidence: null,
  path: null,
  through: null
}

function answerFor(id: string, externalId: string, { graph }: Lineage, held: Held): GateAnswer {
  const { incident, confidence, path } = harmTo(id, graph, held)
  if (!incident || confidence === undefined || confidence === 'POSSIBLE') {
    return { ...free, externalId, resourceId: id }
  }
  const through = [...path.map(({ upstreamId }) => upstreamId), id].map((each) => graph.node(each)?.externalId ?? each)
  const where = path.length === 0 ? 'It is affected by' : 'It lies downstream of what is affected by'
  const reason = `${where} INC-${incident.number} (${sevLabel(incident.severity)}, ${incident.status}): ${incident.title}`
  return { decision: 'HOLD', certain: true, reason, externalId, resourceId: id, incident, confidence, path, through }
}

interface Harm {
  readonly incident: ActiveIncident | undefined
  readonly confidence: Confidence | undefined
  readonly path: readonly Step[]
}

/** The harm that comes to a resource the surest way, then the shortest. */
function harmTo(id: string, graph: Graph, { spread, incidents }: Held): Harm {
  const node = graph.node(id)
  if (!node || node.gone || !isRun(node.kind)) {
    return { incident: incidents.get(spread.originOf(id) ?? ''), confidence: spread.confidenceOf(id), path: spread.pathTo(id, longestPath) ?? [] }
  }
  // No impact counts a run as one of its resources, but what holds up what it belongs to holds it up as well.
  const upstream = graph.upstreamOf([id])
  const originId = [...upstream.nodes()].find((each) => incidents.has(each.id))?.id ?? ''
  return { incident: incidents.get(originId), confidence: upstream.confidenceOf(originId), path: (upstream.pathTo(originId) ?? []).slice(-longestPath) }
}

/** The incidents that hold work up, the most severe first. Under MONITORING it runs: by its runs a fix is watched. */
function holding({ incidents }: Lineage): ActiveIncident[] {
  return [...incidents.values()]
    .filter(({ status }) => status !== 'MONITORING')
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.number - b.number)
}
