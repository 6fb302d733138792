// All measurements, in the order in which they are run: what changes the most of the workspace comes last.
import { countGaps } from './engines.ts'
import { measureDistinct } from './measure/distinct.ts'
import { measureFanout } from './measure/fanout.ts'
import { valueAtMost } from './measure/goal.ts'
import { measureGrowth } from './measure/growth.ts'
import { measureImpact } from './measure/impact.ts'
import { measureIntake } from './measure/intake.ts'
import type { Measurement } from './measure/measurement.ts'
import { measureNodes } from './measure/nodes.ts'
import { measureOpening } from './measure/opening.ts'
import { measureReads } from './measure/reads.ts'
import { measureResume } from './measure/resume.ts'
import { measureSubscribers } from './measure/subscribers.ts'
import { measureComment, measureWriters } from './measure/writes.ts'

/** Whatever was written before, by however many at once: that no number is missing. */
const checkGaps: Measurement = async ({ filled }) => {
  const { workspaces, broken } = await countGaps(filled.forMayday)
  return [{ group: 'the record', name: `gaps, in how many of ${workspaces} workspaces`, unit: '', value: broken, goals: [valueAtMost(0)] }]
}

export const measurements: Record<string, Measurement> = {
  wall: measureReads('wall'),
  incident: measureReads('incident'),
  list: measureReads('list'),
  comment: measureComment,
  writers: measureWriters,
  resume: measureResume,
  fanout: measureFanout(({ fanout }) => fanout.sockets, true),
  many: measureFanout(({ manySockets }) => manySockets, false),
  distinct: measureDistinct,
  opening: measureOpening,
  subscribers: measureSubscribers,
  nodes: measureNodes,
  intake: measureIntake,
  impact: measureImpact,
  gaps: checkGaps,
  growth: measureGrowth
}
