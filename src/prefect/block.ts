import { externalId } from './external-id.ts'
import type { BlockRow } from './rows.ts'

/** `{{ prefect.blocks.<type>.<name> }}`, as deployments and work pools write it. */
const placeholder = /prefect\.blocks\.([\w-]+)\.([\w-]+)/g

/** External ids of the blocks that a template draws from. */
export function blocksNamedIn(template: unknown, blocks: readonly BlockRow[]): string[] {
  if (blocks.length === 0 || template === undefined || template === null) return []
  const named = new Set([...JSON.stringify(template).matchAll(placeholder)].map(([, type, name]) => `${type} ${name}`))
  if (named.size === 0) return []
  return blocks.filter(({ block_type, name }) => named.has(`${block_type?.slug} ${name}`)).map(({ id }) => externalId('block-document', id))
}
