// What the newest events say of a thing: its state, and of an asset also whose it is and where. Pure.
import type { Resource } from '../database/generated/client/client.ts'
import { cutText, cutTexts, pageUrl } from '../input.ts'
import type { GivenResource } from '../resource/catalogue.ts'
import { nameLabel } from './event.ts'
import { stateOf } from './state.ts'
import type { NewestEvents } from './store.ts'

const mostOwners = { entries: 20, each: 200 }

type Description = Pick<GivenResource, 'state' | 'url' | 'owners'> & { name?: string }

/** What is undefined was not told. Deployments, queues and pools are described by their catalogue; assets stand in none. */
export function descriptionOf({ stateEvent, labels }: NewestEvents, { kind }: Pick<Resource, 'kind'>): Description {
  const state = stateEvent === null ? undefined : stateOf(stateEvent)
  if (kind !== 'ASSET' || labels === null) return { state }
  const name = cutText(labels[nameLabel] ?? '', 300)
  return { state, owners: ownersIn(labels['prefect.asset.owners']), url: pageUrl(labels['prefect.asset.url'] ?? ''), ...(name ? { name } : {}) }
}

/** JSON in a text, as Prefect sends it; whatever else it is names nobody. */
function ownersIn(text: string | undefined): string[] {
  try {
    const owners: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(owners)
      ? cutTexts(
          owners.filter((owner) => typeof owner === 'string'),
          mostOwners
        )
      : []
  } catch {
    return []
  }
}
