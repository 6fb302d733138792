import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const lock = new URL('../../../src/database/embedded/lock.ts', import.meta.url).href
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mayday-test-lock-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** A process that tries to hold the folder and says whether it does; one that does goes on until it is killed. */
async function contender() {
  const script = `
    import { holdFolder } from ${JSON.stringify(lock)}
    try {
      holdFolder(${JSON.stringify(folder)})
      process.stdout.write('held')
      setInterval(() => {}, 60_000)
    } catch (error) {
      process.stdout.write(error.message)
    }`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(child.stdout.setEncoding('utf8'), 'data')
  return { child, said: String(said) }
}

it('of several that start at the same moment exactly one holds the folder, again and again, also after one that was killed', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 5; round++) {
    const all = await Promise.all([contender(), contender(), contender()])
    expect(all.map(({ said }) => (said === 'held' ? 'held' : said.includes('is in use by another Mayday process'))).sort()).toEqual(['held', true, true].sort())
    for (const { child } of all) {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
      child.kill('SIGKILL')
      await ended
    }
  }
})
