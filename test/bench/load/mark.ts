// What makes one change's text unlike any other's, so that it is known again in answers and frames.

/** What stands in an operation's variables where the mark goes. */
export const markPlace = '{mark}'

const start = 'bench-'
const digits = 13
/** From the clock, so that what an earlier run has left is older than anything of this one. */
let last = Date.now()

/** A number for a mark, greater than all before it. */
export function nextMark(): number {
  return ++last
}

export function markOf(number: number): string {
  return `${start}${String(number).padStart(digits, '0')}`
}

/** The greatest number whose mark is in a text; 0 when there is none. */
export function newestMark(text: Buffer): number {
  let newest = 0
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    newest = Math.max(newest, Number(text.toString('latin1', at + start.length, at + start.length + digits)) || 0)
  }
  return newest
}
