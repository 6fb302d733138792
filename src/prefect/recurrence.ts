// Recurrence rules (RFC 5545) as Prefect reads them: in wall time, whatever zone stands in their text. Pure.
import { createContext, Script } from 'node:vm'
import rrule from 'rrule'

const { RRule, RRuleSet, rrulestr } = rrule
const dayMs = 86_400_000
/** Prefect's own start of rules that tell none. */
const usualStart = new Date(Date.UTC(2020, 0, 1))
/** Some rules are looked through without end, since nothing ever fits them; those are given up. */
const mostMs = 200
const bounded = new Script('work()')
/** How long the periods are that rules count in, where they are all as long. */
const periods = new Map([
  [RRule.WEEKLY, 7 * dayMs],
  [RRule.DAILY, dayMs],
  [RRule.HOURLY, 3_600_000],
  [RRule.MINUTELY, 60_000],
  [RRule.SECONDLY, 1_000]
])

/** What gives the wall times after one and until another, the first of them only. Throws when the text is no rule. */
export function recurrence(text: string, most: number): (after: number, until: number) => number[] {
  const given = rrulestr(text, { forceset: true, dtstart: usualStart }) as Rules
  let isHopeless = false
  return (after, until) => {
    if (isHopeless) return []
    const work = () => startedNear(given, after).between(new Date(after + 1), new Date(until), true, (_at, count) => count < most)
    try {
      const found: Date[] = bounded.runInContext(createContext({ work }), { timeout: mostMs })
      return found.slice(0, most).map((at) => at.getTime())
    } catch (error) {
      isHopeless = true
      throw error
    }
  }
}

type Rules = InstanceType<typeof RRuleSet>
type Rule = InstanceType<typeof RRule>

/** The same rules, begun so many whole periods later that there is little to look through. */
function startedNear(given: Rules, after: number): Rules {
  const near = ({ origOptions }: Rule) => {
    const start = origOptions.dtstart ?? usualStart
    const period = (periods.get(origOptions.freq ?? RRule.YEARLY) ?? 0) * (origOptions.interval ?? 1)
    const isMovable = period > 0 && typeof origOptions.count !== 'number' && start.getTime() < after
    const moved = isMovable ? new Date(after - ((after - start.getTime()) % period)) : start
    return new RRule({ ...origOptions, dtstart: moved, tzid: null }, true)
  }
  const rules = new RRuleSet(true)
  for (const rule of given.rrules()) rules.rrule(near(rule))
  for (const rule of given.exrules()) rules.exrule(near(rule))
  for (const date of given.rdates()) rules.rdate(date)
  for (const date of given.exdates()) rules.exdate(date)
  return rules
}
