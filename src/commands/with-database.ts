import { pino } from 'pino'
import { createCore } from '../app.ts'
import { readConfig } from '../config.ts'
import type { Core } from '../core.ts'
import { openDatabase } from '../database/database.ts'
import { StartupError } from '../errors.ts'

/** Opens the database that the options name for one command, and tells in one line why it cannot. */
export async function withDatabase(command: (core: Core) => Promise<void>): Promise<void> {
  try {
    const config = readConfig(process.env)
    const database = await openDatabase(config, async () => {})
    try {
      await command(createCore(database, pino({ level: config.MAYDAY_LOG_LEVEL }), () => new Date()))
    } finally {
      await database.close()
    }
  } catch (error) {
    if (!(error instanceof StartupError)) throw error
    process.stderr.write(`mayday: ${error.message}\n`)
    process.exitCode = error.exitCode
  }
}
