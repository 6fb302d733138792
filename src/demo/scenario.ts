// What plays: first the past, told at its own times, then one step every few seconds until it is stopped.
import { pause } from '../pause.ts'
import type { DemoClock } from './clock.ts'
import { platformPlots } from './plots/platform.ts'
import type { Plot } from './plots/plot.ts'
import { runPlots } from './plots/runs.ts'
import type { Stage } from './stage.ts'
import { Story } from './story.ts'
import { Work } from './work.ts'

const plots = [...runPlots, ...platformPlots]
const minute = 60_000
const day = 24 * 60
/** How many incidents are told at once. */
const fewest = 3
const most = 6

/** When, in minutes ago, which plot began in the past, and how many of its steps were taken. */
const past: { plot: string; minutesAgo: number; steps?: number }[] = [
  { plot: 'crm', minutesAgo: 13 * day + 300 },
  { plot: 'pool', minutesAgo: 11 * day + 700 },
  { plot: 'canary', minutesAgo: 9 * day + 100 },
  { plot: 'bank', minutesAgo: 8 * day + 400 },
  { plot: 'orders', minutesAgo: 6 * day + 250 },
  { plot: 'dashboard', minutesAgo: 5 * day + 130 },
  { plot: 'dbt', minutesAgo: 3 * day + 500 },
  { plot: 'queue', minutesAgo: 2 * day + 80 },
  { plot: 'churn', minutesAgo: day + 240, steps: 8 },
  { plot: 'cost', minutesAgo: 170, steps: 4 },
  { plot: 'bank', minutesAgo: 64, steps: 4 },
  { plot: 'orders', minutesAgo: 31, steps: 4 },
  { plot: 'crm', minutesAgo: 12, steps: 1 },
  { plot: 'pool', minutesAgo: 5, steps: 1 }
]

/** When the workspace was made. */
export function beginOfPast(): Date {
  return new Date(Date.now() - 14 * day * minute)
}

export class Scenario {
  readonly #stage: Stage
  readonly #told = new Map<string, number>()
  #running: Story[] = []

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** Plays what has happened until now, in the order of its times; what is not over goes on later. */
  async tellPast(clock: DemoClock): Promise<void> {
    const now = Date.now()
    const moments = past.flatMap(({ plot: name, minutesAgo, steps }) => {
      const story = this.#begin(plots.find((plot) => plot.name === name) as Plot)
      const moments = [{ at: now - minutesAgo * minute, story }]
      for (const { after } of story.plot.steps.slice(0, steps)) moments.push({ at: (moments.at(-1)?.at ?? now) + after * minute, story })
      return moments
    })
    for (const { at, story } of moments.sort((a, b) => a.at - b.at)) {
      clock.tell(new Date(at))
      await story.advance()
    }
    clock.goLive()
    this.#running = this.#running.filter(({ isOver }) => !isOver)
  }

  /** Takes a step every few seconds, for ever; `said` hears of each. Ends when it is told to. */
  async play(said: (line: string) => void, { signal }: { signal: AbortSignal }): Promise<void> {
    const work = new Work(this.#stage.catalogue, new Date())
    while (!signal.aborted) {
      await this.#stage.report(work.news(new Date()))
      said(await this.#next().advance())
      this.#running = this.#running.filter(({ isOver }) => !isOver)
      await pause(2_500 + Math.random() * 3_000, signal)
    }
  }

  /** A story that runs, or one more: of the plot that was told least often and is not being told. */
  #next(): Story {
    const count = this.#running.length
    const begins = count < fewest || (count < most && Math.random() < 0.15)
    if (!begins) return this.#running[Math.floor(Math.random() * count)] as Story
    const idle = plots.filter((plot) => !this.#running.some((story) => story.plot === plot))
    return this.#begin(idle.sort((a, b) => this.#timesTold(a) - this.#timesTold(b))[0] as Plot)
  }

  #begin(plot: Plot): Story {
    const story = new Story(this.#stage, plot, this.#timesTold(plot) === 0)
    this.#told.set(plot.name, this.#timesTold(plot) + 1)
    this.#running.push(story)
    return story
  }

  #timesTold({ name }: Plot): number {
    return this.#told.get(name) ?? 0
  }
}
