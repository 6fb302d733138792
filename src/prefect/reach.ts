// How far the runs reach that Prefect's scheduler has made: they are Prefect's word on what is to come until then.
import { externalId } from './external-id.ts'
import type { RunRow } from './rows.ts'

export class Reach {
  readonly #last = new Map<string, number>()

  saw(rows: readonly RunRow[]): void {
    for (const { auto_scheduled, deployment_id, created_by, expected_start_time } of rows) {
      if (!auto_scheduled || !deployment_id || !expected_start_time) continue
      const schedule = created_by?.type === 'SCHEDULE' ? (created_by.id ?? '') : ''
      const key = `${externalId('deployment', deployment_id)} ${schedule}`
      this.#last.set(key, Math.max(this.#last.get(key) ?? 0, expected_start_time.getTime()))
    }
  }

  /** Runs that do not tell which schedule made them stand for all schedules of their deployment. 0 when there are none. */
  of(deployment: string, schedule: string): number {
    return Math.max(this.#last.get(`${deployment} ${schedule}`) ?? 0, this.#last.get(`${deployment} `) ?? 0)
  }
}
