// What is to be reached: a bound on a figure, or on its ratio to the one beside it.
import type { Row } from './measurement.ts'

export interface Goal {
  readonly of: 'value' | 'ratio'
  readonly least: boolean
  readonly bound: number
}

export const valueAtLeast = (bound: number): Goal => ({ of: 'value', least: true, bound })
export const valueAtMost = (bound: number): Goal => ({ of: 'value', least: false, bound })
export const ratioAtLeast = (bound: number): Goal => ({ of: 'ratio', least: true, bound })
export const ratioAtMost = (bound: number): Goal => ({ of: 'ratio', least: false, bound })

/** What the best of other GraphQL servers reached of the same floor, measured once on another machine, as issue 3 has it. */
export const bestPeer = { wall: 241 / 353, incident: 736 / 1328, list: 804 / 1457, comment: 1206 / 2611 }

/** How many times as much the same best gave as Yoga, Pothos and Prisma put together as their guides say, also from there. */
export const timesDocumented = { wall: 241 / 97, incident: 736 / 219, list: 804 / 392 }

export function isMet({ value, floor }: Row, { of, least, bound }: Goal): boolean {
  const reached = of === 'value' ? value : value / (floor ?? Number.NaN)
  return least ? reached >= bound : reached <= bound
}

/** Two engines that do the same are never measured quite the same. */
const asGood = 0.9

/** Goals of the embedded engine that come from what PostgreSQL gave in the same run. */
export function equalTo(rows: readonly Row[], others: readonly Row[]): Row[] {
  return rows.map((row) => {
    if (!row.equalOnEngines) return row
    const other = others.find(({ equalOnEngines }) => equalOnEngines === row.equalOnEngines)
    return { ...row, goals: other ? [valueAtLeast(asGood * other.value)] : [] }
  })
}
