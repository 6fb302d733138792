// A great many walls: each a websocket of its own with one subscription. What comes is only noted, to be reckoned up
// later, so that the clients cost little beside the server.
import type { Subscription } from '../operations.ts'
import type { Target } from '../target.ts'
import type { Made } from './changes.ts'
import { newestMark } from './mark.ts'
import { textFrame, Websocket } from './websocket.ts'

/** How frames and changes are put in order. */
export interface Places {
  /** How many bytes of a frame it takes. */
  readonly keep: number
  /** The place to which a frame brings its wall. */
  ofFrame(kept: Buffer): number
  ofChange(change: Made): number
}

/** By the cursors that Mayday gives to frames and changes alike. */
export const byCursor: Places = { keep: 256, ofFrame: sequenceIn, ofChange: ({ answer }) => sequenceIn(answer) }

/** By the mark of the newest change that shows in a frame, for servers without cursors: it stands for all changes before. */
export const byMark: Places = { keep: Number.POSITIVE_INFINITY, ofFrame: newestMark, ofChange: ({ number }) => number }

/** What one wall got: the place each frame brought it to, and when. */
export interface Received {
  readonly places: number[]
  readonly times: number[]
}

const init = (target: Target) => textFrame(JSON.stringify({ type: 'connection_init', payload: target.headers }))
const pong = textFrame('{"type":"pong"}')
const messageKinds = ['"type":"next"', '"type":"connection_ack"', '"type":"ping"'] as const

export class Walls implements Disposable {
  readonly received: Received[] = []
  /** The size of the latest frame of any of them. */
  frameBytes = 0
  readonly #target: Target
  readonly #places: Places
  readonly #sockets: Websocket[] = []

  constructor(target: Target, places = byCursor) {
    this.#target = target
    this.#places = places
  }

  /** Opens more, so many at a time, and settles when each has its first frame. */
  async open(count: number, subscriptionOf: (index: number) => Subscription, atOnce = 100): Promise<void> {
    const texts = new Map<Subscription, Buffer>()
    const frameOf = (index: number) => {
      const subscription = subscriptionOf(index)
      const frame = texts.get(subscription) ?? textFrame(JSON.stringify({ id: '1', type: 'subscribe', payload: subscription }))
      texts.set(subscription, frame)
      return frame
    }
    let next = 0
    const work = async () => {
      while (next < count) await this.#open(frameOf(next++))
    }
    await Promise.all(Array.from({ length: Math.min(count, atOnce) }, work))
  }

  #open(subscribe: Buffer): Promise<void> {
    const { url, socketPath, headers } = this.#target
    const received: Received = { places: [], times: [] }
    return new Promise((resolve, reject) => {
      const text = (kept: Buffer, size: number) => {
        const head = kept.subarray(0, 100)
        const kind = messageKinds.find((each) => head.includes(each))
        if (kind === '"type":"next"') {
          received.times.push(performance.now())
          received.places.push(this.#places.ofFrame(kept))
          this.frameBytes = size
          resolve()
        } else if (kind === '"type":"connection_ack"') socket?.send(subscribe)
        else if (kind === '"type":"ping"') socket?.send(pong)
        else reject(new Error(`A wall got ${kept}`))
      }
      let socket: Websocket | undefined
      Websocket.open(url + socketPath, 'graphql-transport-ws', headers, this.#places.keep, {
        text,
        broken: (reason) => reject(new Error(`A wall broke: ${reason}`))
      }).then((opened) => {
        socket = opened
        this.#sockets.push(opened)
        this.received.push(received)
        opened.send(init(this.#target))
      }, reject)
    })
  }

  /** Forgets what came so far, but where each wall stands. */
  forget(): void {
    for (const { places, times } of this.received) {
      places.splice(0, places.length - 1)
      times.splice(0, times.length - 1)
    }
  }

  /** Waits until each has come to a place, or so long; says whether all have. */
  async reached(place: number, timeoutMs: number): Promise<boolean> {
    const patience = performance.now() + timeoutMs
    const all = () => this.received.every(({ places }) => (places.at(-1) ?? 0) >= place)
    while (!all() && performance.now() < patience) await new Promise((resolve) => setTimeout(resolve, 20))
    return all()
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.close()
  }
}

const cursorMark = Buffer.from('"cursor":"')

/** The sequence number of the first cursor in a text. */
function sequenceIn(text: Buffer): number {
  const start = text.indexOf(cursorMark) + cursorMark.length
  return placeOf(text.toString('latin1', start, text.indexOf(34, start))).sequence
}

/** What a cursor of Mayday says. */
export function placeOf(cursor: string): { mark: string; sequence: number } {
  const [mark = '', sequence] = Buffer.from(cursor, 'base64url').toString('latin1').split('.')
  return { mark, sequence: Number(sequence) }
}
