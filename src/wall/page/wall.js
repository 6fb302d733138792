// The wall: asks for a key once, then shows the active incidents as they are, live.
import { cardOf, element, tick } from './card.js'
import { follow } from './live.js'

/** @import { Incident } from './card.js' */
/** @import { State } from './live.js' */
/** @typedef {{ cursor: string, reset: boolean, truncated: boolean, leftIds: string[], incidents: Incident[] }} Frame */

const storedKey = 'mayday.key'
/** As many cards as one can still read from across the room. */
const mostCards = 12
const severities = ['CRITICAL', 'HIGH', 'MODERATE', 'LOW', 'MINOR']

const query = `subscription Wall($after: Cursor) {
  incidents(filter: { active: true }, after: $after) {
    cursor reset truncated leftIds
    incidents {
      id reference title severity severityLabel status startedAt declaredAt tags
      lead { name }
      comments(last: 1) { nodes { body createdAt redactedAt author { name } } }
      resources(first: 10) { totalCount nodes { kind name state } }
      impactFigures { running upcoming failed late skipped nextHarmAt }
    }
  }
}`

/** @type {Map<string, Incident>} */
const incidents = new Map()
/** @type {Map<string, HTMLElement>} */
const cards = new Map()
/** @type {State} */
let state = { name: 'connecting' }
let truncated = false
let lastHeard = 0

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))
const key = /** @type {HTMLInputElement} */ (byId('key'))

/** @param {Frame} frame */
function take(frame) {
  if (frame.reset) {
    incidents.clear()
    cards.clear()
    truncated = frame.truncated
  }
  for (const id of frame.leftIds) {
    incidents.delete(id)
    cards.delete(id)
  }
  for (const incident of frame.incidents) {
    const known = incidents.has(incident.id)
    const card = cardOf(incident)
    if (!frame.reset) card.classList.add(known ? 'changed' : 'fresh')
    incidents.set(incident.id, incident)
    cards.set(incident.id, card)
  }
  show()
}

function show() {
  const sorted = [...incidents.values()].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || b.declaredAt.localeCompare(a.declaredAt) || a.id.localeCompare(b.id)
  )
  const shown = sorted.slice(0, mostCards)
  const board = byId('board')
  board.dataset.size = shown.length <= 2 ? 'large' : shown.length <= 6 ? 'medium' : 'small'
  board.replaceChildren(...shown.flatMap(({ id }) => cards.get(id) ?? []))
  for (const card of board.children) card.addEventListener('animationend', () => card.classList.remove('fresh', 'changed'), { once: true })
  const hidden = sorted.length - shown.length
  byId('more').hidden = hidden === 0
  byId('more').textContent = `and ${truncated ? 'more than ' : ''}${hidden} more, less severe or older`
  byId('quiet').hidden = sorted.length > 0
  board.hidden = sorted.length === 0
  byId('counts').replaceChildren(...severities.flatMap((severity) => countOf(sorted.filter((incident) => incident.severity === severity))))
  document.title = sorted.length === 0 ? 'Mayday: all quiet' : `Mayday: ${sorted.length} active`
  tick(board)
}

/** How many there are of one severity, in its colour; nothing when there are none. @param {Incident[]} alike */
function countOf(alike) {
  const [first] = alike
  if (!first) return []
  const count = element('span', 'count', `${alike.length} × ${first.severityLabel}`)
  count.dataset.severity = first.severity
  return [count]
}

/** Says how fresh the wall is: nobody may take an old picture for a quiet night. */
function showState() {
  const now = Date.now()
  const line = byId('state')
  line.dataset.state = state.name
  const asOf = lastHeard ? `, as of ${new Date(lastHeard).toLocaleTimeString()}` : ''
  if (state.name === 'live') line.textContent = 'Live'
  else if (state.name === 'connecting') line.textContent = `Connecting…${asOf}`
  else line.textContent = `Connection lost, again in ${Math.max(0, Math.ceil((state.until - now) / 1000))} s${asOf}`
  byId('wall').classList.toggle('stale', state.name !== 'live')
  byId('now').textContent = new Date(now).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

/** @param {string} secret */
function open(secret) {
  byId('door').hidden = true
  const url = new URL('/graphql', location.href)
  greet(url, secret)
  url.protocol = url.protocol.replace('http', 'ws')
  follow({
    url: url.href,
    key: secret,
    query,
    onFrame: (/** @type {Frame} */ frame) => {
      byId('wall').hidden = false
      take(frame)
    },
    onState: (next) => {
      if (state.name === 'live' && next.name !== 'live') lastHeard = Date.now()
      state = next
      showState()
    },
    onEnd: ask
  })
}

/** The name of the workspace in the corner; a nicety, so nothing happens when it cannot be had. @param {URL} url @param {string} secret */
async function greet(url, secret) {
  try {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: '{ viewer { workspace { name } } }' }) })
    byId('workspace').textContent = (await response.json()).data?.viewer.workspace.name ?? ''
  } catch {
    byId('workspace').textContent = ''
  }
}

/** Takes everything off the screen and asks for a key. @param {string} [refusal] */
function ask(refusal = '') {
  sessionStorage.removeItem(storedKey)
  incidents.clear()
  cards.clear()
  show()
  byId('wall').hidden = true
  byId('workspace').textContent = ''
  byId('state').dataset.state = refusal ? 'ended' : 'idle'
  byId('state').textContent = refusal ? 'Ended' : ''
  byId('refusal').hidden = refusal === ''
  byId('refusal').textContent = refusal
  byId('door').hidden = false
  key.value = ''
  key.focus()
}

byId('door').addEventListener('submit', (event) => {
  event.preventDefault()
  const secret = key.value.trim()
  sessionStorage.setItem(storedKey, secret)
  key.value = ''
  open(secret)
})

setInterval(() => {
  if (byId('door').hidden) showState()
  tick(byId('board'))
}, 1000)

const kept = sessionStorage.getItem(storedKey)
if (kept) open(kept)
else ask()
