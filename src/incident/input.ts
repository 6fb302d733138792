// The shape of what the mutations on incidents take. The limits stand in the SDL descriptions too, for callers.
import { z } from 'zod'
import { idempotencyKey, moment, optionalText, requiredText, version } from '../input.ts'
import { severities } from './label.ts'

const severity = z.enum(severities as [string, ...string[]]).transform((value) => value as (typeof severities)[number])
const rowId = z.string()
export const tagLimits = { entries: 20, each: 50 }
const tags = z
  .array(requiredText(tagLimits.each))
  .max(tagLimits.entries, `must have at most ${tagLimits.entries} tags`)
  .transform((list) => [...new Set(list)].sort())
const resourceIds = z
  .array(rowId)
  .max(100, 'must have at most 100 resources')
  .transform((list) => [...new Set(list)])
const longText = z.string().trim().max(10_000, 'must have at most 10000 characters').nullish()
const note = optionalText(2_000)

export const declareInput = z.object({
  title: requiredText(200),
  summary: optionalText(10_000),
  severity,
  startedAt: moment.nullish(),
  tags: tags.nullish().transform((list) => list ?? []),
  resourceIds: resourceIds.nullish().transform((list) => list ?? []),
  leadId: rowId.nullish(),
  dedupKey: requiredText(200).nullish(),
  dedupPolicy: z
    .enum(['ATTACH', 'REFUSE', 'REOPEN'])
    .nullish()
    .transform((policy) => policy ?? 'ATTACH'),
  upstreamPolicy: z
    .enum(['DECLARE', 'ATTACH'])
    .nullish()
    .transform((policy) => policy ?? 'DECLARE'),
  /** In milliseconds. */
  reopenWindow: z
    .number()
    .min(1_000, 'must be at least one second')
    .max(90 * 86_400_000, 'must be at most 90 days')
    .nullish()
    .transform((window) => window ?? 86_400_000),
  idempotencyKey
})

export interface DeclareInput extends z.output<typeof declareInput> {
  /** Resources that only tell where the affected ones are. */
  readonly contextIds?: readonly string[]
}

export const fromResourceInput = declareInput.omit({ resourceIds: true }).extend({
  resourceId: rowId,
  title: requiredText(200).nullish(),
  summary: optionalText(10_000),
  severity: severity.nullish()
})

export const fromRunInput = fromResourceInput
  .omit({ resourceId: true })
  .extend({ runId: rowId.nullish(), externalId: requiredText(300).nullish(), tags: tags.nullish() })
  .refine(({ runId, externalId }) => (typeof runId === 'string') !== (typeof externalId === 'string'), {
    path: ['runId'],
    error: 'must be given, or externalId, and not both'
  })

export const updateInput = z.object({
  id: rowId,
  version,
  title: requiredText(200).nullish(),
  summary: longText,
  resolution: longText,
  rootCause: longText,
  severity: severity.nullish(),
  startedAt: moment.nullish(),
  tags: tags.nullish(),
  leadId: rowId.nullish()
})

export const linkInput = z.object({ id: rowId, version, resourceIds: resourceIds.refine((list) => list.length > 0, 'must name at least one resource') })

export const moveInput = z.object({ id: rowId, version, note })

export const changeStatusInput = moveInput.extend({ status: z.enum(['INVESTIGATING', 'IDENTIFIED', 'MONITORING']) })

export const resolveInput = moveInput.extend({ resolution: optionalText(10_000), rootCause: optionalText(10_000) })

export const mergeInput = moveInput.extend({ intoId: rowId })
