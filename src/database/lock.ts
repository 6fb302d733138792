// One process per data folder. The lock is a listening socket in the folder: the kernel drops it with the process,
// however that ends, so there is no stale lock to time out and no process id that another process may have taken since.
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join, relative } from 'node:path'
import { exitCode, StartupError } from '../errors.ts'

/** Holds the folder until the returned function is called or the process ends; a folder that is held already is a StartupError. */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  // Socket paths are short (about 100 bytes): the relative one is usually the shorter.
  const path = [join(folder, 'lock.sock'), relative(process.cwd(), join(folder, 'lock.sock'))].sort((a, b) => a.length - b.length)[0] ?? ''
  const owner = randomUUID()
  const server = createServer((socket) => socket.on('error', () => {}).end(owner))
  if (await ownerOf(path)) throw inUse(folder)
  await rm(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' ? inUse(folder) : new StartupError(`The data folder ${folder} cannot be locked: ${error.message}`, exitCode.cannotCreate)
      )
    )
    server.listen(path, resolve)
  })
  server.unref()
  // Two processes may both have found the leftover of a dead one; the path now leads to one of them only.
  if ((await ownerOf(path)) !== owner) {
    server.close()
    throw inUse(folder)
  }
  return () => new Promise((resolve) => server.close(() => resolve()))
}

function ownerOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(path)
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      answer += chunk
    })
    socket.on('error', () => resolve(undefined))
    socket.on('end', () => resolve(answer))
  })
}

function inUse(folder: string): StartupError {
  return new StartupError(
    `The data folder ${folder} is in use by another Mayday process. Stop that one, or give this one a folder of its own (MAYDAY_DATA) or a server (DATABASE_URL).`,
    exitCode.temporary
  )
}
