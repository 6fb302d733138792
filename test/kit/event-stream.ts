// What a server-sent event stream brings: the results of a subscription for a client behind a proxy.
import type { Answer } from './client.ts'

export class EventStream<Data> implements AsyncDisposable {
  readonly #events: AsyncGenerator<{ event: string; data: string }>
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>

  constructor(response: Response) {
    if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) throw new Error(`No event stream: ${response.status}`)
    this.#reader = response.body.getReader()
    this.#events = eventsOf(this.#reader)
  }

  /** The next result, frame or errors; undefined when the server has completed the stream. */
  async next(): Promise<Answer<Data> | undefined> {
    const { value, done } = await this.#events.next()
    return done || value.event === 'complete' ? undefined : (JSON.parse(value.data) as Answer<Data>)
  }

  /** Everything until the server completes it. */
  async rest(): Promise<Answer<Data>[]> {
    const answers: Answer<Data>[] = []
    for (;;) {
      const answer = await this.next()
      if (!answer) return answers
      answers.push(answer)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel()
  }
}

async function* eventsOf(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>): AsyncGenerator<{ event: string; data: string }> {
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    text += decoder.decode(value, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.split(':')[0] ?? '', line.slice(line.indexOf(':') + 1).trim()]))
      const event = fields.get('event')
      if (event) yield { event, data: fields.get('data') ?? '' }
    }
  }
}
