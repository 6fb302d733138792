// What the API says of comments, and the mutations on them.
import { actorOf, actorsById } from '../access/loader.ts'
import { Actor } from '../access/schema.ts'
import { builder, ownState } from '../builder.ts'
import { ChangePayload } from '../change/payload.ts'
import type { Committed } from '../change/record.ts'
import { Change } from '../change/schema.ts'
import { connectionOf } from '../connection.ts'
import type { Context } from '../context.ts'
import type { CommentRevision as RevisionRow } from '../database/generated/client/client.ts'
import { NotAllowedError, NotFoundError, VersionConflictError } from '../errors.ts'
import { rowId } from '../node-id.ts'
import { commentsById, revisionsOfComment } from './loader.ts'
import * as service from './service.ts'

const CommentRevision = builder.objectRef<RevisionRow>('CommentRevision').implement({
  description: 'What a comment said before an edit.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'The version of the comment that this was.' }),
    body: t.exposeString('body', { description: 'What it said, in markdown.' }),
    writtenAt: t.expose('writtenAt', { type: 'DateTime', description: 'When that was written.' })
  })
})

export const Comment = builder.prismaNode('Comment', {
  description: 'Something said on an incident.',
  id: { field: 'id', description: 'The id of the comment.' },
  findUnique: (id, { viewer }: Context) => ({ id, workspaceId: viewer.workspaceId }),
  nullable: true,
  fields: (t) => ({
    body: t.exposeString('body', { description: 'What it says, in markdown; empty when it is redacted. Show it through a renderer that strips HTML.' }),
    version: t.exposeInt('version', { description: 'Goes up with each edit; an edit names the version it was made on.' }),
    author: t.field({
      ...ownState,
      type: Actor,
      nullable: true,
      description: 'Who said it.',
      resolve: ({ authorId }, _args, context) => actorOf(context, authorId)
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was said.' }),
    editedAt: t.expose('editedAt', { type: 'DateTime', nullable: true, description: 'When it was last edited; null when never.' }),
    redactedAt: t.expose('redactedAt', { type: 'DateTime', nullable: true, description: 'When it was redacted; null while it can be read.' }),
    redactedBy: t.field({
      ...ownState,
      type: Actor,
      nullable: true,
      description: 'Who redacted it.',
      resolve: ({ redactedById }, _args, context) => (redactedById ? actorOf(context, redactedById) : null)
    }),
    revisions: t.field({
      ...ownState,
      type: [CommentRevision],
      description: 'What it said before its edits, oldest first; empty when it was never edited, or is redacted.',
      resolve: ({ id }, _args, context) => context.loader(revisionsOfComment).load({ parentId: id, args: null })
    })
  })
})

builder.objectField(Change, 'comment', (t) =>
  t.field({
    type: Comment,
    nullable: true,
    description: 'The comment that it is about, as it is now.',
    resolve: ({ kind, subjectId }, _args, context) => (subjectId && kind.startsWith('comment.') ? context.loader(commentsById).load(subjectId) : null)
  })
)

export const CommentConnection = connectionOf('Comment', Comment)

const CommentPayload = builder.objectRef<Committed<string>>('CommentPayload').implement({
  description: 'A comment as the mutation left it.',
  interfaces: [ChangePayload],
  fields: (t) => ({
    comment: t.field({
      type: Comment,
      description: 'The comment.',
      resolve: async ({ result }, _args, context) => {
        const comment = await context.loader(commentsById).load(result)
        if (!comment) throw new Error(`The comment ${result} is gone`)
        return comment
      }
    })
  })
})

const AddCommentInput = builder.inputType('AddCommentInput', {
  description: 'Something to say on an incident.',
  fields: (t) => ({
    incidentId: t.id({ required: true, description: 'The incident; for one that was merged, the comment goes to the one it lives on in.' }),
    body: t.string({ required: true, description: 'What to say, in markdown: 1 to 20000 characters.' }),
    idempotencyKey: t.string({ description: 'A repeated request with the same key gets the comment that the first one added: 1 to 200 characters.' })
  })
})

const EditCommentInput = builder.inputType('EditCommentInput', {
  description: 'What a comment is to say instead.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The comment.' }),
    version: t.int({ required: true, description: 'The version that the edit was made on.' }),
    body: t.string({ required: true, description: 'What it is to say, in markdown: 1 to 20000 characters.' })
  })
})

builder.mutationFields((t) => ({
  addComment: t.field({
    type: CommentPayload,
    description: 'Says something on an incident, whatever its status.',
    authScopes: { role: 'RESPONDER' },
    errors: { types: [NotFoundError] },
    args: { input: t.arg({ type: AddCommentInput, required: true, description: 'The comment.' }) },
    resolve: async (_root, { input }, context) => {
      const added = await service.addComment(context.session, { ...input, incidentId: rowId('Incident', input.incidentId, 'input.incidentId') })
      if (added.written) {
        const { comment, author } = added.written
        context.loader(commentsById).prime(comment.id, comment)
        context.loader(actorsById).clear(author.id).prime(author.id, author)
      }
      return added
    }
  }),
  editComment: t.field({
    type: CommentPayload,
    description: 'Changes what a comment says; for its author. What it said before stays in `revisions`.',
    authScopes: { role: 'RESPONDER' },
    errors: { types: [NotFoundError, NotAllowedError, VersionConflictError] },
    args: { input: t.arg({ type: EditCommentInput, required: true, description: 'The edit.' }) },
    resolve: (_root, { input }, { session }) => service.editComment(session, { ...input, id: rowId('Comment', input.id, 'input.id') })
  }),
  redactComment: t.field({
    type: CommentPayload,
    description:
      'Erases what a comment says and ever said, in the record too; for its author or an admin. The mark stays and the record still verifies. There is no way back.',
    authScopes: { role: 'RESPONDER' },
    errors: { types: [NotFoundError, NotAllowedError] },
    args: { id: t.arg.id({ required: true, description: 'The comment.' }) },
    resolve: (_root, { id }, { session }) => service.redactComment(session, { id: rowId('Comment', id, 'id') })
  })
}))
