/** How long to wait after so many failures in a row: twice as long each time, up to a limit, and never two nodes alike. */
export function backoffMs(failures: number, firstMs: number, mostMs: number): number {
  const full = Math.min(firstMs * 2 ** Math.min(failures - 1, 20), mostMs)
  return full / 2 + (Math.random() * full) / 2
}
