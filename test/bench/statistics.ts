export interface Figures {
  p50: number
  p99: number
}

export function figuresOf(values: ArrayLike<number>): Figures {
  const sorted = Float64Array.from(values).sort()
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}
