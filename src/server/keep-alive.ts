// Finds websockets whose client is gone without a word. One timer serves all; each second it is another part's turn,
// so that ten thousand are never pinged at once.
import type { WebSocket } from 'ws'

/** How often a client must show that it is there, in seconds; one that stops reading has this long, twice, before it is dropped. */
const beatSeconds = 30
const mostMissed = 2
/** Not pinged yet: its part's turn may come as soon as it has opened. */
const notYet = -1

export class KeepAlive {
  /** How many pings in a row each socket has left unanswered. */
  readonly #parts = Array.from({ length: beatSeconds }, () => new Map<WebSocket, number>())
  #turn = 0
  #next = 0
  #size = 0
  #timer: NodeJS.Timeout | undefined

  /** Watches a socket until it closes. */
  watch(socket: WebSocket): void {
    this.#next = (this.#next + 1) % beatSeconds
    const part = this.#parts[this.#next] as Map<WebSocket, number>
    part.set(socket, notYet)
    this.#size++
    this.#timer ??= setInterval(() => this.#beat(), 1_000)
    socket.on('pong', () => {
      if (part.has(socket)) part.set(socket, 0)
    })
    socket.once('close', () => {
      part.delete(socket)
      if (--this.#size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    })
  }

  #beat(): void {
    this.#turn = (this.#turn + 1) % beatSeconds
    const part = this.#parts[this.#turn] as Map<WebSocket, number>
    for (const [socket, missed] of part) {
      part.set(socket, missed + 1)
      if (missed >= mostMissed) socket.terminate()
      else if (missed > notYet && socket.readyState === socket.OPEN) socket.ping()
    }
  }
}
