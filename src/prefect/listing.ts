// Reading the whole catalogue of a server, list by list.
import type { z } from 'zod'
import type { ResourceKind } from '../database/generated/client/client.ts'
import type { PrefectApi } from './api.ts'
import { pagesOf } from './pages.ts'
import { PrefectProblem } from './problem.ts'
import { automationRow, blockRow, deploymentRow, flowRow, type Listed, workPoolRow, workQueueRow } from './rows.ts'

export interface Listing {
  readonly listed: Listed
  /** The kinds of which everything was read. */
  readonly complete: readonly ResourceKind[]
  /** Those of which something could not be read. */
  readonly incomplete: readonly ResourceKind[]
  /** Why something is left out, where it is. */
  readonly lacking: string | null
}

/**
 * Of all lists together no more bytes are kept: that is some 60,000 deployments. For a while they take several times as
 * much, being compared with what is known, and a small node has half a gigabyte.
 */
const mostKept = 100_000_000
/** An object or list in memory, of which its JSON has only the brackets. */
const bytesOfObject = 60

/** Reads every list. One that the server withholds from this key is left out; any other problem ends the reading, and nothing was learned. */
export async function readListing(api: PrefectApi): Promise<Listing> {
  const complete: ResourceKind[] = []
  const incomplete: ResourceKind[] = []
  const lacking: string[] = []
  let kept = 0

  async function all<Row>(kind: ResourceKind, path: string, shape: z.ZodType<Row>): Promise<Row[]> {
    const rows: Row[] = []
    let unfit = 0
    try {
      for await (const page of pagesOf(api, path, {}, shape)) {
        kept += weightOf(page.rows)
        if (kept > mostKept)
          throw new PrefectProblem('too-large', `The catalogue of the server takes more than the ${mostKept / 1_000_000} MB that Mayday keeps of one.`)
        rows.push(...page.rows)
        unfit += page.unfit
      }
    } catch (error) {
      if (!(error instanceof PrefectProblem) || error.kind !== 'withheld') throw error
      incomplete.push(kind)
      lacking.push(`${path.split('/')[1]} cannot be read`)
      return []
    }
    if (unfit === 0) complete.push(kind)
    else {
      incomplete.push(kind)
      lacking.push(`${unfit} of ${path.split('/')[1]} are not as Prefect has them`)
    }
    return rows
  }

  // One list after the other: a Prefect server on SQLite does not like to be asked much at once.
  const listed = {
    flows: await all('FLOW', '/flows/filter', flowRow),
    deployments: await all('DEPLOYMENT', '/deployments/filter', deploymentRow),
    workPools: await all('WORK_POOL', '/work_pools/filter', workPoolRow),
    workQueues: await all('WORK_QUEUE', '/work_queues/filter', workQueueRow),
    blocks: await all('BLOCK', '/block_documents/filter', blockRow),
    automations: await all('AUTOMATION', '/automations/filter', automationRow)
  }
  // A server that withholds every list is no Prefect, or shows this key nothing at all.
  if (lacking.length === 6 && complete.length === 0)
    throw new PrefectProblem('withheld', 'The server shows nothing of what Prefect has. Does the address end in /api, and may the key read?')
  return { listed, complete, incomplete, lacking: lacking.length > 0 ? `The catalogue is not whole: ${lacking.join(', ')}.` : null }
}

function weightOf(rows: readonly unknown[]): number {
  const text = JSON.stringify(rows)
  let objects = 0
  for (let index = 0; index < text.length; index++) if (text[index] === '{' || text[index] === '[') objects++
  return text.length + objects * bytesOfObject
}
