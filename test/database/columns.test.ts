import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SelectedFields, Table } from '../../src/database/columns.ts'
import { Prisma, type Workspace } from '../../src/database/generated/client/client.ts'
import { engines, type TestApp } from '../kit/app.ts'

const table = new Table<Workspace>({
  fields: Prisma.WorkspaceScalarFieldEnum,
  alias: 'w',
  types: ['Workspace', 'Node'],
  reads: { title: ['name', 'createdAt'] },
  order: ['id', 'createdAt']
})

describe.each(engines)('on $engine', ({ start }) => {
  let app: TestApp

  beforeAll(async () => {
    app = await start()
  })

  afterAll(() => app[Symbol.asyncDispose]())

  async function read(selected?: Record<string, string[]>, needs: (keyof Workspace)[] = []) {
    const fields: SelectedFields | undefined = selected && new Map(Object.entries(selected).map(([type, names]) => [type, new Set(names)]))
    const session = { core: { database: app.database }, ...(fields && { selected: fields }) }
    const [row] = await table.read(session, (columns) => Prisma.sql`SELECT ${columns} FROM workspace w`, { needs })
    return row as Workspace
  }

  it('reads whole rows for whoever does not say what is asked for', async () => {
    expect(Object.keys(await read()).sort()).toEqual(Object.keys(Prisma.WorkspaceScalarFieldEnum).sort())
  })

  it('reads what is needed, the columns of fields by their name, and what other fields read', async () => {
    expect(Object.keys(await read({}))).toEqual(['id'])
    expect(Object.keys(await read({ Workspace: ['name'] }))).toEqual(['name'])
    expect(Object.keys(await read({ Workspace: ['name'] }, ['id'])).sort()).toEqual(['id', 'name'])
    expect(Object.keys(await read({ Workspace: ['name'], Node: ['id'], Incident: ['createdAt'] })).sort()).toEqual(['id', 'name'])
    expect(Object.keys(await read({ Workspace: ['title'] })).sort()).toEqual(['createdAt', 'name'])
  })

  it('reads what a list is ordered by for whoever asks where rows lie in it', async () => {
    const asking: Record<string, string[]>[] = [{ PageInfo: ['endCursor'] }, { PageInfo: ['hasNextPage', 'startCursor'] }, { WorkspaceEdge: ['cursor'] }]
    for (const cursors of asking) expect(Object.keys(await read({ Workspace: ['name'], ...cursors })).sort()).toEqual(['createdAt', 'id', 'name'])
    const others: Record<string, string[]>[] = [{ PageInfo: ['hasNextPage'] }, { WorkspaceEdge: ['node'] }]
    for (const none of others) expect(Object.keys(await read({ Workspace: ['name'], ...none }))).toEqual(['name'])
  })

  it('reads all for a field that nobody has told of', async () => {
    expect(Object.keys(await read({ Workspace: ['new'] })).sort()).toEqual(Object.keys(await read()).sort())
  })

  it('has no value for what it has not read, not even undefined', async () => {
    const row = await read({ Workspace: ['name'] })
    expect(row.name).toEqual(expect.any(String))
    expect(() => row.createdAt).toThrow('createdAt was not read')
  })
})
