/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation DeclareFromResource($input: DeclareIncidentFromResourceInput!) {\n    declareIncidentFromResource(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload { outcome incident { id reference title summary severity tags dedupKey lead { name } startedAt resources { nodes { externalId } } } }\n      ... on DuplicateIncidentError { incident { reference } }\n      ... on Error { message }\n    }\n  }\n": typeof types.DeclareFromResourceDocument,
    "\n  mutation EditComment($input: EditCommentInput!) {\n    editComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version editedAt revisions { version body writtenAt } } }\n      ... on VersionConflictError { currentVersion current { ... on Comment { body version } } }\n      ... on Error { message }\n    }\n  }\n": typeof types.EditCommentDocument,
    "\n  mutation RedactComment($id: ID!) {\n    redactComment(id: $id) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version redactedAt redactedBy { name } revisions { body } } }\n      ... on Error { message }\n    }\n  }\n": typeof types.RedactCommentDocument,
    "\n  mutation DeclareIncident($input: DeclareIncidentInput!) {\n    declareIncident(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload {\n        cursor\n        outcome\n        incident { id number reference version title summary severity status tags startedAt lead { id } }\n      }\n      ... on DuplicateIncidentError { message incident { id reference } }\n      ... on Error { message }\n    }\n  }\n": typeof types.DeclareIncidentDocument,
    "\n  mutation UpdateIncident($input: UpdateIncidentInput!) {\n    updateIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version title summary severity tags startedAt lead { id name } resolution rootCause } }\n      ... on VersionConflictError { message currentVersion current { __typename ... on Incident { id version title severity } } }\n      ... on Error { message }\n    }\n  }\n": typeof types.UpdateIncidentDocument,
    "\n  mutation ChangeIncidentStatus($input: ChangeIncidentStatusInput!) {\n    changeIncidentStatus(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status availableTransitions acknowledgedAt mitigatedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n": typeof types.ChangeIncidentStatusDocument,
    "\n  mutation ResolveIncident($input: ResolveIncidentInput!) {\n    resolveIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status resolution rootCause resolvedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n": typeof types.ResolveIncidentDocument,
    "\n  mutation AddComment($input: AddCommentInput!) {\n    addComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version author { name } incident { id } } }\n      ... on Error { message }\n    }\n  }\n": typeof types.AddCommentDocument,
    "\n  mutation UpsertResources($input: UpsertResourcesInput!) {\n    upsertResources(input: $input) { cursor resources { id kind externalId name state labels } }\n  }\n": typeof types.UpsertResourcesDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { cursor secret apiKey { id name role prefix expiresAt } }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  query AllChanges($after: String, $filter: ChangeFilter) {\n    changes(first: 100, after: $after, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { sequence cursor kind message data text redacted hash }\n    }\n  }\n": typeof types.AllChangesDocument,
    "\n  subscription FollowChanges($after: Cursor, $filter: ChangeFilter) {\n    changes(after: $after, filter: $filter) { cursor reset changes { sequence kind message } }\n  }\n": typeof types.FollowChangesDocument,
    "\n  subscription FollowWall($filter: IncidentFilter, $after: Cursor) {\n    incidents(filter: $filter, after: $after) { cursor reset truncated leftIds incidents { id reference title severity status comments(last: 3) { nodes { body } } } }\n  }\n": typeof types.FollowWallDocument,
    "\n  query VerifyChanges { verifyChanges { valid checked headHash problem { kind sequence message } } }\n": typeof types.VerifyChangesDocument,
    "\n  query IncidentInFull($id: ID!) {\n    incident(id: $id) {\n      id number reference version title summary severity severityLabel status active availableTransitions tags\n      lead { id name } declaredBy { name } dedupKey resolution rootCause\n      startedAt declaredAt updatedAt acknowledgedAt mitigatedAt resolvedAt closedAt timeToAcknowledge timeToMitigate timeToResolve\n      mergedInto { id reference } mergedIncidents { reference }\n      resources(first: 100) { totalCount nodes { name externalId } }\n      comments(first: 100) { totalCount nodes { id body version createdAt editedAt redactedAt redactedBy { name } revisions { version body writtenAt } author { name } originalIncident { reference } } }\n      timeline(first: 100) { totalCount nodes { sequence kind message data text redacted at actor { name } comment { body } } }\n    }\n  }\n": typeof types.IncidentInFullDocument,
};
const documents: Documents = {
    "\n  mutation DeclareFromResource($input: DeclareIncidentFromResourceInput!) {\n    declareIncidentFromResource(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload { outcome incident { id reference title summary severity tags dedupKey lead { name } startedAt resources { nodes { externalId } } } }\n      ... on DuplicateIncidentError { incident { reference } }\n      ... on Error { message }\n    }\n  }\n": types.DeclareFromResourceDocument,
    "\n  mutation EditComment($input: EditCommentInput!) {\n    editComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version editedAt revisions { version body writtenAt } } }\n      ... on VersionConflictError { currentVersion current { ... on Comment { body version } } }\n      ... on Error { message }\n    }\n  }\n": types.EditCommentDocument,
    "\n  mutation RedactComment($id: ID!) {\n    redactComment(id: $id) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version redactedAt redactedBy { name } revisions { body } } }\n      ... on Error { message }\n    }\n  }\n": types.RedactCommentDocument,
    "\n  mutation DeclareIncident($input: DeclareIncidentInput!) {\n    declareIncident(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload {\n        cursor\n        outcome\n        incident { id number reference version title summary severity status tags startedAt lead { id } }\n      }\n      ... on DuplicateIncidentError { message incident { id reference } }\n      ... on Error { message }\n    }\n  }\n": types.DeclareIncidentDocument,
    "\n  mutation UpdateIncident($input: UpdateIncidentInput!) {\n    updateIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version title summary severity tags startedAt lead { id name } resolution rootCause } }\n      ... on VersionConflictError { message currentVersion current { __typename ... on Incident { id version title severity } } }\n      ... on Error { message }\n    }\n  }\n": types.UpdateIncidentDocument,
    "\n  mutation ChangeIncidentStatus($input: ChangeIncidentStatusInput!) {\n    changeIncidentStatus(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status availableTransitions acknowledgedAt mitigatedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n": types.ChangeIncidentStatusDocument,
    "\n  mutation ResolveIncident($input: ResolveIncidentInput!) {\n    resolveIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status resolution rootCause resolvedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n": types.ResolveIncidentDocument,
    "\n  mutation AddComment($input: AddCommentInput!) {\n    addComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version author { name } incident { id } } }\n      ... on Error { message }\n    }\n  }\n": types.AddCommentDocument,
    "\n  mutation UpsertResources($input: UpsertResourcesInput!) {\n    upsertResources(input: $input) { cursor resources { id kind externalId name state labels } }\n  }\n": types.UpsertResourcesDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { cursor secret apiKey { id name role prefix expiresAt } }\n  }\n": types.CreateApiKeyDocument,
    "\n  query AllChanges($after: String, $filter: ChangeFilter) {\n    changes(first: 100, after: $after, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { sequence cursor kind message data text redacted hash }\n    }\n  }\n": types.AllChangesDocument,
    "\n  subscription FollowChanges($after: Cursor, $filter: ChangeFilter) {\n    changes(after: $after, filter: $filter) { cursor reset changes { sequence kind message } }\n  }\n": types.FollowChangesDocument,
    "\n  subscription FollowWall($filter: IncidentFilter, $after: Cursor) {\n    incidents(filter: $filter, after: $after) { cursor reset truncated leftIds incidents { id reference title severity status comments(last: 3) { nodes { body } } } }\n  }\n": types.FollowWallDocument,
    "\n  query VerifyChanges { verifyChanges { valid checked headHash problem { kind sequence message } } }\n": types.VerifyChangesDocument,
    "\n  query IncidentInFull($id: ID!) {\n    incident(id: $id) {\n      id number reference version title summary severity severityLabel status active availableTransitions tags\n      lead { id name } declaredBy { name } dedupKey resolution rootCause\n      startedAt declaredAt updatedAt acknowledgedAt mitigatedAt resolvedAt closedAt timeToAcknowledge timeToMitigate timeToResolve\n      mergedInto { id reference } mergedIncidents { reference }\n      resources(first: 100) { totalCount nodes { name externalId } }\n      comments(first: 100) { totalCount nodes { id body version createdAt editedAt redactedAt redactedBy { name } revisions { version body writtenAt } author { name } originalIncident { reference } } }\n      timeline(first: 100) { totalCount nodes { sequence kind message data text redacted at actor { name } comment { body } } }\n    }\n  }\n": types.IncidentInFullDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeclareFromResource($input: DeclareIncidentFromResourceInput!) {\n    declareIncidentFromResource(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload { outcome incident { id reference title summary severity tags dedupKey lead { name } startedAt resources { nodes { externalId } } } }\n      ... on DuplicateIncidentError { incident { reference } }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').DeclareFromResourceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EditComment($input: EditCommentInput!) {\n    editComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version editedAt revisions { version body writtenAt } } }\n      ... on VersionConflictError { currentVersion current { ... on Comment { body version } } }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').EditCommentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RedactComment($id: ID!) {\n    redactComment(id: $id) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version redactedAt redactedBy { name } revisions { body } } }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').RedactCommentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeclareIncident($input: DeclareIncidentInput!) {\n    declareIncident(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload {\n        cursor\n        outcome\n        incident { id number reference version title summary severity status tags startedAt lead { id } }\n      }\n      ... on DuplicateIncidentError { message incident { id reference } }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').DeclareIncidentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateIncident($input: UpdateIncidentInput!) {\n    updateIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version title summary severity tags startedAt lead { id name } resolution rootCause } }\n      ... on VersionConflictError { message currentVersion current { __typename ... on Incident { id version title severity } } }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').UpdateIncidentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeIncidentStatus($input: ChangeIncidentStatusInput!) {\n    changeIncidentStatus(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status availableTransitions acknowledgedAt mitigatedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').ChangeIncidentStatusDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResolveIncident($input: ResolveIncidentInput!) {\n    resolveIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status resolution rootCause resolvedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').ResolveIncidentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddComment($input: AddCommentInput!) {\n    addComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version author { name } incident { id } } }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').AddCommentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpsertResources($input: UpsertResourcesInput!) {\n    upsertResources(input: $input) { cursor resources { id kind externalId name state labels } }\n  }\n"): typeof import('./graphql.ts').UpsertResourcesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { cursor secret apiKey { id name role prefix expiresAt } }\n  }\n"): typeof import('./graphql.ts').CreateApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AllChanges($after: String, $filter: ChangeFilter) {\n    changes(first: 100, after: $after, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { sequence cursor kind message data text redacted hash }\n    }\n  }\n"): typeof import('./graphql.ts').AllChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FollowChanges($after: Cursor, $filter: ChangeFilter) {\n    changes(after: $after, filter: $filter) { cursor reset changes { sequence kind message } }\n  }\n"): typeof import('./graphql.ts').FollowChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FollowWall($filter: IncidentFilter, $after: Cursor) {\n    incidents(filter: $filter, after: $after) { cursor reset truncated leftIds incidents { id reference title severity status comments(last: 3) { nodes { body } } } }\n  }\n"): typeof import('./graphql.ts').FollowWallDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query VerifyChanges { verifyChanges { valid checked headHash problem { kind sequence message } } }\n"): typeof import('./graphql.ts').VerifyChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IncidentInFull($id: ID!) {\n    incident(id: $id) {\n      id number reference version title summary severity severityLabel status active availableTransitions tags\n      lead { id name } declaredBy { name } dedupKey resolution rootCause\n      startedAt declaredAt updatedAt acknowledgedAt mitigatedAt resolvedAt closedAt timeToAcknowledge timeToMitigate timeToResolve\n      mergedInto { id reference } mergedIncidents { reference }\n      resources(first: 100) { totalCount nodes { name externalId } }\n      comments(first: 100) { totalCount nodes { id body version createdAt editedAt redactedAt redactedBy { name } revisions { version body writtenAt } author { name } originalIncident { reference } } }\n      timeline(first: 100) { totalCount nodes { sequence kind message data text redacted at actor { name } comment { body } } }\n    }\n  }\n"): typeof import('./graphql.ts').IncidentInFullDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
