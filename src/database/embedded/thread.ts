// The embedded engine's thread, as the others see it: asked by bytes, it answers in the order in which it was asked.
import { Worker } from 'node:worker_threads'

/** Where its data are: in a folder, or in memory only, where it may start as a copy of a dump. */
export interface Place {
  folder?: string
  copyOf?: string
  /** The engine itself, for several in one process: compiled, and optimised, once for all of them. */
  program?: WebAssembly.Module
}

/** What the engine says to a message, in parts. */
export type Answer = ArrayBuffer[]

export interface EmbeddedThread {
  /** Has it carry out messages one after the other. It says nothing before it is through with all of them. */
  ask(messages: readonly Uint8Array<ArrayBuffer>[]): Promise<Answer[]>
  /** Lets it do what it was asked, and waits until its data are written and the thread is gone. */
  close(): Promise<void>
  /** Ends it at once, since it cannot be trusted any more, and gives the reason back. */
  giveUp(reason: Error): Error
  /** Resolves with the reason if it ends without being told to. */
  readonly gone: Promise<Error>
}

/** Starts the thread; comes back when the engine is ready. */
export async function startThread(place: Place): Promise<EmbeddedThread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: place })
  const ready = Promise.withResolvers<Answer[]>()
  const unanswered = [ready]
  const gone = Promise.withResolvers<Error>()
  const ended = Promise.withResolvers<void>()
  let failure: Error | undefined
  let closing = false

  function fail(reason: Error): void {
    failure ??= reason
    for (const { reject } of unanswered.splice(0)) reject(failure)
    gone.resolve(failure)
  }
  worker.on('message', (answers: Answer[]) => unanswered.shift()?.resolve(answers))
  worker.on('error', fail)
  worker.once('exit', (code) => {
    if (!closing) fail(new Error(`The thread of the embedded database has ended with ${code}`))
    ended.resolve()
  })

  await ready.promise
  return {
    ask(messages) {
      // A thread that is gone takes messages, and never answers.
      if (failure) return Promise.reject(failure)
      const question = Promise.withResolvers<Answer[]>()
      unanswered.push(question)
      worker.postMessage(
        messages,
        messages.map(({ buffer }) => buffer)
      )
      return question.promise
    },
    async close() {
      closing = true
      worker.postMessage('close')
      await ended.promise
    },
    giveUp(reason) {
      fail(reason)
      void worker.terminate()
      return reason
    },
    gone: gone.promise
  }
}
