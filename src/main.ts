// The process: reads the options, opens the database, serves, and ends well when it is told to.
import { pino } from 'pino'
import { createFirstWorkspace } from './access/workspace.ts'
import { createApp, createCore } from './app.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database/database.ts'
import { exitCode, StartupError } from './errors.ts'

try {
  const config = readConfig(process.env)
  const log = pino({ level: config.MAYDAY_LOG_LEVEL })
  const clock = () => new Date()
  let firstKey: string | undefined
  const database = await openDatabase(config, async (opened) => {
    const made = await createFirstWorkspace(createCore(opened, log, clock), config.MAYDAY_ADMIN_KEY)
    if (made && !config.MAYDAY_ADMIN_KEY) firstKey = made.secret
  })
  void database.gone.then((error) => {
    log.fatal({ err: error }, 'The database is gone')
    process.exit(exitCode.unavailable)
  })
  if (firstKey) process.stdout.write(`\nYour admin key, shown this once:\n\n  ${firstKey}\n\n`)
  const app = createApp({ config, database, clock, log })
  const address = await app.start().catch(async (error: unknown) => {
    await app.stop()
    await database.close()
    throw error
  })
  process.stdout.write(`Mayday is at ${address} (${database.engine === 'embedded' ? `embedded database in ${config.MAYDAY_DATA}` : 'PostgreSQL'})\n`)

  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'Stopping')
    await app.stop()
    await database.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
} catch (error) {
  if (!(error instanceof StartupError)) throw error
  process.stderr.write(`mayday: ${error.message}\n`)
  process.exit(error.exitCode)
}
