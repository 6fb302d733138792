// The gate's answer as `GET /gate/<external id>` tells it: plain JSON, for clients that know no GraphQL.
import type { GateAnswer } from './gate.ts'

/** The same answer is given again and again while nothing moves. */
const texts = new WeakMap<GateAnswer, string>()

export function told(answer: GateAnswer): string {
  const before = texts.get(answer)
  if (before !== undefined) return before
  const { decision, certain, reason, externalId: resource, incident, through: path } = answer
  const named = incident && { reference: `INC-${incident.number}`, title: incident.title, severity: incident.severity, status: incident.status }
  const text = `${JSON.stringify({ decision, certain, resource, incident: named, reason, path })}\n`
  texts.set(answer, text)
  return text
}
