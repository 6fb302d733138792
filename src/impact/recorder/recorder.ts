// Keeps the headline figures of every active incident up to date, on one node for all. It recounts when something moves
// that they are made of, at most once a second, and now and then because the clock moves.
import type { Core } from '../../core.ts'
import { type Leadership, lead } from '../../database/lease.ts'
import { patience, pause } from '../../pause.ts'
import { decodeRunsMoved, runChannel } from '../../run/notification.ts'
import { activeWorkspaces, endedUnsaid } from './active.ts'
import { FollowedWorkspace } from './followed.ts'

/** No incident is counted more often. */
const restMs = 1_000
/** What is upcoming becomes late, and what is far comes near, without anyone telling. */
const sweepMs = 30_000

/** Takes part in keeping the figures. */
export async function startRecorder(core: Core): Promise<Leadership> {
  let recorder: Recorder | undefined
  await core.database.listen(runChannel, {
    notified: (payload) => {
      const moved = decodeRunsMoved(payload)
      if (moved) recorder?.runsMoved(moved.workspaceId, moved.resourceIds)
    },
    lost: () => {},
    reconnected: () => recorder?.lookAtAll()
  })
  core.feed.onHeard((workspaceId) => recorder?.workspaceMoved(workspaceId))
  const work = async (signal: AbortSignal) => {
    recorder = new Recorder(core)
    await recorder.run(signal).finally(() => {
      recorder = undefined
    })
  }
  return lead(core.database, 'impact', work, (error) => core.log.error({ err: error }, 'The impact of incidents could not be recorded; trying again'))
}

class Recorder {
  readonly #core: Core
  readonly #followed = new Map<string, FollowedWorkspace>()
  /** Workspaces that have moved, and may have an active incident by now. */
  readonly #unsure = new Set<string>()
  #news = Promise.withResolvers<void>()
  #sweepAt = 0

  constructor(core: Core) {
    this.#core = core
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      for (const { workspaceId, incidentId } of await endedUnsaid(this.#core.database)) this.#follow(workspaceId).ended(incidentId)
      while (!signal.aborted) {
        await this.#round(signal)
        await pause(restMs, signal)
        await patience(this.#news.promise, Math.max(this.#sweepAt - performance.now(), 0), signal)
      }
    } finally {
      for (const workspace of this.#followed.values()) workspace.stop()
    }
  }

  runsMoved(workspaceId: string, resourceIds: readonly string[] | null): void {
    if (this.#followed.get(workspaceId)?.runsMoved(resourceIds)) this.#news.resolve()
  }

  workspaceMoved(workspaceId: string): void {
    if (this.#followed.has(workspaceId)) return
    this.#unsure.add(workspaceId)
    this.#news.resolve()
  }

  /** What was told while nobody heard is unknown. */
  lookAtAll(): void {
    this.#sweepAt = 0
    this.#news.resolve()
  }

  async #round(signal: AbortSignal): Promise<void> {
    this.#news = Promise.withResolvers()
    const all = performance.now() >= this.#sweepAt
    const unsure = [...this.#unsure]
    this.#unsure.clear()
    if (all) this.#sweepAt = performance.now() + sweepMs
    if (all || unsure.length > 0) for (const id of await activeWorkspaces(this.#core.database, all ? null : unsure)) this.#follow(id)
    for (const [workspaceId, workspace] of this.#followed) {
      if (signal.aborted) return
      if (all) workspace.lookAtAll()
      try {
        await workspace.count()
      } catch (error) {
        if (signal.aborted) return
        workspace.lookAtAll()
        this.#core.log.warn({ err: error, workspaceId }, 'The impact of incidents could not be counted; trying again')
        this.#news.resolve()
      }
      if (!workspace.isIdle) continue
      workspace.stop()
      this.#followed.delete(workspaceId)
    }
  }

  #follow(workspaceId: string): FollowedWorkspace {
    let workspace = this.#followed.get(workspaceId)
    if (!workspace) {
      workspace = new FollowedWorkspace(this.#core, workspaceId, () => this.#news.resolve())
      this.#followed.set(workspaceId, workspace)
    }
    return workspace
  }
}
