// Writes headline figures that have changed: on the incident, and as one change each in its history.
import { commitAsSystem } from '../../change/record.ts'
import type { Core } from '../../core.ts'
import { Prisma } from '../../database/generated/client/client.ts'
import { incidentEvents, type StoredFigures } from '../../incident/events.ts'
import type { ImpactFigures } from '../figures.ts'

/** What was counted for an incident. */
export interface Counted {
  readonly incidentId: string
  /** The resources where its harm starts. */
  readonly origins: number
  readonly figures: ImpactFigures
}

export function storedFigures({ affected, running, upcoming, failed, late, skipped, nextHarmAt, movedAt }: ImpactFigures): StoredFigures {
  const [next, moved] = [nextHarmAt, movedAt].map((moment) => moment?.toISOString() ?? null)
  return { affected, running, upcoming, failed, late, skipped, nextHarmAt: next ?? null, movedAt: moved ?? null }
}

export function figuresFrom(stored: StoredFigures): ImpactFigures {
  const { nextHarmAt, movedAt } = stored
  return { ...stored, nextHarmAt: nextHarmAt === null ? null : new Date(nextHarmAt), movedAt: movedAt === null ? null : new Date(movedAt) }
}

/** Writes those that differ from what the incidents hold; where none does, nothing is committed. It is no edit of the incident: its version stays. */
export async function recordFigures(core: Core, workspaceId: string, counted: readonly Counted[]): Promise<void> {
  const ids = counted.map(({ incidentId }) => incidentId)
  const select = Prisma.sql`SELECT id::text, impact FROM incident WHERE id = ANY(${ids}::uuid[]) AND workspace_id = ${workspaceId}::uuid`
  if (differing(counted, await core.database.query<Held>(select)).length === 0) return
  await commitAsSystem(core, workspaceId, async ({ tx, record }) => {
    // Another node may have written since.
    const changed = differing(counted, await tx.$queryRaw<Held[]>(select))
    if (changed.length === 0) return
    const rows = changed.map(({ incidentId, figures }) => ({ id: incidentId, impact: storedFigures(figures) }))
    await tx.$queryRaw(Prisma.sql`
      UPDATE incident i SET impact = n.impact FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n (id uuid, impact jsonb) WHERE i.id = n.id`)
    for (const { id, impact } of rows) record(incidentEvents.impactChanged, { incidentId: id, data: impact })
  })
}

interface Held {
  readonly id: string
  readonly impact: StoredFigures | null
}

function differing(counted: readonly Counted[], held: readonly Held[]): Counted[] {
  const impacts = new Map(held.map(({ id, impact }) => [id, impact]))
  return counted.filter((each) => {
    const impact = impacts.get(each.incidentId)
    if (impact === undefined) return false
    return impact === null
      ? !isNothing(each)
      : Object.entries(storedFigures(each.figures)).some(([name, value]) => impact[name as keyof StoredFigures] !== value)
  })
}

/** The harm has reached no run and nothing downstream: that is not worth a word while nothing was said before. */
function isNothing({ origins, figures: { affected, running, upcoming, failed, late, skipped } }: Counted): boolean {
  return affected <= origins && running + upcoming + failed + late + skipped === 0
}
