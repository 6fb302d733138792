// Talking on an incident: comments, their edits, and redaction.
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { roleAllows } from '../access/role.ts'
import { atOnce } from '../change/at-once.ts'
import { answeredBefore, forgetInputs, keepAnswer, keyOfRequest } from '../change/idempotency.ts'
import { type Committed, commit, eraseText, type Transaction } from '../change/record.ts'
import type { Session } from '../core.ts'
import { type Actor, type Comment, Prisma } from '../database/generated/client/client.ts'
import { NotAllowedError, NotFoundError, VersionConflictError } from '../errors.ts'
import { loadIncident } from '../incident/incident.ts'
import { idempotencyKey, parseInput, requiredText, version } from '../input.ts'
import { commentEvents } from './events.ts'

const body = requiredText(20_000)
const addInput = z.object({ incidentId: z.string(), body, idempotencyKey })
const editInput = z.object({ id: z.string(), version, body })
const redactInput = z.object({ id: z.string() })

type AddInput = z.output<typeof addInput>

/** What adding a comment came to; with the rows as a read would find them, where they are known without one. */
export type Added = Committed<string> & { readonly written?: { readonly comment: Comment; readonly author: Actor } }

/** Adds a comment; on an incident that was merged it goes to the one it lives on in, where people look. */
export async function addComment(session: Session, given: unknown): Promise<Added> {
  const input = parseInput(addInput, given)
  return (await addAtOnce(session, input)) ?? add(session, input)
}

/** The plain case, which is nearly all: an incident that was not merged, and no earlier request with the same key. */
async function addAtOnce(session: Session, input: AddInput): Promise<Added | undefined> {
  const { incidentId, body } = input
  const id = uuid()
  const idempotency = keyOfRequest('addComment', input.idempotencyKey, input)
  const done = await commitAdded(session, { incidentId, subjectId: id, data: { version: 1 }, text: { body }, idempotency })
  if (!done) return undefined
  const { sequence, at, actor } = done
  const never = { originalIncidentId: null, editedAt: null, redactedAt: null, redactedById: null }
  const comment = { id, workspaceId: actor.workspaceId, incidentId, authorId: actor.id, body, version: 1, createdAt: at, ...never }
  return { result: id, sequence, written: { comment, author: actor } }
}

const commitAdded = atOnce({
  kind: commentEvents.added,
  target: Prisma.sql`
    SELECT i.id FROM head JOIN incident i ON i.workspace_id = head.id
    WHERE i.id = ANY (ARRAY(SELECT incident_id FROM command)) AND i.merged_into_id IS NULL FOR SHARE OF i`,
  write: Prisma.sql`
    INSERT INTO comment (id, workspace_id, incident_id, author_id, body, created_at)
    SELECT subject_id, workspace_id, incident_id, actor_id, text->>'body', at FROM granted`
})

function add(session: Session, input: AddInput): Promise<Committed<string>> {
  return commit(session, async (unit) => {
    const before = await answeredBefore(unit.tx, session, 'addComment', input.idempotencyKey, input)
    if (before) return before
    let incident = await loadIncident(unit.tx, session.viewer, input.incidentId)
    while (incident.mergedIntoId) incident = await loadIncident(unit.tx, session.viewer, incident.mergedIntoId)
    const id = uuid()
    await unit.tx.comment.create({
      data: {
        id,
        workspaceId: session.viewer.workspaceId,
        incidentId: incident.id,
        originalIncidentId: incident.id === input.incidentId ? null : input.incidentId,
        authorId: session.viewer.actorId,
        body: input.body,
        createdAt: unit.now
      },
      select: { id: true }
    })
    unit.record(commentEvents.added, { incidentId: incident.id, subjectId: id, data: { version: 1 }, text: { body: input.body } })
    await keepAnswer(unit, session, 'addComment', input.idempotencyKey, input, id)
    return id
  })
}

/** Changes what a comment says; its author only. What it said before is kept. */
export function editComment(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(editInput, given)
  return commit(session, async (unit) => {
    const comment = await loadComment(unit.tx, session, input.id)
    if (comment.authorId !== session.viewer.actorId) throw new NotAllowedError('Only its author can edit a comment.')
    if (comment.redactedAt) throw new NotAllowedError('A redacted comment cannot be edited.')
    if (comment.version !== input.version) throw new VersionConflictError('Comment', comment.id, comment.version, input.version)
    if (comment.body === input.body) return comment.id
    await unit.tx.commentRevision.create({
      data: { commentId: comment.id, version: comment.version, body: comment.body, writtenAt: comment.editedAt ?? comment.createdAt }
    })
    const next = comment.version + 1
    await unit.tx.comment.update({ where: { id: comment.id }, data: { body: input.body, version: next, editedAt: unit.now } })
    unit.record(commentEvents.edited, { incidentId: comment.incidentId, subjectId: comment.id, data: { version: next }, text: { body: input.body } })
    return comment.id
  })
}

/** Erases what a comment says and said, everywhere; the mark that it was there stays, and the record still verifies. Its author or an admin only. */
export function redactComment(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(redactInput, given)
  return commit(session, async (unit) => {
    const comment = await loadComment(unit.tx, session, input.id)
    if (comment.authorId !== session.viewer.actorId && !roleAllows(session.viewer.role, 'ADMIN')) {
      throw new NotAllowedError('Only its author or an admin can redact a comment.')
    }
    if (comment.redactedAt) return comment.id
    await unit.tx.commentRevision.deleteMany({ where: { commentId: comment.id } })
    await unit.tx.comment.update({
      where: { id: comment.id },
      data: { body: '', version: { increment: 1 }, redactedAt: unit.now, redactedById: session.viewer.actorId }
    })
    await eraseText(unit.tx, session.viewer.workspaceId, comment.id)
    await forgetInputs(unit.tx, session.viewer.workspaceId, comment.id)
    unit.record(commentEvents.redacted, { incidentId: comment.incidentId, subjectId: comment.id, data: { version: comment.version + 1 } })
    return comment.id
  })
}

async function loadComment(tx: Transaction, { viewer }: Session, id: string): Promise<Comment> {
  const comment = await tx.comment.findFirst({ where: { id, workspaceId: viewer.workspaceId } })
  if (!comment) throw new NotFoundError('comment', id)
  return comment
}
