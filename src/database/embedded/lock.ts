// One process per data folder. The lock is that of an SQLite file in the folder, which the kernel drops with the process,
// however that ends: so there is no stale lock to time out, and nothing that two who start at once could take from each
// other.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { exitCode, StartupError } from '../../errors.ts'

/** Of two who start at the same moment, each may be in the other's way at first. */
const patienceMs = 500
/** SQLITE_BUSY: https://sqlite.org/rescode.html */
const busy = 5

/** Holds the folder until the returned function is called or the process ends; a folder that is held already is a StartupError. */
export function holdFolder(folder: string): () => void {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(folder, 'lock'), { timeout: patienceMs })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    throw (error as { errcode?: number }).errcode === busy ? inUse(folder) : cannotLock(folder, error as Error)
  }
  const held = lock
  return () => held.close()
}

function inUse(folder: string): StartupError {
  return new StartupError(
    `The data folder ${folder} is in use by another Mayday process. Stop that one, or give this one a folder of its own (MAYDAY_DATA) or a server (DATABASE_URL).`,
    exitCode.temporary
  )
}

function cannotLock(folder: string, { message }: Error): StartupError {
  return new StartupError(`The data folder ${folder} cannot be locked: ${message}`, exitCode.cannotCreate)
}
