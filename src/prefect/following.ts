import type { Core } from '../core.ts'
import type { PrefectApi } from './api.ts'

/** One server that is being followed, for all who read from it. */
export interface Following {
  readonly core: Core
  readonly workspaceId: string
  readonly connectionId: string
  readonly version: number
  readonly api: PrefectApi
  /** Where Prefect's own pages are. */
  readonly pages: string
  /** How far ahead upcoming runs are read. */
  readonly horizonMs: number
}
