// Follows a subscription over graphql-transport-ws. A lost connection is opened again, and goes on after the last
// cursor; only a refused credential ends it.

/** @typedef {{ message: string, extensions?: { code?: string, reason?: string } }} Problem */
/** @typedef {{ name: 'connecting' } | { name: 'live' } | { name: 'waiting', until: number }} State */

const protocol = 'graphql-transport-ws'
const forbidden = 4403
const longestWaitMs = 15_000
/** A connection that has said nothing for two of these is dead, whatever the browser believes. */
const beatMs = 8_000

/** @type {Record<string, string>} */
const refusals = {
  CREDENTIAL_INVALID: 'This key is not valid here.',
  CREDENTIAL_REVOKED: 'This key has been revoked.',
  CREDENTIAL_EXPIRED: 'This key has expired.',
  ROLE_CHANGED: 'This key may no longer see incidents.'
}

/**
 * @template {{ cursor: string }} Frame
 * @param {object} options
 * @param {string} options.url where the API's websocket is
 * @param {string} options.key the API key
 * @param {string} options.query a subscription of one field that takes `$after`
 * @param {(frame: Frame) => void} options.onFrame
 * @param {(state: State) => void} options.onState
 * @param {(reason: string) => void} options.onEnd the credential was refused, or the server does not understand the query
 */
export function follow({ url, key, query, onFrame, onState, onEnd }) {
  /** @type {string | null} */
  let cursor = null
  let operation = 0
  let failures = 0

  function connect() {
    onState({ name: 'connecting' })
    const socket = new WebSocket(url, protocol)
    let heard = true

    /** @param {Record<string, unknown>} message */
    const send = (message) => socket.send(JSON.stringify(message))
    const subscribe = () => send({ id: String(++operation), type: 'subscribe', payload: { query, variables: { after: cursor } } })
    const beat = setInterval(() => {
      if (!heard) return lost()
      heard = false
      if (socket.readyState === WebSocket.OPEN) send({ type: 'ping' })
    }, beatMs)

    function leave() {
      clearInterval(beat)
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
    }

    function lost() {
      leave()
      const wait = Math.min(longestWaitMs, 500 * 2 ** failures++) * (0.75 + Math.random() / 2)
      onState({ name: 'waiting', until: Date.now() + wait })
      setTimeout(connect, wait)
    }

    /** @param {string} reason */
    function end(reason) {
      leave()
      onEnd(refusals[reason] ?? reason)
    }

    /** @param {Problem[]} problems */
    function refuse([problem]) {
      const { code, reason } = problem?.extensions ?? {}
      if (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') return end(reason ?? problem?.message ?? code)
      if (code !== 'BAD_USER_INPUT' && code !== 'GRAPHQL_VALIDATION_FAILED') return lost()
      if (cursor === null) return end(problem?.message ?? code)
      // The cursor is of another workspace or database: begin anew.
      cursor = null
      subscribe()
    }

    socket.onopen = () => send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })
    socket.onmessage = ({ data }) => {
      heard = true
      const { id, type, payload } = JSON.parse(data)
      if (type === 'connection_ack') return subscribe()
      if (type === 'ping') return send({ type: 'pong' })
      if (id !== String(operation)) return
      if (type === 'error') return refuse(payload)
      if (type === 'complete') return lost()
      const [frame] = Object.values(payload.data ?? {})
      if (!frame) return lost()
      failures = 0
      cursor = frame.cursor
      onState({ name: 'live' })
      onFrame(frame)
    }
    socket.onclose = ({ code, reason }) => (code === forbidden ? end(reason) : lost())
  }

  connect()
}
