import type { Severity } from '../database/generated/client/client.ts'

/** Most severe first, as SEV-1 to SEV-5. */
export const severities: readonly Severity[] = ['CRITICAL', 'HIGH', 'MODERATE', 'LOW', 'MINOR']

/** `SEV-1` for CRITICAL. */
export function sevLabel(severity: string): string {
  return `SEV-${severities.indexOf(severity as Severity) + 1}`
}

/** A moment to the minute, in UTC, for a line that people read. */
export function isoOf(moment: string): string {
  return `${moment.slice(0, 16).replace('T', ' ')} UTC`
}

export function listOf(parts: (string | false)[]): string {
  return parts.filter((part) => part !== false).join(' and ')
}
