// The thread in which the embedded engine works: takes statements as bytes of PostgreSQL's protocol, one after the
// other, and gives what the engine says to each. It is started by thread.ts, and runs as Node finds it.
import { openAsBlob } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import type { Answer, Place } from './thread.ts'

const { folder, copyOf, program }: Place = workerData
const pglite = await PGlite.create({
  dataDir: folder,
  loadDataDir: copyOf === undefined ? undefined : await openAsBlob(copyOf),
  pgliteWasmModule: program
})

parentPort?.on('message', async (messages: Uint8Array[] | 'close') => {
  if (messages === 'close') {
    await pglite.close()
    parentPort?.close()
    return
  }
  const answers: Answer[] = []
  for (const message of messages) {
    const answer: Answer = []
    // What it hands over lies in its own memory, where the next part will be.
    const onRawData = (part: Uint8Array) => void answer.push(new Uint8Array(part).buffer)
    await pglite.execProtocolRawStream(message, { syncToFs: false, onRawData })
    answers.push(answer)
  }
  parentPort?.postMessage(answers, answers.flat())
})

const ready: Answer[] = []
parentPort?.postMessage(ready)
