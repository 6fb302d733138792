import { InvalidInput } from './errors.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The types whose objects have a global id. */
const nodeTypes: ReadonlySet<string> = new Set(['ApiKey', 'Comment', 'Incident', 'Member', 'PrefectServer', 'Resource', 'Run', 'Workspace'])

/** The global id of a row: opaque to clients, unique over all types. */
export function encodeNodeId(typename: string, id: string): string {
  return Buffer.from(`${typename}:${id}`).toString('base64url')
}

/** Type and row of a global id, or InvalidInput that names the field it came in. */
export function decodeNodeId(nodeId: string, field = 'id'): { typename: string; id: string } {
  const [, typename, id] = /^([A-Za-z]+):(.+)$/.exec(Buffer.from(nodeId, 'base64url').toString('latin1')) ?? []
  if (!typename || !id || !nodeTypes.has(typename) || !uuid.test(id)) throw new InvalidInput([{ field, rule: 'must be an id that this API has given' }])
  return { typename, id }
}

/** The row of a global id that must be of one type. */
export function rowId(expected: string, nodeId: string, field: string): string {
  const { typename, id } = decodeNodeId(nodeId, field)
  if (typename !== expected) throw new InvalidInput([{ field, rule: `must be the id of a ${expected}, and is one of a ${typename}` }])
  return id
}

/** The same for a field that may be left out or null, which are told apart. */
export function optionalRowId<Absent extends null | undefined>(expected: string, nodeId: string | Absent, field: string): string | Absent {
  return nodeId === null || nodeId === undefined ? nodeId : rowId(expected, nodeId, field)
}

export function rowIds(expected: string, nodeIds: readonly string[], field: string): string[] {
  return nodeIds.map((nodeId, index) => rowId(expected, nodeId, `${field}.${index}`))
}

/** Rows of a list that may be left out, each of one of several types. */
export function optionalRowIds(expected: readonly string[], nodeIds: readonly string[] | null | undefined, field: string): string[] | null | undefined {
  return nodeIds?.map((nodeId, index) => {
    const { typename, id } = decodeNodeId(nodeId, `${field}.${index}`)
    if (!expected.includes(typename))
      throw new InvalidInput([{ field: `${field}.${index}`, rule: `must be the id of a ${expected.join(' or ')}, and is one of a ${typename}` }])
    return id
  })
}
