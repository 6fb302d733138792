// The operations on comments that several tests share.
import { graphql } from '../generated/index.ts'

export const EditComment = graphql(`
  mutation EditComment($input: EditCommentInput!) {
    editComment(input: $input) {
      __typename
      ... on CommentPayload { cursor comment { id body version editedAt revisions { version body writtenAt } } }
      ... on VersionConflictError { currentVersion current { ... on Comment { body version } } }
      ... on Error { message }
    }
  }
`)

export const RedactComment = graphql(`
  mutation RedactComment($id: ID!) {
    redactComment(id: $id) {
      __typename
      ... on CommentPayload { cursor comment { id body version redactedAt redactedBy { name } revisions { body } } }
      ... on Error { message }
    }
  }
`)
