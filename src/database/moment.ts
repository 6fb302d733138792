// Reads timestamps: with their many columns, that is most of what reading rows costs.

/** A `timestamptz` in the usual shape, such as `2026-11-23 03:04:05.678+00`; undefined for any other (infinity, BC, year 12026). */
export function parseMoment(text: string): Date | undefined {
  const length = text.length
  if (text.charCodeAt(4) !== dash || text.charCodeAt(10) !== blank || text.charCodeAt(0) === zero) return undefined
  let end = 19
  let milliseconds = 0
  if (text.charCodeAt(end) === point) {
    end = Math.min(length - 3, 23)
    for (let index = 20, worth = 100; index < end; index++, worth /= 10) milliseconds += digit(text, index) * worth
  }
  const sign = text.charCodeAt(end)
  if (end !== length - 3 || (sign !== plus && sign !== dash)) return undefined
  const offset = two(text, end + 1)
  return new Date(
    Date.UTC(
      two(text, 0) * 100 + two(text, 2),
      two(text, 5) - 1,
      two(text, 8),
      two(text, 11) + (sign === plus ? -offset : offset),
      two(text, 14),
      two(text, 17),
      milliseconds
    )
  )
}

const [zero, plus, dash, point, blank] = [48, 43, 45, 46, 32]

function digit(text: string, index: number): number {
  return text.charCodeAt(index) - zero
}

function two(text: string, index: number): number {
  return digit(text, index) * 10 + digit(text, index + 1)
}
