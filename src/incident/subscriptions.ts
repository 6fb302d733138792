// The subscriptions of a wall, of one incident, and of its comments.
import { builder } from '../builder.ts'
import { afterArgument, Frame, liveOptions } from '../change/live.ts'
import { Change } from '../change/schema.ts'
import { Comment } from '../comment/schema.ts'
import { encodeNodeId, rowId } from '../node-id.ts'
import { parseFilter } from './filter.ts'
import { type CommentsFrame, commentsFrame, type IncidentFrame, type IncidentsFrame, incidentFrame, incidentsFrame } from './frames.ts'
import { filterOf, IncidentFilter } from './queries.ts'
import { Incident } from './schema.ts'

const IncidentsFrameType = builder.objectRef<IncidentsFrame>('IncidentsFrame').implement({
  description: 'What entered, changed or left a wall.',
  interfaces: [Frame],
  fields: (t) => ({
    incidents: t.field({
      type: [Incident],
      description:
        'The incidents that are new on the wall or have changed, as they are now; the most severe first. With `reset`, all of the wall: at most 500.',
      complexity: { field: 1, multiplier: 50 },
      resolve: ({ incidents }) => incidents
    }),
    leftIds: t.idList({
      description: 'The ids of incidents that changed and are not (or no longer) of the filter: take them off the wall. May name some that were never on it.',
      resolve: ({ leftIds }) => leftIds.map((id) => encodeNodeId('Incident', id))
    }),
    truncated: t.exposeBoolean('truncated', {
      description: 'With `reset`: whether there are more than 500 incidents of the filter, of which these are the most severe and newest.'
    })
  })
})

const IncidentFrameType = builder.objectRef<IncidentFrame>('IncidentFrame').implement({
  description: 'One incident, whenever something happens to it.',
  interfaces: [Frame],
  fields: (t) => ({
    incident: t.field({ type: Incident, description: 'The incident as it is now.', resolve: ({ incident }) => incident }),
    changes: t.field({
      type: [Change],
      description: 'What happened to it since the frame before, oldest first; empty with `reset`.',
      resolve: ({ changes }) => changes
    })
  })
})

const CommentsFrameType = builder.objectRef<CommentsFrame>('CommentsFrame').implement({
  description: 'What was said, edited or redacted.',
  interfaces: [Frame],
  fields: (t) => ({
    comments: t.field({
      type: [Comment],
      description: 'The comments as they are now, oldest first. With `reset`, the latest 100.',
      resolve: ({ comments }) => comments
    }),
    truncated: t.exposeBoolean('truncated', { description: 'With `reset`: whether there are more than 100 comments, of which these are the latest.' })
  })
})

type Filter = typeof IncidentFilter.$inferInput

builder.subscriptionFields((t) => ({
  incidents: t.field({
    type: IncidentsFrameType,
    description:
      'The wall: the incidents of a filter, and whatever enters, changes or leaves. An incident changes when anything happens to it, its comments or its resources.',
    args: {
      filter: t.arg({ type: IncidentFilter, description: 'Which ones; all when left out. A wall usually takes `{active: true}`.' }),
      after: t.arg({ type: 'Cursor', description: afterArgument })
    },
    ...liveOptions<{ filter?: Filter | null }>('VIEWER', true, (context, { filter }, range) => incidentsFrame(context, parseFilter(filterOf(filter)), range)),
    resolve: (frame) => frame as unknown as IncidentsFrame
  }),
  incident: t.field({
    type: IncidentFrameType,
    description: 'One incident, whenever something happens to it.',
    args: {
      id: t.arg.id({ required: true, description: 'The incident; one that your workspace does not have is the error NOT_FOUND.' }),
      after: t.arg({ type: 'Cursor', description: afterArgument })
    },
    ...liveOptions<{ id: string }>('VIEWER', true, (context, { id }, range) => incidentFrame(context, rowId('Incident', id, 'id'), range)),
    resolve: (frame) => frame as unknown as IncidentFrame
  }),
  comments: t.field({
    type: CommentsFrameType,
    description: 'What is said on one incident: new comments, edits and redactions.',
    args: {
      incidentId: t.arg.id({ required: true, description: 'The incident; one that your workspace does not have is the error NOT_FOUND.' }),
      after: t.arg({ type: 'Cursor', description: afterArgument })
    },
    ...liveOptions<{ incidentId: string }>('VIEWER', true, (context, { incidentId }, range) =>
      commentsFrame(context, rowId('Incident', incidentId, 'incidentId'), range)
    ),
    resolve: (frame) => frame as unknown as CommentsFrame
  })
}))
