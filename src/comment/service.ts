// Talking on an incident: comments, their edits, and redaction.
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { roleAllows } from '../access/role.ts'
import { commitAtOnce } from '../change/at-once.ts'
import { answeredBefore, forgetInputs, keepAnswer } from '../change/idempotency.ts'
import { type Committed, commit, eraseText, type Transaction } from '../change/record.ts'
import type { Session } from '../core.ts'
import { type Comment, Prisma } from '../database/generated/client/client.ts'
import { NotAllowedError, NotFoundError, VersionConflictError } from '../errors.ts'
import { loadIncident } from '../incident/incident.ts'
import { idempotencyKey, parseInput, requiredText, version } from '../input.ts'
import { commentEvents } from './events.ts'

const body = requiredText(20_000)
const addInput = z.object({ incidentId: z.string(), body, idempotencyKey })
const editInput = z.object({ id: z.string(), version, body })
const redactInput = z.object({ id: z.string() })

/** Adds a comment; on an incident that was merged it goes to the one it lives on in, where people look. */
export async function addComment(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(addInput, given)
  return (!input.idempotencyKey && (await addAtOnce(session, input))) || add(session, input)
}

type AddInput = z.output<typeof addInput>

/** The plain case, which is nearly all: an incident that was not merged, and no earlier request to look for. */
async function addAtOnce(session: Session, { incidentId, body }: AddInput): Promise<Committed<string> | undefined> {
  const { workspaceId, actorId } = session.viewer
  const id = uuid()
  const sequence = await commitAtOnce(session, (now) => ({
    kind: commentEvents.added,
    incidentId,
    subjectId: id,
    data: { version: 1 },
    text: { body },
    target: Prisma.sql`
      SELECT i.id FROM head CROSS JOIN LATERAL (
        SELECT id FROM incident WHERE id = ${incidentId}::uuid AND workspace_id = head.id AND merged_into_id IS NULL FOR SHARE
      ) i`,
    write: Prisma.sql`
      INSERT INTO comment (id, workspace_id, incident_id, author_id, body, created_at)
      SELECT ${id}::uuid, ${workspaceId}::uuid, target.id, ${actorId}::uuid, ${body}::text, ${now.toISOString()}::text::timestamptz FROM target`
  }))
  return sequence === undefined ? undefined : { result: id, sequence }
}

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
