// What an answer asks of impacts, found once for each however often it is asked.
import DataLoader from 'dataloader'
import type { Session } from '../core.ts'
import { arrayOf } from '../database/array.ts'
import { find } from '../database/engine.ts'
import { Prisma, type Run } from '../database/generated/client/client.ts'
import { visible } from '../incident/filter.ts'
import { figuresOfMany, type Reach, type RunFigures } from './figures.ts'
import { type Impact, impactOfIncident } from './impact.ts'
import { nextHarm, type Share, sharesOf } from './runs.ts'
import { type Subject, subjectColumns } from './subject.ts'

interface Asked {
  readonly incidentId: string
  readonly horizonMs: number
}

/** The impacts of incidents; null for one that the viewer's workspace does not have. */
export function impactsOfIncidents(session: Session) {
  return new DataLoader<Asked, Impact | null, string>(
    async (asked) => {
      const ids = [...new Set(asked.map(({ incidentId }) => incidentId))]
      const rows = await session.core.database.query<Subject>(
        Prisma.sql`SELECT ${subjectColumns} FROM incident i WHERE i.id = ANY(${arrayOf('uuid', ids)}) AND ${visible(session.viewer)}`,
        find
      )
      const subjects = new Map(rows.map((subject) => [subject.id, subject]))
      return Promise.all(
        asked.map(({ incidentId, horizonMs }) => {
          const subject = subjects.get(incidentId)
          return subject ? impactOfIncident(session, subject, horizonMs) : null
        })
      )
    },
    { cacheKeyFn: ({ incidentId, horizonMs }) => `${incidentId} ${horizonMs}` }
  )
}

/** The figures of all impacts of an answer, by one statement. */
export function runFigures({ core }: Session) {
  return new DataLoader<Reach, RunFigures>((reaches) => figuresOfMany(core, reaches))
}

export const ownersOfImpact = ofEach<readonly Share[]>((session, impact) => sharesOf(session, impact, 'owners'))
export const tagsOfImpact = ofEach<readonly Share[]>((session, impact) => sharesOf(session, impact, 'tags'))
export const nextHarmOfImpact = ofEach<Run | null>(nextHarm)

function ofEach<Found>(find: (session: Session, impact: Impact) => Promise<Found>) {
  return (session: Session) => new DataLoader<Impact, Found>((impacts) => Promise.all(impacts.map((impact) => find(session, impact))))
}
