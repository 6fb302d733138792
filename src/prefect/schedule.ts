// When the schedules of deployments let runs begin, as Prefect's own scheduler finds it: cron and recurrence rules go by
// the clock on the wall; intervals by elapsed time, or by days on the calendar when they are a day or longer. Pure.
import { Cron } from 'croner'
import type { z } from 'zod'
import { recurrence } from './recurrence.ts'
import { cronRow, intervalRow, rruleRow } from './rows.ts'
import { Zone } from './zone.ts'

/** Of one schedule no more times are given at once. */
export const mostTimes = 1_500
const dayMs = 86_400_000
/** No clock goes back by more. */
const backMs = 7_200_000

/** The times after one moment and until another, in order. Never throws. */
export type Times = (after: number, until: number) => number[]

/** Undefined when the schedule cannot be read. */
export function timesOf(schedule: unknown): Times | undefined {
  try {
    const times = readable(schedule)
    return times && safely(times)
  } catch {
    return undefined
  }
}

function readable(schedule: unknown): Times | undefined {
  const cron = cronRow.safeParse(schedule).data
  if (cron) return cronTimes(cron)
  const interval = intervalRow.safeParse(schedule).data
  if (interval) return intervalTimes(interval)
  const rule = rruleRow.safeParse(schedule).data
  return rule && onTheWall(recurrence(rule.rrule, mostTimes), Zone.named(rule.timezone ?? 'UTC'))
}

function safely(times: Times): Times {
  return (after, until) => {
    try {
      return times(after, until)
    } catch {
      return []
    }
  }
}

function cronTimes({ cron, day_or, timezone }: z.output<typeof cronRow>): Times {
  const pattern = new Cron(secondsFirst(cron), { utcOffset: 0, sloppyRanges: true, domAndDow: day_or === false })
  const walls: Times = (after, until) => {
    const found: number[] = []
    for (let at = pattern.nextRun(new Date(after)); at && at.getTime() <= until && found.length < mostTimes; at = pattern.nextRun(at)) found.push(at.getTime())
    return found
  }
  return onTheWall(walls, Zone.named(timezone ?? 'UTC'))
}

/** Prefect has the seconds behind the five usual fields, where they are given at all. */
function secondsFirst(cron: string): string {
  const fields = cron.trim().split(/\s+/)
  const [seconds, ...year] = fields.splice(5)
  return [...(seconds === undefined ? [] : [seconds]), ...fields, ...year].join(' ')
}

/** Wall times that are shown twice count once; those that are skipped become later ones, maybe the same as others. */
function onTheWall(walls: Times, zone: Zone): Times {
  return (after, until) => {
    // Where clocks have just gone back, they showed more a moment ago.
    const last = Math.max(zone.wallOf(until), zone.wallOf(until - backMs) + backMs)
    const instants = walls(zone.wallOf(after), last).map((wall) => zone.instantOf(wall))
    return [...new Set(instants)].filter((at) => at > after && at <= until).sort((one, other) => one - other)
  }
}

function intervalTimes({ interval, anchor_date, timezone }: z.output<typeof intervalRow>): Times {
  const anchor = anchor_date.getTime()
  const stepMs = interval * 1_000
  const zone = Zone.named(timezone ?? 'UTC')
  const days = Math.floor(stepMs / dayMs)
  const next = (at: number) => (days === 0 ? at + stepMs : zone.instantOf(zone.wallOf(at) + days * dayMs) + (stepMs - days * dayMs))
  return (after, until) => {
    const found = new Set<number>()
    // Prefect comes near by elapsed time, whatever clocks did meanwhile, and goes on from there.
    let at = anchor + Math.trunc((after - anchor) / stepMs) * stepMs
    while (Math.round(at) <= after) at = next(at)
    for (; Math.round(at) <= until && found.size < mostTimes; at = next(at)) found.add(Math.round(at))
    return [...found]
  }
}
