import { builder } from '../builder.ts'
import { encodeCursor } from './change.ts'
import type { Committed } from './record.ts'

/** What every mutation's payload has: the place of its own change. */
export const ChangePayload = builder.interfaceRef<Committed<unknown>>('ChangePayload').implement({
  description: 'What a mutation did. A client that follows the workspace live finds it again by the cursor.',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description:
        "The place of the mutation's own last change (of the newest change, when it changed nothing): a subscription whose frames have reached it has shown it.",
      resolve: ({ sequence }, _args, { viewer }) => encodeCursor(viewer.workspaceId, sequence)
    })
  })
})
