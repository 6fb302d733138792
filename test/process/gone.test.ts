// The embedded database is gone for good when its thread has ended: so is the process, and whoever watches over it starts another.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { adminKey } from '../kit/app.ts'
import { Client } from '../kit/client.ts'
import { createDataFolder, kill, type RunningProcess, startNode } from '../kit/process.ts'
import { declare } from '../kit/seed.ts'

let folder: string
const started: RunningProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mayday-gone-'))
})

afterEach(async () => {
  for (const each of started.splice(0)) if (each.child.exitCode === null) await kill(each)
  await rm(folder, { recursive: true, force: true })
})

/** Loaded into all threads of a process: on a signal, this happens in those that are not the first. */
async function onSignal(happens: string): Promise<string> {
  const file = join(folder, 'happens.mjs')
  await writeFile(
    file,
    `import { isMainThread } from 'node:worker_threads'
    const signal = new BroadcastChannel('signal')
    if (isMainThread) process.on('SIGUSR2', () => signal.postMessage('now'))
    else signal.onmessage = () => { ${happens} }
    signal.unref()`
  )
  return `--import ${pathToFileURL(file)}`
}

it.each([
  ['throws', `throw new Error('Out of order')`, 'Out of order'],
  ['just ends', 'process.exit(3)', 'has ended with 3']
])('ends the process with a word and a code when its thread %s, and the next has everything', { timeout: 120_000 }, async (_, happens, said) => {
  const environment = { MAYDAY_DATA: await createDataFolder(folder), MAYDAY_ADMIN_KEY: adminKey }
  const first = await startNode({ ...environment, NODE_OPTIONS: await onSignal(happens) })
  started.push(first)
  const { id } = await declare(new Client(first.url, adminKey), { title: 'Kept' })
  first.child.kill('SIGUSR2')
  expect(await first.exited).toBe(69)
  expect(first.stdout()).toMatch(new RegExp(`"level":60.*${said}.*"msg":"The database is gone"`))
  const second = await startNode(environment)
  started.push(second)
  expect(await new Client(second.url, adminKey).run('query ($id: ID!) { incident(id: $id) { title } }', { id })).toEqual({ incident: { title: 'Kept' } })
})
