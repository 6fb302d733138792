// Prefect's event stream: a websocket on which the server says what happens. It drops events when it has too many in
// hand, and says nothing of that; backfill.ts finds them.
import { WebSocket } from 'ws'
import { authorizationOf, eventSocketUrl, type ServerAddress } from './address.ts'
import { PrefectProblem, problemOfStatus, unreachable } from './problem.ts'

const handshakeMs = 10_000
/** Prefect takes no event larger than 1.5 MB. */
const largestFrame = 4_000_000
/** What is older the server leaves out, whatever it is asked for. */
const reachBackMs = 900_000
/** The stream ends then; a new one is begun before. */
export const streamLifeMs = 86_400_000

export interface Stream {
  /** Resolves with the reason when the stream is over. */
  readonly over: Promise<PrefectProblem>
  /** Nothing more is read from the wire until `resume`. */
  pause(): void
  resume(): void
  end(): void
}

/** Begins a stream; resolves when events of `now` (by the server's clock) and later come in, each given to `take`. */
export async function openStream(
  address: ServerAddress,
  { now, silenceMs, signal }: { now: number; silenceMs: number; signal: AbortSignal },
  take: (event: unknown, bytes: number) => void
): Promise<Stream> {
  const authorization = authorizationOf(address)
  const socket = new WebSocket(eventSocketUrl(address), ['prefect'], {
    handshakeTimeout: handshakeMs,
    maxPayload: largestFrame,
    perMessageDeflate: false,
    headers: authorization ? { authorization } : {}
  })
  const over = Promise.withResolvers<PrefectProblem>()
  const ready = Promise.withResolvers<void>()
  const greeting = setTimeout(() => end(new PrefectProblem('slow', `The event stream did not begin within ${handshakeMs / 1_000} seconds.`)), handshakeMs)
  let heardAt = Date.now()
  const listening = setInterval(() => {
    if (Date.now() - heardAt > silenceMs) end(new PrefectProblem('slow', 'The event stream has fallen silent.'))
    else if (socket.readyState === WebSocket.OPEN && !socket.isPaused) socket.ping()
    else heardAt = Date.now()
  }, silenceMs / 4)

  function end(reason: PrefectProblem): void {
    over.resolve(reason)
    socket.terminate()
  }

  const stop = () => end(new PrefectProblem('unreachable', 'The event stream was ended.'))
  signal.addEventListener('abort', stop)

  socket.on('unexpected-response', (request, response) => {
    response.destroy()
    request.destroy()
    end(problemOfStatus(response.statusCode ?? 0, null))
  })
  socket.on('error', (error: NodeJS.ErrnoException) => over.resolve(problemOfError(error)))
  socket.on('close', (code) => {
    clearTimeout(greeting)
    clearInterval(listening)
    signal.removeEventListener('abort', stop)
    over.resolve(code === 1008 ? new PrefectProblem('refused', 'The event stream refuses the API key.') : unreachable(undefined))
  })
  socket.on('pong', () => {
    heardAt = Date.now()
  })
  socket.on('open', () => socket.send(JSON.stringify({ type: 'auth', token: address.key ?? null })))
  socket.on('message', (data) => {
    heardAt = Date.now()
    const text = String(data)
    const frame = parsed(text)
    if (frame?.type === 'event') take(frame.event, text.length)
    if (frame?.type !== 'auth_success') return
    const occurred = { since: new Date(now - reachBackMs).toISOString(), until: new Date(now + 2 * streamLifeMs).toISOString() }
    socket.send(JSON.stringify({ type: 'filter', filter: { occurred }, backfill: false }))
    clearTimeout(greeting)
    ready.resolve()
  })

  const failed = await Promise.race([ready.promise, over.promise])
  if (failed) throw failed
  return {
    over: over.promise,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end: stop
  }
}

function parsed(text: string): { type?: unknown; event?: unknown } | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    return typeof frame === 'object' && frame !== null ? frame : undefined
  } catch {
    return undefined
  }
}

function problemOfError(error: NodeJS.ErrnoException): PrefectProblem {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return new PrefectProblem('too-large', 'An event on the stream is larger than Prefect allows.')
  if (error.code?.startsWith('WS_ERR') || /subprotocol|Sec-WebSocket/i.test(error.message))
    return new PrefectProblem('not-prefect', 'The event stream does not speak as Prefect does.')
  return unreachable(error)
}
