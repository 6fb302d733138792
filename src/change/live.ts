// Declares the subscription fields: who may follow, and how a stretch of changes becomes a frame.
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import type { Role } from '../database/generated/client/client.ts'
import { encodeCursor } from './change.ts'
import type { Range } from './frame.ts'

/** The value of a frame, and the place that it reaches. */
export interface LiveFrame {
  to: number
  reset: boolean
}

/** What server/live.ts finds on a subscription field. */
export interface LiveField {
  readonly role: Role
  /** Whether a subscriber that is far behind gets a snapshot instead of all that it missed. */
  readonly resets: boolean
  frame(context: Context, args: Record<string, unknown>, range: Range): Promise<LiveFrame | null>
}

export const Frame = builder.interfaceRef<LiveFrame>('Frame').implement({
  description: 'What a subscription pushes: a cursor, and what is new after the frame before.',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'The place that this frame reaches. Keep the newest: given as `after` it resumes the subscription without a gap, on any node.',
      resolve: ({ to }, _args, { viewer }) => encodeCursor(viewer.workspaceId, to)
    }),
    reset: t.exposeBoolean('reset', {
      description:
        'Whether this frame is a snapshot that replaces all that the client holds: the first one without `after`, and one for a client that was too far behind.'
    })
  })
})

/** The options that make a subscription field live; the fan-out calls `frame`, nobody calls `subscribe`. */
export function liveOptions<Args>(role: Role, resets: boolean, frame: (context: Context, args: Args, range: Range) => Promise<LiveFrame | null>) {
  const live = { role, resets, frame } as unknown as LiveField
  return {
    authScopes: { role },
    extensions: { live },
    subscribe: (): never => {
      throw new Error('A subscription runs through the fan-out, not through graphql-js')
    }
  }
}

export const afterArgument =
  'The cursor of the last frame that the client has: the first frame then brings what changed since, or a fresh snapshot when that is too much. Left out, the first frame is a snapshot.'
