// The operations that many tests share, as a client would write them.
import { graphql } from '../generated/index.ts'

export const DeclareIncident = graphql(`
  mutation DeclareIncident($input: DeclareIncidentInput!) {
    declareIncident(input: $input) {
      __typename
      ... on DeclareIncidentPayload {
        cursor
        outcome
        incident { id number reference version title summary severity status tags startedAt lead { id } }
      }
      ... on DuplicateIncidentError { message incident { id reference } }
      ... on Error { message }
    }
  }
`)

export const UpdateIncident = graphql(`
  mutation UpdateIncident($input: UpdateIncidentInput!) {
    updateIncident(input: $input) {
      __typename
      ... on IncidentPayload { cursor incident { id version title summary severity tags startedAt lead { id name } resolution rootCause } }
      ... on VersionConflictError { message currentVersion current { __typename ... on Incident { id version title severity } } }
      ... on Error { message }
    }
  }
`)

export const ChangeIncidentStatus = graphql(`
  mutation ChangeIncidentStatus($input: ChangeIncidentStatusInput!) {
    changeIncidentStatus(input: $input) {
      __typename
      ... on IncidentPayload { cursor incident { id version status availableTransitions acknowledgedAt mitigatedAt } }
      ... on TransitionError { message from to availableTransitions }
      ... on Error { message }
    }
  }
`)

export const ResolveIncident = graphql(`
  mutation ResolveIncident($input: ResolveIncidentInput!) {
    resolveIncident(input: $input) {
      __typename
      ... on IncidentPayload { cursor incident { id version status resolution rootCause resolvedAt } }
      ... on TransitionError { message from to availableTransitions }
      ... on Error { message }
    }
  }
`)

export const AddComment = graphql(`
  mutation AddComment($input: AddCommentInput!) {
    addComment(input: $input) {
      __typename
      ... on CommentPayload { cursor comment { id body version author { name } incident { id } } }
      ... on Error { message }
    }
  }
`)

export const UpsertResources = graphql(`
  mutation UpsertResources($input: UpsertResourcesInput!) {
    upsertResources(input: $input) { cursor resources { id kind externalId name state labels } rejected { index reason } }
  }
`)

export const CreateApiKey = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { cursor secret apiKey { id name role prefix expiresAt } }
  }
`)

export const AllChanges = graphql(`
  query AllChanges($after: String, $filter: ChangeFilter) {
    changes(first: 100, after: $after, filter: $filter) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { sequence cursor kind message data text redacted hash }
    }
  }
`)

export const FollowChanges = graphql(`
  subscription FollowChanges($after: Cursor, $filter: ChangeFilter) {
    changes(after: $after, filter: $filter) { cursor reset changes { sequence kind message } }
  }
`)

export const FollowWall = graphql(`
  subscription FollowWall($filter: IncidentFilter, $after: Cursor) {
    incidents(filter: $filter, after: $after) { cursor reset truncated leftIds incidents { id reference title severity status comments(last: 3) { nodes { body } } } }
  }
`)

export const VerifyChanges = graphql(`
  query VerifyChanges { verifyChanges { valid checked headHash problem { kind sequence message } } }
`)
