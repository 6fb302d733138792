// A client as an integrator writes one: typed documents over HTTP, and live ones over graphql-ws.
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core'
import { type ClientOptions, createClient, type Client as WsClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { EventStream } from './event-stream.ts'

export interface Answer<Data> {
  data?: Data | null
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; requestId?: string; [key: string]: unknown } }[]
}

/** A typed document of `graphql(...)`, or the text of an operation. */
type Operation<Data, Variables> = DocumentTypeDecoration<Data, Variables> | string

export class Client {
  readonly url: string
  readonly #key: string | undefined
  readonly #headers: Record<string, string>

  constructor(url: string, key?: string, headers: Record<string, string> = {}) {
    this.url = url
    this.#key = key
    this.#headers = { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}), ...headers }
  }

  /** Sends an operation and returns the response as it comes. */
  send<Data, Variables>(operation: Operation<Data, Variables>, variables?: Variables, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { ...this.#headers, ...headers },
      body: JSON.stringify({ query: String(operation), variables })
    })
  }

  /** Sends an operation and returns the whole answer, errors and all. */
  async ask<Data = Record<string, never>, Variables = Record<string, unknown>>(
    operation: Operation<Data, Variables>,
    variables?: Variables
  ): Promise<Answer<Data>> {
    return (await (await this.send(operation, variables)).json()) as Answer<Data>
  }

  /** Sends an operation that must succeed. */
  async run<Data = Record<string, never>, Variables = Record<string, unknown>>(operation: Operation<Data, Variables>, variables?: Variables): Promise<Data> {
    const { data, errors } = await this.ask(operation, variables)
    if (errors || !data) throw new Error(`The operation failed: ${JSON.stringify(errors)}`)
    return data
  }

  /** A websocket of its own; the caller disposes of it. */
  connect(options: Partial<ClientOptions> = {}): WsClient {
    return createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: this.#key ? { authorization: `Bearer ${this.#key}` } : {},
      retryAttempts: 0,
      ...options
    })
  }

  /** Follows a subscription as a stream of events, or throws when the server answers with something else. */
  async stream<Data = Record<string, never>, Variables = Record<string, unknown>>(
    operation: Operation<Data, Variables>,
    variables?: Variables
  ): Promise<EventStream<Data>> {
    return new EventStream(await this.send(operation, variables, { accept: 'text/event-stream' }))
  }

  /** Follows a subscription on a websocket of its own. */
  follow<Data = Record<string, never>, Variables extends Record<string, unknown> = Record<string, unknown>>(
    operation: Operation<Data, Variables>,
    variables?: Variables
  ): Following<Data> {
    return new Following(this.connect(), operation, variables)
  }
}

/** A running subscription: its frames one after the other, and how it ended. */
export class Following<Data> implements AsyncDisposable {
  /** Every frame that came, oldest first. */
  readonly frames: Data[] = []
  /** Settles when the server ends it: with the errors it gave, or none. */
  readonly ended: Promise<unknown>
  readonly #client: WsClient
  readonly #unsubscribe: () => void
  #taken = 0
  #arrived = Promise.withResolvers<void>()
  #over = false

  constructor(client: WsClient, operation: Operation<Data, never>, variables?: Record<string, unknown>) {
    this.#client = client
    const { promise, resolve } = Promise.withResolvers<unknown>()
    this.ended = promise
    const over = (reason?: unknown) => {
      this.#over = true
      resolve(reason)
      this.#arrived.resolve()
    }
    this.#unsubscribe = client.subscribe<Data>(
      { query: String(operation), variables },
      {
        next: ({ data, errors }) => {
          if (errors || !data) return over(errors)
          this.frames.push(data)
          this.#arrived.resolve()
          this.#arrived = Promise.withResolvers()
        },
        error: over,
        complete: () => over()
      }
    )
  }

  /** The next frame; waits for it. Throws when the subscription is over. */
  async next(): Promise<Data> {
    while (this.frames.length <= this.#taken) {
      if (this.#over) throw new Error(`The subscription is over: ${JSON.stringify(await this.ended)}`)
      await this.#arrived.promise
    }
    return this.frames[this.#taken++] as Data
  }

  /** Frames from here on until one fulfils the condition, which is the last of them. */
  async until(condition: (frame: Data) => boolean): Promise<Data[]> {
    const taken: Data[] = []
    for (;;) {
      const frame = await this.next()
      taken.push(frame)
      if (condition(frame)) return taken
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe()
    await this.#client.dispose()
  }
}
