import { InvalidInput } from './errors.ts'

const units = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000]

/** Milliseconds of an ISO 8601 duration in weeks, days, hours, minutes and seconds; years and months have no fixed length and are refused. */
export function durationMs<Absent extends null | undefined>(duration: string | Absent, field: string): number | Absent {
  if (duration === null || duration === undefined) return duration
  const parts = /^P(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/.exec(duration)
  if (!parts) throw new InvalidInput([{ field, rule: 'must be a duration in weeks, days, hours, minutes and seconds, such as P1DT12H' }])
  return Math.round(units.reduce((total, unit, index) => total + unit * Number((parts[index + 1] ?? '0').replace(',', '.')), 0))
}

/** An ISO 8601 duration in days, hours, minutes and seconds. */
export function isoDuration(milliseconds: number): string {
  const [days, hours, minutes] = [Math.floor(milliseconds / 86_400_000), Math.floor(milliseconds / 3_600_000) % 24, Math.floor(milliseconds / 60_000) % 60]
  const seconds = (milliseconds % 60_000) / 1_000
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds || (!days && !hours && !minutes) ? `${seconds}S` : ''}`
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`
}
