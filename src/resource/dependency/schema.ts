// What the API says of dependencies.
import { builder, unshared } from '../../builder.ts'
import { connectionOf } from '../../connection.ts'
import type { Context } from '../../context.ts'
import type { Dependency as DependencyRow } from '../../database/generated/client/client.ts'
import { type PageArgs, page, pageCost } from '../../page.ts'
import { resourcesById } from '../loader.ts'
import { Confidence, DependencyKind, DependencySource, Resource } from '../schema.ts'
import { downstreamCountOfResource, downstreamOfResource, type NamedDependency, upstreamCountOfResource, upstreamOfResource } from './loader.ts'

export const Dependency = builder.objectRef<DependencyRow>('Dependency').implement({
  description: 'That a resource depends on another: what breaks upstream harms what is downstream.',
  fields: (t) => ({
    upstream: t.field({ type: Resource, description: 'What it depends on.', resolve: ({ upstreamId }, _args, context) => end(context, upstreamId) }),
    downstream: t.field({ type: Resource, description: 'What depends on it.', resolve: ({ downstreamId }, _args, context) => end(context, downstreamId) }),
    kind: t.expose('kind', { type: DependencyKind, description: 'How it depends.' }),
    source: t.expose('source', {
      type: DependencySource,
      description: 'Where Mayday has it from; when several told of it, the one that knows best, in the order of the enum.'
    }),
    confidence: t.expose('confidence', { type: Confidence, description: 'How sure it is.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When Mayday first heard of it.' }),
    lastSeenAt: t.expose('lastSeenAt', { ...unshared, type: 'DateTime', description: 'When its source last told of it, to the hour.' })
  })
})

async function end(context: Context, id: string) {
  const resource = await context.loader(resourcesById).load(id)
  if (!resource) throw new Error(`The resource ${id} is gone`)
  return resource
}

const DependencyConnection = connectionOf('Dependency', Dependency)

builder.prismaObjectFields(Resource, (t) => ({
  upstream: t.connection(
    {
      type: Dependency,
      description: 'What it depends on directly, by the name of the resource upstream.',
      complexity: pageCost,
      args: { kind: t.arg({ type: [DependencyKind], description: 'Of one of these kinds; of any when left out.' }) },
      resolve: async ({ id: parentId }, { kind, ...args }, context) => {
        const kinds = kind ?? null
        return {
          ...(await dependencyPage(args, (slice) => context.loader(upstreamOfResource).load({ parentId, args: { slice, kinds } }))),
          totalCount: () => context.loader(upstreamCountOfResource).load({ parentId, args: { kinds } })
        }
      }
    },
    DependencyConnection
  ),
  downstream: t.connection(
    {
      type: Dependency,
      description: 'What depends on it directly, by the name of the resource downstream.',
      complexity: pageCost,
      args: { kind: t.arg({ type: [DependencyKind], description: 'Of one of these kinds; of any when left out.' }) },
      resolve: async ({ id: parentId }, { kind, ...args }, context) => {
        const kinds = kind ?? null
        return {
          ...(await dependencyPage(args, (slice) => context.loader(downstreamOfResource).load({ parentId, args: { slice, kinds } }))),
          totalCount: () => context.loader(downstreamCountOfResource).load({ parentId, args: { kinds } })
        }
      }
    },
    DependencyConnection
  )
}))

function dependencyPage(args: PageArgs, load: Parameters<typeof page<NamedDependency>>[2]) {
  return page(args, ({ otherName, otherId, kind }: NamedDependency) => [otherName, otherId, kind], load)
}
