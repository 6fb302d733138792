// `npm run demo`: the same server on a database in memory, with a workspace in which things happen. In memory, so that
// each demo begins the same, leaves nothing behind, and never touches the data of a real Mayday.
import { pino } from 'pino'
import { createFirstWorkspace } from '../access/workspace.ts'
import { createApp, createCore } from '../app.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from '../database/database.ts'
import { exitCode, StartupError } from '../errors.ts'
import { Catalogue } from './catalogue.ts'
import { DemoClock } from './clock.ts'
import { beginOfPast, Scenario } from './scenario.ts'
import { Stage } from './stage.ts'

try {
  const config = readConfig({ MAYDAY_LOG_LEVEL: 'warn', ...process.env, DATABASE_URL: undefined, MAYDAY_DATA: 'memory://demo' })
  const log = pino({ level: config.MAYDAY_LOG_LEVEL })
  const demoClock = new DemoClock(beginOfPast())
  const clock = () => demoClock.now()
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort())

  let key = ''
  const database = await openDatabase(config, async (opened) => {
    key = (await createFirstWorkspace(createCore(opened, log, clock), config.MAYDAY_ADMIN_KEY))?.secret ?? ''
  })
  void database.gone.then((error) => {
    log.fatal({ err: error }, 'The database is gone')
    process.exit(exitCode.unavailable)
  })
  const app = createApp({ config, database, clock, log })
  try {
    const address = await app.start()
    const stage = new Stage(address, key, new Catalogue())
    const scenario = new Scenario(stage)
    await stage.set(clock())
    await scenario.tellPast(demoClock)
    process.stdout.write(welcome(address, key))
    await scenario.play((line) => process.stdout.write(`${new Date().toTimeString().slice(0, 8)}  ${line}\n`), stopping)
  } finally {
    await app.stop()
    await database.close()
  }
  process.exit(0)
} catch (error) {
  if (!(error instanceof StartupError)) throw error
  process.stderr.write(`mayday: ${error.message}\n`)
  process.exit(error.exitCode)
}

function welcome(address: string, key: string): string {
  return `
The Mayday demo is at ${address} (in memory: it ends with this process)

  Your key:  ${key}

Try this:
  1. The wall: open ${address}/wall and paste the key. Something changes every few seconds.
  2. GraphiQL: open ${address}/graphql, put the key into Headers, and run the subscription that stands there.
  3. Take part: declare an incident, and see it on the wall at once.
       curl ${address}/graphql -H 'authorization: Bearer ${key}' -H 'content-type: application/json' \\
         -d '{"query":"mutation { declareIncident(input: { title: \\"Coffee is out\\", severity: MINOR }) { __typename } }"}'

Ctrl+C ends it. What happens:

`
}
