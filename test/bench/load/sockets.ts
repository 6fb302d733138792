// A great many walls: each a websocket of its own with one subscription. What comes is only noted, to be reckoned up
// later, so that the clients cost little beside the server.
import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'

/** What one wall got: the place each frame brought it to, and when. */
export interface Received {
  readonly places: number[]
  readonly times: number[]
}

export interface Walls extends Disposable {
  readonly received: readonly Received[]
  /** The size of a wall's latest frame. */
  frameBytes(): number
  /** Forgets what came so far, but where each wall stands. */
  forget(): void
  /** Waits until each has come to a place, or so long; says whether all have. */
  reached(place: number, timeoutMs: number): Promise<boolean>
}

/** So many connect at a time. */
const atOnce = 50
const next = Buffer.from('"type":"next"')
const cursorMark = Buffer.from('"cursor":"')

export async function openWalls(url: string, count: number, key: string, query: string): Promise<Walls> {
  const received: Received[] = Array.from({ length: count }, () => ({ places: [], times: [] }))
  const sockets: WebSocket[] = []
  let frameBytes = 0

  function open(index: number): Promise<void> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { perMessageDeflate: false, skipUTF8Validation: true })
    sockets.push(socket)
    const { places, times } = received[index] as Received
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('close', (code, reason) => reject(new Error(`A wall was closed with ${code} ${reason}`)))
      socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })))
      socket.on('message', (data: Buffer) => {
        const now = performance.now()
        if (data.subarray(0, 80).includes(next)) {
          places.push(placeOf(data))
          times.push(now)
          frameBytes = data.length
          resolve()
        } else if (data.includes('connection_ack')) socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query } }))
        else if (data.includes('"type":"ping"')) socket.send('{"type":"pong"}')
        else reject(new Error(`A wall got ${data}`))
      })
    })
  }

  for (let start = 0; start < count; start += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - start) }, (_, index) => open(start + index)))
  }

  return {
    received,
    frameBytes: () => frameBytes,
    forget() {
      for (const { places, times } of received) {
        places.splice(0, places.length - 1)
        times.splice(0, times.length - 1)
      }
    },
    async reached(place, timeoutMs) {
      const patience = performance.now() + timeoutMs
      const all = () => received.every(({ places }) => (places.at(-1) ?? 0) >= place)
      while (!all() && performance.now() < patience) await new Promise((resolve) => setTimeout(resolve, 20))
      return all()
    },
    [Symbol.dispose]() {
      for (const socket of sockets) socket.terminate()
    }
  }
}

/** The sequence number in a frame's cursor. */
function placeOf(frame: Buffer): number {
  const start = frame.indexOf(cursorMark) + cursorMark.length
  return sequenceOf(frame.toString('latin1', start, frame.indexOf(34, start)))
}

export function sequenceOf(cursor: string): number {
  return Number(Buffer.from(cursor, 'base64url').toString('latin1').split('.')[1])
}
