import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SelectedFields, Table } from '../../src/database/columns.ts'
import { Prisma, type Workspace } from '../../src/database/generated/client/client.ts'
import { engines, type TestApp } from '../kit/app.ts'

const table = new Table<Workspace>({
  fields: Prisma.WorkspaceScalarFieldEnum,
  alias: 'w',
  types: ['Workspace', 'Node'],
  reads: { title: ['name', 'createdAt'] },
  always: ['id']
})

describe.each(engines)('on $engine', ({ start }) => {
  let app: TestApp

  beforeAll(async () => {
    app = await start()
  })

  afterAll(() => app[Symbol.asyncDispose]())

  async function read(selected?: Record<string, string[]>) {
    const fields: SelectedFields | undefined = selected && new Map(Object.entries(selected).map(([type, names]) => [type, new Set(names)]))
    const [row] = await table.read({ core: { database: app.database }, selected: fields }, (columns) => Prisma.sql`SELECT ${columns} FROM workspace w`)
    return row as Workspace
  }

  it('reads whole rows for whoever does not say what is asked for', async () => {
    expect(Object.keys(await read()).sort()).toEqual(Object.keys(Prisma.WorkspaceScalarFieldEnum).sort())
  })

  it('reads what is always needed, the columns of fields by their name, and what other fields read', async () => {
    expect(Object.keys(await read({}))).toEqual(['id'])
    expect(Object.keys(await read({ Workspace: ['name'], Node: ['id'], Incident: ['createdAt'] })).sort()).toEqual(['id', 'name'])
    expect(Object.keys(await read({ Workspace: ['title'] })).sort()).toEqual(['createdAt', 'id', 'name'])
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
