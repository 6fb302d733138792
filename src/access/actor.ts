import { columns } from '../database/columns.ts'
import { Prisma } from '../database/generated/client/client.ts'

/** The columns of an actor, for a SELECT from `actor a`. */
export const actorColumns = columns(Prisma.ActorScalarFieldEnum, 'a')
