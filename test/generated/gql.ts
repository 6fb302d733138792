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
    "\n  query ImpactInFull($incidentId: ID, $resourceIds: [ID!], $horizon: Duration) {\n    impact(incidentId: $incidentId, resourceIds: $resourceIds, horizon: $horizon) {\n      computedAt horizonEnd\n      figures { affected running upcoming failed late skipped nextHarmAt movedAt }\n      origins { name }\n      affected { totalCount nodes { distance confidence resource { name } path { kind source confidence upstream { name } downstream { name } } } }\n      affectedByKind { kind count }\n      ongoingRuns { totalCount nodes { externalId state } }\n      upcomingRuns { totalCount nodes { externalId late } }\n      harmedRuns { totalCount nodes { externalId } }\n      owners { name resources runs }\n      tags { name resources runs }\n      nextHarm { at run { externalId resource { name } } }\n      suggestedSeverity { severity reasons }\n    }\n  }\n": typeof types.ImpactInFullDocument,
    "\n  subscription FollowImpact($incidentId: ID!, $horizon: Duration, $after: Cursor) {\n    impactChanged(incidentId: $incidentId, horizon: $horizon, after: $after) {\n      cursor reset\n      impact { figures { affected running upcoming } origins { name } ongoingRuns { nodes { externalId } } upcomingRuns { nodes { externalId } } }\n    }\n  }\n": typeof types.FollowImpactDocument,
    "\n  subscription FollowReach($incidentId: ID!) {\n    impactChanged(incidentId: $incidentId) { cursor impact { affected(first: 20) { nodes { resource { externalId name } confidence } } } }\n  }\n": typeof types.FollowReachDocument,
    "\n  subscription FollowFigures {\n    incidents { incidents { id version updatedAt impactFigures { affected running upcoming failed late skipped nextHarmAt } } }\n  }\n": typeof types.FollowFiguresDocument,
    "\n  query HistoryOf($id: ID!, $at: DateTimeRange) {\n    incident(id: $id) {\n      version updatedAt\n      impactFigures { affected running upcoming failed late skipped }\n      impactHistory(at: $at) { totalCount nodes { at figures { affected running upcoming failed } } }\n      timeline { nodes { kind } }\n    }\n  }\n": typeof types.HistoryOfDocument,
    "\n  mutation DeclareFromResource($input: DeclareIncidentFromResourceInput!) {\n    declareIncidentFromResource(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload { outcome incident { id reference title summary severity tags dedupKey lead { name } startedAt resources { nodes { externalId } } } }\n      ... on DuplicateIncidentError { incident { reference } }\n      ... on Error { message }\n    }\n  }\n": typeof types.DeclareFromResourceDocument,
    "\n  mutation DeclareFromRun($input: DeclareIncidentFromRunInput!) {\n    declareIncidentFromRun(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload {\n        outcome\n        incident {\n          id reference title summary severity tags startedAt dedupKey\n          affected: resources(role: AFFECTED) { totalCount nodes { name kind } }\n          context: resources(role: CONTEXT) { totalCount nodes { name } }\n          resources { totalCount }\n          impact { figures { failed upcoming } }\n        }\n      }\n      ... on Error { message }\n    }\n  }\n": typeof types.DeclareFromRunDocument,
    "\n  mutation EditComment($input: EditCommentInput!) {\n    editComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version editedAt revisions { version body writtenAt } } }\n      ... on VersionConflictError { currentVersion current { ... on Comment { body version } } }\n      ... on Error { message }\n    }\n  }\n": typeof types.EditCommentDocument,
    "\n  mutation RedactComment($id: ID!) {\n    redactComment(id: $id) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version redactedAt redactedBy { name } revisions { body } } }\n      ... on Error { message }\n    }\n  }\n": typeof types.RedactCommentDocument,
    "\n  mutation DeclareIncident($input: DeclareIncidentInput!) {\n    declareIncident(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload {\n        cursor\n        outcome\n        incident { id number reference version title summary severity status tags startedAt lead { id } }\n      }\n      ... on DuplicateIncidentError { message incident { id reference } }\n      ... on Error { message }\n    }\n  }\n": typeof types.DeclareIncidentDocument,
    "\n  mutation UpdateIncident($input: UpdateIncidentInput!) {\n    updateIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version title summary severity tags startedAt lead { id name } resolution rootCause } }\n      ... on VersionConflictError { message currentVersion current { __typename ... on Incident { id version title severity } } }\n      ... on Error { message }\n    }\n  }\n": typeof types.UpdateIncidentDocument,
    "\n  mutation ChangeIncidentStatus($input: ChangeIncidentStatusInput!) {\n    changeIncidentStatus(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status availableTransitions acknowledgedAt mitigatedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n": typeof types.ChangeIncidentStatusDocument,
    "\n  mutation ResolveIncident($input: ResolveIncidentInput!) {\n    resolveIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status resolution rootCause resolvedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n": typeof types.ResolveIncidentDocument,
    "\n  mutation AddComment($input: AddCommentInput!) {\n    addComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version author { name } incident { id } } }\n      ... on Error { message }\n    }\n  }\n": typeof types.AddCommentDocument,
    "\n  mutation UpsertResources($input: UpsertResourcesInput!) {\n    upsertResources(input: $input) { cursor resources { id kind externalId name state labels } rejected { index reason } }\n  }\n": typeof types.UpsertResourcesDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { cursor secret apiKey { id name role prefix expiresAt } }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  query AllChanges($after: String, $filter: ChangeFilter) {\n    changes(first: 100, after: $after, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { sequence cursor kind message data text redacted hash }\n    }\n  }\n": typeof types.AllChangesDocument,
    "\n  subscription FollowChanges($after: Cursor, $filter: ChangeFilter) {\n    changes(after: $after, filter: $filter) { cursor reset changes { sequence kind message } }\n  }\n": typeof types.FollowChangesDocument,
    "\n  subscription FollowWall($filter: IncidentFilter, $after: Cursor) {\n    incidents(filter: $filter, after: $after) { cursor reset truncated leftIds incidents { id reference title severity status comments(last: 3) { nodes { body } } } }\n  }\n": typeof types.FollowWallDocument,
    "\n  query VerifyChanges { verifyChanges { valid checked headHash problem { kind sequence message } } }\n": typeof types.VerifyChangesDocument,
    "\n  query IncidentInFull($id: ID!) {\n    incident(id: $id) {\n      id number reference version title summary severity severityLabel status active availableTransitions tags\n      lead { id name } declaredBy { name } dedupKey resolution rootCause\n      startedAt declaredAt updatedAt acknowledgedAt mitigatedAt resolvedAt closedAt timeToAcknowledge timeToMitigate timeToResolve\n      mergedInto { id reference } mergedIncidents { reference }\n      resources(first: 100) { totalCount nodes { name externalId } }\n      comments(first: 100) { totalCount nodes { id body version createdAt editedAt redactedAt redactedBy { name } revisions { version body writtenAt } author { name } originalIncident { reference } } }\n      timeline(first: 100) { totalCount nodes { sequence kind message data text redacted at actor { name } comment { body } } }\n    }\n  }\n": typeof types.IncidentInFullDocument,
    "\n  mutation AddDependencies($input: DependenciesInput!) {\n    addDependencies(input: $input) {\n      cursor\n      dependencies { upstream { externalId } downstream { externalId } kind source confidence createdAt lastSeenAt }\n      rejected { index reason }\n    }\n  }\n": typeof types.AddDependenciesDocument,
    "\n  mutation RemoveDependencies($input: DependenciesInput!) {\n    removeDependencies(input: $input) { cursor removed rejected { index reason } }\n  }\n": typeof types.RemoveDependenciesDocument,
    "\n  query Neighbours($externalId: String!, $kind: [DependencyKind!], $first: Int, $after: String) {\n    resource(externalId: $externalId) {\n      upstream(kind: $kind, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { kind upstream { name } downstream { name } } }\n      downstream(kind: $kind, first: $first, after: $after) { totalCount nodes { kind upstream { name } downstream { name } } }\n    }\n  }\n": typeof types.NeighboursDocument,
    "\n  query Runs($filter: RunFilter, $sort: RunSort, $first: Int, $last: Int, $after: String) {\n    runs(filter: $filter, sort: $sort, first: $first, last: $last, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { externalId }\n    }\n  }\n": typeof types.RunsDocument,
    "\n  query RunsOfResources($state: [RunState!], $first: Int) {\n    resources { nodes { externalId runs(state: $state, first: $first) { totalCount nodes { externalId } } } }\n  }\n": typeof types.RunsOfResourcesDocument,
    "\n  mutation UpsertRuns($input: UpsertRunsInput!) {\n    upsertRuns(input: $input) { written rejected { index reason } }\n  }\n": typeof types.UpsertRunsDocument,
};
const documents: Documents = {
    "\n  query ImpactInFull($incidentId: ID, $resourceIds: [ID!], $horizon: Duration) {\n    impact(incidentId: $incidentId, resourceIds: $resourceIds, horizon: $horizon) {\n      computedAt horizonEnd\n      figures { affected running upcoming failed late skipped nextHarmAt movedAt }\n      origins { name }\n      affected { totalCount nodes { distance confidence resource { name } path { kind source confidence upstream { name } downstream { name } } } }\n      affectedByKind { kind count }\n      ongoingRuns { totalCount nodes { externalId state } }\n      upcomingRuns { totalCount nodes { externalId late } }\n      harmedRuns { totalCount nodes { externalId } }\n      owners { name resources runs }\n      tags { name resources runs }\n      nextHarm { at run { externalId resource { name } } }\n      suggestedSeverity { severity reasons }\n    }\n  }\n": types.ImpactInFullDocument,
    "\n  subscription FollowImpact($incidentId: ID!, $horizon: Duration, $after: Cursor) {\n    impactChanged(incidentId: $incidentId, horizon: $horizon, after: $after) {\n      cursor reset\n      impact { figures { affected running upcoming } origins { name } ongoingRuns { nodes { externalId } } upcomingRuns { nodes { externalId } } }\n    }\n  }\n": types.FollowImpactDocument,
    "\n  subscription FollowReach($incidentId: ID!) {\n    impactChanged(incidentId: $incidentId) { cursor impact { affected(first: 20) { nodes { resource { externalId name } confidence } } } }\n  }\n": types.FollowReachDocument,
    "\n  subscription FollowFigures {\n    incidents { incidents { id version updatedAt impactFigures { affected running upcoming failed late skipped nextHarmAt } } }\n  }\n": types.FollowFiguresDocument,
    "\n  query HistoryOf($id: ID!, $at: DateTimeRange) {\n    incident(id: $id) {\n      version updatedAt\n      impactFigures { affected running upcoming failed late skipped }\n      impactHistory(at: $at) { totalCount nodes { at figures { affected running upcoming failed } } }\n      timeline { nodes { kind } }\n    }\n  }\n": types.HistoryOfDocument,
    "\n  mutation DeclareFromResource($input: DeclareIncidentFromResourceInput!) {\n    declareIncidentFromResource(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload { outcome incident { id reference title summary severity tags dedupKey lead { name } startedAt resources { nodes { externalId } } } }\n      ... on DuplicateIncidentError { incident { reference } }\n      ... on Error { message }\n    }\n  }\n": types.DeclareFromResourceDocument,
    "\n  mutation DeclareFromRun($input: DeclareIncidentFromRunInput!) {\n    declareIncidentFromRun(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload {\n        outcome\n        incident {\n          id reference title summary severity tags startedAt dedupKey\n          affected: resources(role: AFFECTED) { totalCount nodes { name kind } }\n          context: resources(role: CONTEXT) { totalCount nodes { name } }\n          resources { totalCount }\n          impact { figures { failed upcoming } }\n        }\n      }\n      ... on Error { message }\n    }\n  }\n": types.DeclareFromRunDocument,
    "\n  mutation EditComment($input: EditCommentInput!) {\n    editComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version editedAt revisions { version body writtenAt } } }\n      ... on VersionConflictError { currentVersion current { ... on Comment { body version } } }\n      ... on Error { message }\n    }\n  }\n": types.EditCommentDocument,
    "\n  mutation RedactComment($id: ID!) {\n    redactComment(id: $id) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version redactedAt redactedBy { name } revisions { body } } }\n      ... on Error { message }\n    }\n  }\n": types.RedactCommentDocument,
    "\n  mutation DeclareIncident($input: DeclareIncidentInput!) {\n    declareIncident(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload {\n        cursor\n        outcome\n        incident { id number reference version title summary severity status tags startedAt lead { id } }\n      }\n      ... on DuplicateIncidentError { message incident { id reference } }\n      ... on Error { message }\n    }\n  }\n": types.DeclareIncidentDocument,
    "\n  mutation UpdateIncident($input: UpdateIncidentInput!) {\n    updateIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version title summary severity tags startedAt lead { id name } resolution rootCause } }\n      ... on VersionConflictError { message currentVersion current { __typename ... on Incident { id version title severity } } }\n      ... on Error { message }\n    }\n  }\n": types.UpdateIncidentDocument,
    "\n  mutation ChangeIncidentStatus($input: ChangeIncidentStatusInput!) {\n    changeIncidentStatus(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status availableTransitions acknowledgedAt mitigatedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n": types.ChangeIncidentStatusDocument,
    "\n  mutation ResolveIncident($input: ResolveIncidentInput!) {\n    resolveIncident(input: $input) {\n      __typename\n      ... on IncidentPayload { cursor incident { id version status resolution rootCause resolvedAt } }\n      ... on TransitionError { message from to availableTransitions }\n      ... on Error { message }\n    }\n  }\n": types.ResolveIncidentDocument,
    "\n  mutation AddComment($input: AddCommentInput!) {\n    addComment(input: $input) {\n      __typename\n      ... on CommentPayload { cursor comment { id body version author { name } incident { id } } }\n      ... on Error { message }\n    }\n  }\n": types.AddCommentDocument,
    "\n  mutation UpsertResources($input: UpsertResourcesInput!) {\n    upsertResources(input: $input) { cursor resources { id kind externalId name state labels } rejected { index reason } }\n  }\n": types.UpsertResourcesDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { cursor secret apiKey { id name role prefix expiresAt } }\n  }\n": types.CreateApiKeyDocument,
    "\n  query AllChanges($after: String, $filter: ChangeFilter) {\n    changes(first: 100, after: $after, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { sequence cursor kind message data text redacted hash }\n    }\n  }\n": types.AllChangesDocument,
    "\n  subscription FollowChanges($after: Cursor, $filter: ChangeFilter) {\n    changes(after: $after, filter: $filter) { cursor reset changes { sequence kind message } }\n  }\n": types.FollowChangesDocument,
    "\n  subscription FollowWall($filter: IncidentFilter, $after: Cursor) {\n    incidents(filter: $filter, after: $after) { cursor reset truncated leftIds incidents { id reference title severity status comments(last: 3) { nodes { body } } } }\n  }\n": types.FollowWallDocument,
    "\n  query VerifyChanges { verifyChanges { valid checked headHash problem { kind sequence message } } }\n": types.VerifyChangesDocument,
    "\n  query IncidentInFull($id: ID!) {\n    incident(id: $id) {\n      id number reference version title summary severity severityLabel status active availableTransitions tags\n      lead { id name } declaredBy { name } dedupKey resolution rootCause\n      startedAt declaredAt updatedAt acknowledgedAt mitigatedAt resolvedAt closedAt timeToAcknowledge timeToMitigate timeToResolve\n      mergedInto { id reference } mergedIncidents { reference }\n      resources(first: 100) { totalCount nodes { name externalId } }\n      comments(first: 100) { totalCount nodes { id body version createdAt editedAt redactedAt redactedBy { name } revisions { version body writtenAt } author { name } originalIncident { reference } } }\n      timeline(first: 100) { totalCount nodes { sequence kind message data text redacted at actor { name } comment { body } } }\n    }\n  }\n": types.IncidentInFullDocument,
    "\n  mutation AddDependencies($input: DependenciesInput!) {\n    addDependencies(input: $input) {\n      cursor\n      dependencies { upstream { externalId } downstream { externalId } kind source confidence createdAt lastSeenAt }\n      rejected { index reason }\n    }\n  }\n": types.AddDependenciesDocument,
    "\n  mutation RemoveDependencies($input: DependenciesInput!) {\n    removeDependencies(input: $input) { cursor removed rejected { index reason } }\n  }\n": types.RemoveDependenciesDocument,
    "\n  query Neighbours($externalId: String!, $kind: [DependencyKind!], $first: Int, $after: String) {\n    resource(externalId: $externalId) {\n      upstream(kind: $kind, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { kind upstream { name } downstream { name } } }\n      downstream(kind: $kind, first: $first, after: $after) { totalCount nodes { kind upstream { name } downstream { name } } }\n    }\n  }\n": types.NeighboursDocument,
    "\n  query Runs($filter: RunFilter, $sort: RunSort, $first: Int, $last: Int, $after: String) {\n    runs(filter: $filter, sort: $sort, first: $first, last: $last, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { externalId }\n    }\n  }\n": types.RunsDocument,
    "\n  query RunsOfResources($state: [RunState!], $first: Int) {\n    resources { nodes { externalId runs(state: $state, first: $first) { totalCount nodes { externalId } } } }\n  }\n": types.RunsOfResourcesDocument,
    "\n  mutation UpsertRuns($input: UpsertRunsInput!) {\n    upsertRuns(input: $input) { written rejected { index reason } }\n  }\n": types.UpsertRunsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ImpactInFull($incidentId: ID, $resourceIds: [ID!], $horizon: Duration) {\n    impact(incidentId: $incidentId, resourceIds: $resourceIds, horizon: $horizon) {\n      computedAt horizonEnd\n      figures { affected running upcoming failed late skipped nextHarmAt movedAt }\n      origins { name }\n      affected { totalCount nodes { distance confidence resource { name } path { kind source confidence upstream { name } downstream { name } } } }\n      affectedByKind { kind count }\n      ongoingRuns { totalCount nodes { externalId state } }\n      upcomingRuns { totalCount nodes { externalId late } }\n      harmedRuns { totalCount nodes { externalId } }\n      owners { name resources runs }\n      tags { name resources runs }\n      nextHarm { at run { externalId resource { name } } }\n      suggestedSeverity { severity reasons }\n    }\n  }\n"): typeof import('./graphql.ts').ImpactInFullDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FollowImpact($incidentId: ID!, $horizon: Duration, $after: Cursor) {\n    impactChanged(incidentId: $incidentId, horizon: $horizon, after: $after) {\n      cursor reset\n      impact { figures { affected running upcoming } origins { name } ongoingRuns { nodes { externalId } } upcomingRuns { nodes { externalId } } }\n    }\n  }\n"): typeof import('./graphql.ts').FollowImpactDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FollowReach($incidentId: ID!) {\n    impactChanged(incidentId: $incidentId) { cursor impact { affected(first: 20) { nodes { resource { externalId name } confidence } } } }\n  }\n"): typeof import('./graphql.ts').FollowReachDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FollowFigures {\n    incidents { incidents { id version updatedAt impactFigures { affected running upcoming failed late skipped nextHarmAt } } }\n  }\n"): typeof import('./graphql.ts').FollowFiguresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HistoryOf($id: ID!, $at: DateTimeRange) {\n    incident(id: $id) {\n      version updatedAt\n      impactFigures { affected running upcoming failed late skipped }\n      impactHistory(at: $at) { totalCount nodes { at figures { affected running upcoming failed } } }\n      timeline { nodes { kind } }\n    }\n  }\n"): typeof import('./graphql.ts').HistoryOfDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeclareFromResource($input: DeclareIncidentFromResourceInput!) {\n    declareIncidentFromResource(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload { outcome incident { id reference title summary severity tags dedupKey lead { name } startedAt resources { nodes { externalId } } } }\n      ... on DuplicateIncidentError { incident { reference } }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').DeclareFromResourceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeclareFromRun($input: DeclareIncidentFromRunInput!) {\n    declareIncidentFromRun(input: $input) {\n      __typename\n      ... on DeclareIncidentPayload {\n        outcome\n        incident {\n          id reference title summary severity tags startedAt dedupKey\n          affected: resources(role: AFFECTED) { totalCount nodes { name kind } }\n          context: resources(role: CONTEXT) { totalCount nodes { name } }\n          resources { totalCount }\n          impact { figures { failed upcoming } }\n        }\n      }\n      ... on Error { message }\n    }\n  }\n"): typeof import('./graphql.ts').DeclareFromRunDocument;
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
export function graphql(source: "\n  mutation UpsertResources($input: UpsertResourcesInput!) {\n    upsertResources(input: $input) { cursor resources { id kind externalId name state labels } rejected { index reason } }\n  }\n"): typeof import('./graphql.ts').UpsertResourcesDocument;
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
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddDependencies($input: DependenciesInput!) {\n    addDependencies(input: $input) {\n      cursor\n      dependencies { upstream { externalId } downstream { externalId } kind source confidence createdAt lastSeenAt }\n      rejected { index reason }\n    }\n  }\n"): typeof import('./graphql.ts').AddDependenciesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveDependencies($input: DependenciesInput!) {\n    removeDependencies(input: $input) { cursor removed rejected { index reason } }\n  }\n"): typeof import('./graphql.ts').RemoveDependenciesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Neighbours($externalId: String!, $kind: [DependencyKind!], $first: Int, $after: String) {\n    resource(externalId: $externalId) {\n      upstream(kind: $kind, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { kind upstream { name } downstream { name } } }\n      downstream(kind: $kind, first: $first, after: $after) { totalCount nodes { kind upstream { name } downstream { name } } }\n    }\n  }\n"): typeof import('./graphql.ts').NeighboursDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Runs($filter: RunFilter, $sort: RunSort, $first: Int, $last: Int, $after: String) {\n    runs(filter: $filter, sort: $sort, first: $first, last: $last, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { externalId }\n    }\n  }\n"): typeof import('./graphql.ts').RunsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RunsOfResources($state: [RunState!], $first: Int) {\n    resources { nodes { externalId runs(state: $state, first: $first) { totalCount nodes { externalId } } } }\n  }\n"): typeof import('./graphql.ts').RunsOfResourcesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpsertRuns($input: UpsertRunsInput!) {\n    upsertRuns(input: $input) { written rejected { index reason } }\n  }\n"): typeof import('./graphql.ts').UpsertRunsDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
