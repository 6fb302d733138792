// Moments as orchestrators write them.

const shape = /^(\d{4})-(\d\d)-(\d\d)[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i

/** A date and time as in RFC 3339, to the millisecond; undefined for anything else, and for what no database or person makes sense of. */
export function parseRfc3339(text: string): Date | undefined {
  const [, year, month, day] = shape.exec(text) ?? []
  if (year === undefined || year < '1970' || year > '2999' || !isDay(Number(year), Number(month), Number(day))) return undefined
  const moment = new Date(text.toUpperCase().replace(' ', 'T'))
  return Number.isNaN(moment.getTime()) || moment.getTime() < 0 ? undefined : moment
}

/** JavaScript would take the 30th of February for a day in March. */
function isDay(year: number, month: number, day: number): boolean {
  return day <= 28 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
}
