// What Mayday reads of the rows that Prefect's API gives. All else in them is left out, also what later versions add.
import { z } from 'zod'
import { blockNamesIn } from './block.ts'

const id = z.uuid()
const optionalId = id.nullish()
const texts = z
  .array(z.unknown())
  .nullish()
  .transform((values) => (values ?? []).filter((value) => typeof value === 'string'))
const labels = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((values) => values ?? {})
const moment = z
  .string()
  .nullish()
  .transform((text) => {
    const at = new Date(text ?? '')
    return Number.isNaN(at.getTime()) ? null : at
  })

/** Half of a surrogate pair has no place in an address. */
const name = z
  .string()
  .min(1)
  .max(1_000)
  .transform((text) => text.toWellFormed())
const optionalName = name.nullish().catch(null)
/** Of a template, which may be large, no more is kept than the names of the blocks in it. */
const template = z.unknown().transform(blockNamesIn).optional()

const thing = z.object({ id, name, labels, tags: texts })
const status = z.string().nullish()

/** What a deployment's schedule is made of is one of the three below. */
const scheduleRow = z.object({ id: optionalId, active: z.boolean().nullish(), schedule: z.unknown() })
const schedules = z
  .array(z.unknown())
  .nullish()
  .catch(null)
  .transform((given) => (given ?? []).flatMap((row) => scheduleRow.safeParse(row).data ?? []))
const timezone = z.string().nullish()
export const cronRow = z.object({ cron: z.string().max(500), timezone, day_or: z.boolean().nullish() })
/** The interval is in seconds. */
export const intervalRow = z.object({ interval: z.number().min(0.001), anchor_date: z.string().pipe(z.coerce.date()), timezone })
export const rruleRow = z.object({ rrule: z.string().max(6_500), timezone })

export const flowRow = thing
export const deploymentRow = thing.extend({
  flow_id: id,
  paused: z.boolean().nullish(),
  status,
  work_queue_id: optionalId,
  work_pool_name: optionalName,
  storage_document_id: optionalId,
  infrastructure_document_id: optionalId,
  job_variables: template,
  pull_steps: template,
  schedules
})
export const workPoolRow = thing.extend({ is_paused: z.boolean().nullish(), status, type: optionalName, base_job_template: template })
export const workQueueRow = thing.extend({ is_paused: z.boolean().nullish(), status, work_pool_id: optionalId, work_pool_name: optionalName })
export const blockRow = thing.extend({
  block_type_name: optionalName,
  block_type: z.object({ slug: z.string() }).nullish().catch(null)
})

/** A trigger waits for events; one that is made of others has these in `triggers`. */
const trigger = z.object({
  match: z.unknown().optional(),
  match_related: z.unknown().optional(),
  expect: texts,
  after: texts,
  triggers: z.array(z.unknown()).nullish().catch(null)
})
const action = z.object({ type: z.string(), source: z.string().nullish(), deployment_id: optionalId })
export const automationRow = thing.extend({
  enabled: z.boolean().nullish(),
  trigger: z.unknown().optional(),
  actions: z.array(z.unknown()).nullish().catch(null),
  actions_on_trigger: z.array(z.unknown()).nullish().catch(null),
  actions_on_resolve: z.array(z.unknown()).nullish().catch(null)
})
export const triggerRow = trigger
export const actionRow = action

const stateTypes = ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] as const
export const runRow = z.object({
  id,
  name,
  flow_id: id,
  deployment_id: optionalId,
  auto_scheduled: z.boolean().nullish(),
  created_by: z.object({ id: optionalId, type: z.string().nullish() }).nullish().catch(null),
  parent_task_run_id: optionalId,
  tags: texts,
  state: z.object({
    type: z.enum(stateTypes),
    name,
    message: z.string().nullish(),
    timestamp: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be a moment')
  }),
  expected_start_time: moment,
  next_scheduled_start_time: moment,
  start_time: moment,
  end_time: moment
})
export const taskRunRow = z.object({ id, flow_run_id: optionalId })
export const eventPage = z.object({ events: z.array(z.unknown()), next_page: z.string().nullish() })

export type FlowRow = z.output<typeof flowRow>
export type DeploymentRow = z.output<typeof deploymentRow>
export type WorkPoolRow = z.output<typeof workPoolRow>
export type WorkQueueRow = z.output<typeof workQueueRow>
export type BlockRow = z.output<typeof blockRow>
export type AutomationRow = z.output<typeof automationRow>
export type RunRow = z.output<typeof runRow>

/** Everything that a server lists. */
export interface Listed {
  readonly flows: readonly FlowRow[]
  readonly deployments: readonly DeploymentRow[]
  readonly workPools: readonly WorkPoolRow[]
  readonly workQueues: readonly WorkQueueRow[]
  readonly blocks: readonly BlockRow[]
  readonly automations: readonly AutomationRow[]
}
