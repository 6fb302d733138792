// The rooms of the house and the doors between them: who may import what. ARCHITECTURE.md tells why.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const src = fileURLToPath(new URL('../src/', import.meta.url))

/** Every path below a folder, but not what is generated. */
function pathsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => !path.split('/').includes('generated'))
}

const files = new Map(
  pathsIn(src)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path, readFileSync(join(src, path), 'utf8')])
)

const passedOn = /^export\s+(?:type\s+)?(?:\*[^'\n]*|\{[^}]*\})\s*from\s*'([^']+)'/gm
const statement = new RegExp(`^import\\b(?:[^'";\`]*?\\bfrom)?\\s*'([^']+)'|${passedOn.source}|\\bimport\\('([^']+)'\\)`, 'gm')

/** What each file names in an import or re-export, types included: files as paths below src, packages by name. */
const imports = new Map(
  [...files].map(([path, text]) => {
    const named = [...text.matchAll(statement)].map(([, from, again, lazy]) => from ?? again ?? lazy ?? '')
    const local = named.filter((name) => name.startsWith('.')).map((name) => relative('.', normalize(join(dirname(path), name))))
    return [path, { local, packages: named.filter((name) => !name.startsWith('.')) }]
  })
)

const importsOf = (path: string) => imports.get(path) ?? { local: [], packages: [] }
const roomOf = (path: string) => (path.includes('/') ? (path.split('/')[0] ?? '') : path)

/** The process's ways in; nobody imports them. */
const entries = ['main.ts', 'commands', 'demo']
/** What knows neither a domain nor the API. */
const ground = ['errors.ts', 'config.ts', 'core.ts', 'input.ts', 'page.ts', 'node-id.ts', 'duration.ts', 'loader.ts', 'read-ahead.ts', 'pause.ts']
/** What the API's files are built on. */
const api = ['builder.ts', 'connection.ts', 'context.ts', 'error-types.ts']
const rooms = [...new Set([...files.keys()].map(roomOf))]
/** Any other folder is a domain, also one that comes later. */
const domains = rooms.filter((room) => !room.endsWith('.ts') && !['database', 'execution', 'server', 'wall', ...entries].includes(room))

/** The rooms that a room may import from, beside itself. */
function doorsOf(room: string): string[] {
  if (entries.includes(room)) return ['app.ts', 'schema.ts', 'database', ...domains, ...ground]
  if (room === 'app.ts') return ['schema.ts', 'server', 'wall', 'database', ...domains, ...ground]
  if (room === 'schema.ts') return [...domains, ...api, 'node-id.ts']
  if (room === 'server') return ['access', 'change', 'execution', 'context.ts', 'config.ts', 'core.ts', 'errors.ts']
  if (room === 'database') return ['errors.ts', 'pause.ts']
  if (room === 'wall' || room === 'execution') return []
  // The core and the API's ground know who asks, and the core what serves a command and what a node knows without asking:
  // the graphs of what depends on what are that for declaring, the gate and the figures, as the heads are for answers.
  if (room === 'core.ts') return ['access', 'change', 'impact', 'database', 'read-ahead.ts']
  if (ground.includes(room)) return ['database', ...ground]
  if (api.includes(room)) return ['access', 'database', ...api, ...ground]
  return ['database', ...domains, ...api, ...ground]
}

it('sees the house', () => {
  expect(domains).toEqual(expect.arrayContaining(['access', 'change', 'comment', 'incident', 'resource']))
  expect(importsOf('main.ts').local).toContain('app.ts')
  expect(importsOf('server/graphql.ts')).toMatchObject({
    local: expect.arrayContaining(['context.ts']),
    packages: expect.arrayContaining(['graphql', 'graphql-yoga'])
  })
  expect([...imports.values()].flatMap(({ local }) => local).filter((path) => !files.has(path) && !path.includes('generated/'))).toEqual([])
})

describe('imports', () => {
  it.each(rooms)('of %s go through its doors only', (room) => {
    const through = [...files.keys()]
      .filter((path) => roomOf(path) === room)
      .flatMap((path) => importsOf(path).local.map((other) => ({ path, other, room: roomOf(other) })))
    expect(through.filter((each) => each.room !== room && !doorsOf(room).includes(each.room)).map(({ path, other }) => `${path} imports ${other}`)).toEqual([])
  })

  it('never go in a circle, not even for types', () => {
    expect(circles()).toEqual([])
  })

  it('are of other rooms as they are, not of a shop window: no file only passes things on', () => {
    expect([...files].filter(([path, text]) => basename(path) === 'index.ts' || text.match(passedOn)).map(([path]) => path)).toEqual([])
  })
})

/** The files of a domain that say what the API says; all others say what the business does, and know of no API. */
const saysApi = /^((schema|mutations|mutation-inputs|queries|subscriptions|frames|payload|live)|[a-z]+-frame)\.ts$/
const graphqlPackage = /^(graphql|@pothos|graphql-yoga|graphql-ws|graphql-scalars|@graphql-[a-z]+)($|\/)/

describe('beneath the API', () => {
  const beneath = [...files.keys()].filter(
    (path) => [...domains, 'database', ...ground].includes(roomOf(path)) && !(domains.includes(roomOf(path)) && saysApi.test(basename(path)))
  )

  it.each(beneath)('%s knows of no GraphQL, itself or through others', (path) => {
    expect([...reachOf(path)].filter((each) => importsOf(each).packages.some((name) => graphqlPackage.test(name)))).toEqual([])
  })

  it('are the services and all that they rest on', () => {
    const names = new Set(beneath.map((path) => basename(path, '.ts')))
    for (const name of ['service', 'lifecycle', 'policy', 'events', 'move', 'edit', 'declare', 'record', 'feed', 'fanout', 'verify', 'database'])
      expect(names).toContain(name)
  })
})

describe('only one place', () => {
  const where = (pattern: RegExp) => [...files].filter(([, text]) => pattern.test(text)).map(([path]) => path)

  it('writes the record', () => {
    expect(where(/INSERT INTO change\b|UPDATE change\b|DELETE FROM change\b|\.change\.(create|update|upsert|delete)/)).toEqual([
      'change/at-once.ts',
      'change/record.ts'
    ])
  })

  it('reads the environment, when a process starts', () => {
    expect(where(/\bprocess\.env\b/).filter((path) => !entries.includes(roomOf(path)))).toEqual([])
  })
})

describe('every file', () => {
  const hand = pathsIn(src).filter((path) => /\.(ts|js|css|html)$/.test(path))

  it('can be read in one sitting: at most 300 lines', () => {
    const long = hand.map((path) => ({ path, lines: readFileSync(join(src, path), 'utf8').trimEnd().split('\n').length })).filter(({ lines }) => lines > 300)
    expect(long).toEqual([])
  })

  it('and every folder has a name that says what it is for', () => {
    const nameless = /(^|[/.-])(utils?|helpers?|common|managers?|misc|shared)([/.-]|$)/i
    const tests = fileURLToPath(new URL('.', import.meta.url))
    expect([...pathsIn(src), ...pathsIn(tests)].filter((path) => nameless.test(path))).toEqual([])
    for (const name of ['utils.ts', 'access/text-utils.ts', 'helpers/a.ts', 'key-manager.ts']) expect(name).toMatch(nameless)
  })
})

/** A file and all that it imports, directly or through others. */
function reachOf(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const other of importsOf(path).local) reachOf(other, seen)
  return seen
}

/** The files that come back to themselves, each with the first way round. */
function circles(): string[] {
  const found: string[] = []
  for (const start of files.keys()) {
    const way = wayRound(start, start, new Set())
    if (way) found.push([start, ...way].join(' → '))
  }
  return found
}

function wayRound(from: string, to: string, seen: Set<string>): string[] | undefined {
  for (const other of importsOf(from).local) {
    if (other === to) return [to]
    if (seen.has(other)) continue
    seen.add(other)
    const rest = wayRound(other, to, seen)
    if (rest) return [other, ...rest]
  }
  return undefined
}
