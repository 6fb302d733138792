// GraphQL Yoga, Pothos and Prisma as their guides put them together, on the tables of the bench: what people would build
// without Mayday. No credential, no limits, no check: that is in its favour.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PrismaPg } from '@prisma/adapter-pg'
import DataLoader from 'dataloader'
import { createYoga } from 'graphql-yoga'
import { type Actor, PrismaClient } from '../../../src/database/generated/client/client.ts'
import { type DocumentedContext, schema } from './schema.ts'

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) })
const { id: workspaceId } = await prisma.workspace.findFirstOrThrow({ orderBy: { incidentCount: 'desc' } })

async function actorsOf(ids: readonly string[]): Promise<Actor[]> {
  const found = new Map((await prisma.actor.findMany({ where: { id: { in: [...ids] } } })).map((actor) => [actor.id, actor]))
  return ids.map((id) => found.get(id) as Actor)
}

const yoga = createYoga({
  schema,
  logging: false,
  maskedErrors: false,
  context: (): DocumentedContext => ({ prisma, workspaceId, actors: new DataLoader(actorsOf) })
})

const server = createServer(yoga)
server.listen(0, '127.0.0.1', () => process.stdout.write(`The documented stack is at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`))
