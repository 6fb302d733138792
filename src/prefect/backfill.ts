// Reading the events of a stretch of time, oldest first: what happened while nobody listened, and what the stream dropped.
import type { PrefectApi } from './api.ts'
import { PrefectProblem } from './problem.ts'
import { eventPage } from './rows.ts'

/** Prefect gives no more at once. */
const fullPage = 50
/** A later page costs the server more than an earlier one, so a long stretch is read in pieces of about so many pages. */
const goodPages = 20
const firstStretchMs = 600_000
const longestStretchMs = 86_400_000
const mostPages = 20_000

/** Gives each page of events between two moments to `take`; after each piece `reached` is told that all before a moment has been given. */
export async function readEvents(
  api: PrefectApi,
  { since, until }: { since: number; until: number },
  take: (events: readonly unknown[]) => Promise<void>,
  reached: (moment: number) => Promise<void>
): Promise<void> {
  let stretch = firstStretchMs
  let limit = fullPage
  for (let from = since; from < until; ) {
    const to = Math.min(from + stretch, until)
    try {
      const pages = await readStretch(api, from, to, limit, take)
      await reached(to)
      from = to
      limit = fullPage
      if (pages === 1) stretch = Math.min(stretch * 2, longestStretchMs)
      else if (pages > goodPages) stretch = Math.max(stretch / 2, 1_000)
    } catch (error) {
      if (!(error instanceof PrefectProblem) || error.kind !== 'too-large' || limit === 1) throw error
      limit = Math.ceil(limit / 10)
    }
  }
}

async function readStretch(api: PrefectApi, from: number, to: number, limit: number, take: (events: readonly unknown[]) => Promise<void>): Promise<number> {
  const occurred = { since: new Date(from).toISOString(), until: new Date(to).toISOString() }
  let given = await api.post('/events/filter', { filter: { occurred, order: 'ASC' }, limit })
  for (let pages = 1; pages <= mostPages; pages++) {
    const { data: page } = eventPage.safeParse(given)
    if (!page || page.events.length > fullPage) throw new PrefectProblem('not-prefect', 'The server answers with something else than a page of events.')
    if (page.events.length > 0) await take(page.events)
    const token = page.next_page && tokenOf(page.next_page)
    if (!token) return pages
    given = await api.get(`/events/filter/next?page-token=${encodeURIComponent(token)}`)
  }
  throw new PrefectProblem('not-prefect', 'The list of events does not end.')
}

/**
 * The address of the next page is the server's word; the key goes to no other address than the one it was given for, so
 * only the token is taken. It is base64 whose `+` the server does not escape.
 */
function tokenOf(nextPage: string): string | undefined {
  return URL.canParse(nextPage) ? new URL(nextPage).searchParams.get('page-token')?.replaceAll(' ', '+') : undefined
}
