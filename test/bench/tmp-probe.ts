import { pino } from 'pino'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/database.ts'
import { Client } from '../kit/client.ts'
import { benchKey, engines } from './engines.ts'
import { prepareOperations, requestBody } from './operations.ts'

const filled = await engines[process.argv[2] as 'embedded']({ incidents: 5000, active: 40, comments: 100000, changes: 150000, resources: 2000 })
const database = await openDatabase({ MAYDAY_DATA: '', MAYDAY_POOL_SIZE: 10, ...filled.forMayday }, async () => {})
const stat = new Map<string, { n: number; ms: number }>()
const orig = database.query
;(database as any).query = async (s: any) => {
  const t = performance.now()
  const r = await orig(s)
  const k = s.text
    .replace(/\s+/g, ' ')
    .replace(/SELECT .*? FROM/, 'SELECT … FROM')
    .slice(0, 150)
  const e = stat.get(k) ?? { n: 0, ms: 0 }
  e.n++
  e.ms += performance.now() - t
  stat.set(k, e)
  return r
}
const config = readConfig({ PORT: '0', HOST: '127.0.0.1', ...filled.forMayday })
const app = createApp({ config, database, clock: () => new Date(), log: pino({ level: 'error' }) })
const url = await app.start()
const ops = await prepareOperations(new Client(url, benchKey))
for (const op of [ops.wall, ops.incident, ops.list, ops.comment]) {
  const ask = async (i: number) =>
    (
      await fetch(url + '/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${benchKey}` },
        body: requestBody(op as any, op.variables[i % op.variables.length] as any)
      })
    ).text()
  for (let i = 0; i < 30; i++) await ask(i)
  stat.clear()
  const t = performance.now()
  for (let i = 0; i < 40; i++) await ask(i)
  console.log('==', op.name, ((performance.now() - t) / 40).toFixed(2), 'ms sequential')
  for (const [k, e] of stat) console.log((e.ms / e.n).toFixed(2).padStart(7), (e.n / 40).toFixed(1), k)
}
await app.stop()
await database.close()
await filled.remove()
process.exit(0)
