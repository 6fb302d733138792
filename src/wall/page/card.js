// One incident on the wall. Whatever comes from the server becomes text, never markup.

/**
 * @typedef {object} Incident
 * @property {string} id
 * @property {string} reference
 * @property {string} title
 * @property {'CRITICAL' | 'HIGH' | 'MODERATE' | 'LOW' | 'MINOR'} severity
 * @property {string} severityLabel
 * @property {string} status
 * @property {string} startedAt
 * @property {string} declaredAt
 * @property {string[]} tags
 * @property {{ name: string } | null} lead
 * @property {{ nodes: { body: string, createdAt: string, redactedAt: string | null, author: { name: string } | null }[] }} comments
 * @property {{ totalCount: number, nodes: { kind: string, name: string, state: string | null }[] }} resources
 * @property {{ running: number, upcoming: number, failed: number, late: number, skipped: number, nextHarmAt: string | null } | null} impactFigures
 */

/** The kinds of resources, the one that says most about a disruption first. */
const kinds = ['FLOW_RUN', 'TASK_RUN', 'WORK_POOL', 'WORK_QUEUE', 'BLOCK', 'ASSET', 'DEPLOYMENT', 'FLOW', 'AUTOMATION', 'CUSTOM']
const statuses = ['TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING']

/** @param {Incident} incident */
export function cardOf(incident) {
  const card = element('article', 'card', head(incident), element('h2', 'title', incident.title), facts(incident), impact(incident), comment(incident))
  card.dataset.severity = incident.severity
  card.dataset.id = incident.id
  return card
}

/** @param {Incident} incident */
function head({ severityLabel, reference, status, startedAt }) {
  const steps = element('span', 'steps', ...statuses.map((_, index) => element('i', index <= statuses.indexOf(status) ? 'done' : '')))
  const clock = element('time', 'clock')
  clock.dataset.since = startedAt
  return element(
    'header',
    'head',
    element('span', 'severity', severityLabel),
    element('span', 'reference', reference),
    element('span', 'status', steps, inWords(status)),
    clock
  )
}

/** @param {Incident} incident */
function facts({ lead, tags, resources: { nodes, totalCount } }) {
  const leader = lead ? element('span', 'lead', lead.name) : element('span', 'lead nobody', 'Nobody leads yet')
  const [first] = [...nodes].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
  const affected = element('span', 'resources')
  if (first) affected.append(`${inWords(first.kind)} `, element('b', '', first.name), first.state ? ` ${first.state}` : '')
  if (totalCount > 1) affected.append(` +${totalCount - 1}`)
  return element('p', 'facts', leader, affected, element('span', 'tags', tags.map((tag) => `#${tag}`).join(' ')))
}

/** The work that it hits; nothing while it hits none. @param {Incident} incident */
function impact({ impactFigures }) {
  const line = element('p', 'impact')
  line.hidden = !impactFigures
  if (!impactFigures) return line
  const { running, upcoming, failed, late, skipped, nextHarmAt } = impactFigures
  const harmed = failed + late + skipped
  line.append(figure(running, 'running'), figure(upcoming, 'upcoming'), figure(harmed, 'harmed'))
  if (nextHarmAt) {
    const next = element('time', 'next')
    next.dataset.at = nextHarmAt
    line.append(next)
  }
  return line
}

/** @param {number} count @param {string} what */
function figure(count, what) {
  return element('span', count === 0 ? 'none' : '', element('b', '', String(count)), ` ${what}`)
}

/** @param {Incident} incident */
function comment({ comments: { nodes } }) {
  const [latest] = nodes
  const line = element('p', 'comment')
  line.hidden = !latest
  if (!latest) return line
  const age = element('time', 'ago')
  age.dataset.at = latest.createdAt
  line.append(element('span', 'who', latest.author?.name ?? 'Mayday', ', ', age, ': '), latest.redactedAt ? '(redacted)' : latest.body)
  return line
}

/** Brings all clocks and ages under an element up to date. @param {ParentNode} root */
export function tick(root) {
  const now = Date.now()
  for (const clock of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('.clock'))) {
    clock.textContent = running(now - Date.parse(clock.dataset.since ?? ''))
  }
  for (const age of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('.ago'))) {
    age.textContent = ago(now - Date.parse(age.dataset.at ?? ''))
  }
  for (const next of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('.next'))) {
    next.textContent = `next harm ${ahead(Date.parse(next.dataset.at ?? '') - now)}`
  }
}

/** `0:07:42`, or `2 d 4:07:42`. @param {number} ms */
function running(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const days = Math.floor(seconds / 86_400)
  const [hours, ...rest] = [Math.floor((seconds % 86_400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  return `${days ? `${days} d ` : ''}${hours}:${rest.map((part) => String(part).padStart(2, '0')).join(':')}`
}

/** @param {number} ms */
function ago(ms) {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / 1440)} d ago`
}

/** @param {number} ms */
function ahead(ms) {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return 'now'
  return minutes < 90 ? `in ${minutes} min` : `in ${Math.round(minutes / 60)} h`
}

/** `FLOW_RUN` as `Flow run`. @param {string} name */
function inWords(name) {
  return name.charAt(0) + name.slice(1).toLowerCase().replaceAll('_', ' ')
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {(Node | string)[]} content
 */
export function element(tag, className, ...content) {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.append(...content)
  return made
}
