/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Something to say on an incident. */
export type AddCommentInput = {
  /** What to say, in markdown: 1 to 20000 characters. */
  body: string;
  /** A repeated request with the same key gets the comment that the first one added: 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** The incident; for one that was merged, the comment goes to the one it lives on in. */
  incidentId: string;
};

/** Which changes; all conditions must hold. What is left out does not narrow. */
export type ChangeFilter = {
  /** Was done by one of these members or keys: at most 100. */
  actorIds?: Array<string> | null | undefined;
  /** Happened within this range. */
  at?: DateTimeRange | null | undefined;
  /** Happened to one of these incidents: at most 100. */
  incidentIds?: Array<string> | null | undefined;
  /** Was one of these. */
  kind?: Array<ChangeKind> | null | undefined;
};

/** Where an active incident goes. */
export type ChangeIncidentStatusInput = {
  /** The incident. */
  id: string;
  /** Why, or what to know: at most 2000 characters. */
  note?: string | null | undefined;
  /** INVESTIGATING, IDENTIFIED or MONITORING; the others have mutations of their own. */
  status: IncidentStatus;
  /** The version that the move was made on. */
  version: number;
};

/** What a change was. */
export type ChangeKind =
  /** `apiKey.created`: api key created. */
  | 'API_KEY_CREATED'
  /** `apiKey.revoked`: api key revoked. */
  | 'API_KEY_REVOKED'
  /** `apiKey.rotated`: api key rotated. */
  | 'API_KEY_ROTATED'
  /** `comment.added`: comment added. */
  | 'COMMENT_ADDED'
  /** `comment.edited`: comment edited. */
  | 'COMMENT_EDITED'
  /** `comment.redacted`: comment redacted. */
  | 'COMMENT_REDACTED'
  /** `incident.absorbed`: incident absorbed. */
  | 'INCIDENT_ABSORBED'
  /** `incident.acknowledged`: incident acknowledged. */
  | 'INCIDENT_ACKNOWLEDGED'
  /** `incident.canceled`: incident canceled. */
  | 'INCIDENT_CANCELED'
  /** `incident.closed`: incident closed. */
  | 'INCIDENT_CLOSED'
  /** `incident.declared`: incident declared. */
  | 'INCIDENT_DECLARED'
  /** `incident.leadChanged`: incident lead changed. */
  | 'INCIDENT_LEAD_CHANGED'
  /** `incident.merged`: incident merged. */
  | 'INCIDENT_MERGED'
  /** `incident.redeclared`: incident redeclared. */
  | 'INCIDENT_REDECLARED'
  /** `incident.reopened`: incident reopened. */
  | 'INCIDENT_REOPENED'
  /** `incident.resolutionChanged`: incident resolution changed. */
  | 'INCIDENT_RESOLUTION_CHANGED'
  /** `incident.resolved`: incident resolved. */
  | 'INCIDENT_RESOLVED'
  /** `incident.resourcesLinked`: incident resources linked. */
  | 'INCIDENT_RESOURCES_LINKED'
  /** `incident.resourcesUnlinked`: incident resources unlinked. */
  | 'INCIDENT_RESOURCES_UNLINKED'
  /** `incident.rootCauseChanged`: incident root cause changed. */
  | 'INCIDENT_ROOT_CAUSE_CHANGED'
  /** `incident.severityChanged`: incident severity changed. */
  | 'INCIDENT_SEVERITY_CHANGED'
  /** `incident.startChanged`: incident start changed. */
  | 'INCIDENT_START_CHANGED'
  /** `incident.statusChanged`: incident status changed. */
  | 'INCIDENT_STATUS_CHANGED'
  /** `incident.summaryChanged`: incident summary changed. */
  | 'INCIDENT_SUMMARY_CHANGED'
  /** `incident.tagsChanged`: incident tags changed. */
  | 'INCIDENT_TAGS_CHANGED'
  /** `incident.titleChanged`: incident title changed. */
  | 'INCIDENT_TITLE_CHANGED'
  /** `member.added`: member added. */
  | 'MEMBER_ADDED'
  /** `member.removed`: member removed. */
  | 'MEMBER_REMOVED'
  /** `member.updated`: member updated. */
  | 'MEMBER_UPDATED'
  /** `resource.created`: resource created. */
  | 'RESOURCE_CREATED'
  /** `resource.updated`: resource updated. */
  | 'RESOURCE_UPDATED'
  /** `workspace.created`: workspace created. */
  | 'WORKSPACE_CREATED'
  /** `workspace.renamed`: workspace renamed. */
  | 'WORKSPACE_RENAMED';

/** A credential for a machine. */
export type CreateApiKeyInput = {
  /** When it ends by itself; left out, it does not. */
  expiresAt?: string | null | undefined;
  /** What it is for: 1 to 200 characters. */
  name: string;
  /** What it may do. */
  role: Role;
};

/** A stretch of time. */
export type DateTimeRange = {
  /** Not before this moment. */
  from?: string | null | undefined;
  /** Before this moment. */
  until?: string | null | undefined;
};

/** A resource that is in trouble. What is left out is proposed from what Mayday knows of it. */
export type DeclareIncidentFromResourceInput = {
  /** Names the cause: 1 to 200 characters. For a resource, left out: the deployment or flow of a run, else the resource itself. */
  dedupKey?: string | null | undefined;
  /** What to do when an incident with this `dedupKey` is there. */
  dedupPolicy?: DedupPolicy | null | undefined;
  /** A repeated request with the same key gets the incident of the first one: 1 to 200 characters. The same key with another input is refused. */
  idempotencyKey?: string | null | undefined;
  /** The member who leads the response. */
  leadId?: string | null | undefined;
  /** For REOPEN: how long ago it may have been resolved, one second to 90 days. */
  reopenWindow?: string | null | undefined;
  /** The resource. It is linked, and all that it belongs to. */
  resourceId: string;
  /** How bad it is. Left out: HIGH for a work pool, work queue or block, else MODERATE. */
  severity?: Severity | null | undefined;
  /** When the harm began; now when left out. Not in the future. */
  startedAt?: string | null | undefined;
  /** What is known, in markdown: at most 10000 characters. Left out: the state message, what it belongs to, and its page. */
  summary?: string | null | undefined;
  /** At most 20 tags of 1 to 50 characters. */
  tags?: Array<string> | null | undefined;
  /** What is wrong, in a line: 1 to 200 characters. Left out: made from kind, name and state. */
  title?: string | null | undefined;
};

/** A disruption to declare. */
export type DeclareIncidentInput = {
  /** Names the cause: 1 to 200 characters. For a resource, left out: the deployment or flow of a run, else the resource itself. */
  dedupKey?: string | null | undefined;
  /** What to do when an incident with this `dedupKey` is there. */
  dedupPolicy?: DedupPolicy | null | undefined;
  /** A repeated request with the same key gets the incident of the first one: 1 to 200 characters. The same key with another input is refused. */
  idempotencyKey?: string | null | undefined;
  /** The member who leads the response. */
  leadId?: string | null | undefined;
  /** For REOPEN: how long ago it may have been resolved, one second to 90 days. */
  reopenWindow?: string | null | undefined;
  /** The resources that it affects: at most 100. */
  resourceIds?: Array<string> | null | undefined;
  /** How bad it is. */
  severity: Severity;
  /** When the harm began; now when left out. Not in the future. */
  startedAt?: string | null | undefined;
  /** What is known, in markdown: at most 10000 characters. */
  summary?: string | null | undefined;
  /** At most 20 tags of 1 to 50 characters. */
  tags?: Array<string> | null | undefined;
  /** What is wrong, in a line: 1 to 200 characters. */
  title: string;
};

/** What a declaration came to. */
export type DeclareOutcome =
  /** The incident with the same `dedupKey` that was open. */
  | 'ATTACHED'
  /** A new incident. */
  | 'DECLARED'
  /** The incident with the same `dedupKey` that was resolved a short time ago. */
  | 'REOPENED'
  /** The incident of the first request with this `idempotencyKey`; nothing was done again. */
  | 'REPEATED';

/** What a declaration does when an incident with the same `dedupKey` is there. */
export type DedupPolicy =
  /** Attaches to the one that is open: links the resources and notes it in the record. When none is open, declares a new one. */
  | 'ATTACH'
  /** Is refused with DuplicateIncidentError while one is open. */
  | 'REFUSE'
  /** As ATTACH; when none is open, reopens the newest if it was resolved within `reopenWindow`. */
  | 'REOPEN';

/** What a comment is to say instead. */
export type EditCommentInput = {
  /** What it is to say, in markdown: 1 to 20000 characters. */
  body: string;
  /** The comment. */
  id: string;
  /** The version that the edit was made on. */
  version: number;
};

/** Which incidents; all conditions must hold. What is left out does not narrow. Lists have at most 100 entries. */
export type IncidentFilter = {
  /** Is active (true) or is not (false). */
  active?: boolean | null | undefined;
  /** Was declared in this time. */
  declaredAt?: DateTimeRange | null | undefined;
  /** Was declared by one of these members or keys. */
  declaredByIds?: Array<string> | null | undefined;
  /** Has a lead (true) or has none (false). */
  hasLead?: boolean | null | undefined;
  /** Is led by one of these members. */
  leadIds?: Array<string> | null | undefined;
  /** Was resolved in this time. */
  resolvedAt?: DateTimeRange | null | undefined;
  /** Affects one of these resources. */
  resourceIds?: Array<string> | null | undefined;
  /** These words stand in the title and summary, or in one comment. As in a web search: `"in quotes"`, `or`, `-without`; in English, so that "failing" finds "failed". At most 500 characters. */
  search?: string | null | undefined;
  /** Is of one of these severities. */
  severity?: Array<Severity> | null | undefined;
  /** Began in this time. */
  startedAt?: DateTimeRange | null | undefined;
  /** Is in one of these statuses. */
  status?: Array<IncidentStatus> | null | undefined;
  /** Has these tags. */
  tags?: TagFilter | null | undefined;
};

/** Where an incident stands. *Active* are the first four. RESOLVED and CLOSED can be reopened; MERGED and CANCELED end it for good. */
export type IncidentStatus =
  /** It was a false alarm. */
  | 'CANCELED'
  /** Nothing is left to do. */
  | 'CLOSED'
  /** The cause is known, a fix is on its way. */
  | 'IDENTIFIED'
  /** Somebody looks for the cause. */
  | 'INVESTIGATING'
  /** It was the same as another incident, where it goes on. */
  | 'MERGED'
  /** A fix is in place and is watched. */
  | 'MONITORING'
  /** The harm is over. */
  | 'RESOLVED'
  /** Declared; nobody has taken it yet. */
  | 'TRIAGE';

/** How an incident came to its end. */
export type ResolveIncidentInput = {
  /** The incident. */
  id: string;
  /** Why, or what to know: at most 2000 characters. */
  note?: string | null | undefined;
  /** What was done, in markdown: at most 10000 characters. */
  resolution?: string | null | undefined;
  /** Why it happened, in markdown: at most 10000 characters. */
  rootCause?: string | null | undefined;
  /** The version that the move was made on. */
  version: number;
};

/** A resource as its orchestrator knows it. What is left out (but `belongsTo`) becomes empty. */
export type ResourceInput = {
  /** External ids of what it belongs to, known already or in the same request: at most 20. Left out, the links stay as they are. */
  belongsTo?: Array<string> | null | undefined;
  /** Its id in the orchestrator, such as `prefect.flow-run.<uuid>`: 1 to 300 characters; names the resource in the workspace. */
  externalId: string;
  /** What it is. */
  kind: ResourceKind;
  /** An object whose values are texts: at most 50, names up to 100 and values up to 500 characters. */
  labels?: unknown;
  /** What people call it: 1 to 300 characters. */
  name: string;
  /** Its state in the orchestrator's own words: 1 to 100 characters. */
  state?: string | null | undefined;
  /** What the orchestrator says about the state: at most 4000 characters. */
  stateMessage?: string | null | undefined;
  /** Its page in the orchestrator's own interface: http or https. */
  url?: string | null | undefined;
};

/** What a resource is. The names are those of Prefect's objects; CUSTOM is anything else. */
export type ResourceKind =
  /** Something that flows produce, such as a table or a file. */
  | 'ASSET'
  /** A rule of the orchestrator that acts by itself. */
  | 'AUTOMATION'
  /** A stored configuration, such as a credential or a storage location. */
  | 'BLOCK'
  /** Anything else. */
  | 'CUSTOM'
  /** A flow with where, when and how it runs. */
  | 'DEPLOYMENT'
  /** A flow: the code of a workflow. */
  | 'FLOW'
  /** One run of a flow. */
  | 'FLOW_RUN'
  /** One run of a task within a flow run. */
  | 'TASK_RUN'
  /** A group of workers that runs are sent to. */
  | 'WORK_POOL'
  /** A queue within a work pool. */
  | 'WORK_QUEUE';

/** What a member or key may do. Each role includes the ones before it. */
export type Role =
  /** Also manages members, keys and the workspace, redacts comments of others, and verifies the record. */
  | 'ADMIN'
  /** Also declares and changes incidents, comments, and takes in resources. */
  | 'RESPONDER'
  /** Reads everything but the management of keys and who they are. */
  | 'VIEWER';

/** How bad it is. The five of Prefect Cloud's incidents, shown as SEV-1 to SEV-5. */
export type Severity =
  /** SEV-1: everybody is hit, all hands. */
  | 'CRITICAL'
  /** SEV-2: much is hit, at once. */
  | 'HIGH'
  /** SEV-4: little is hit, in working hours. */
  | 'LOW'
  /** SEV-5: a nuisance. */
  | 'MINOR'
  /** SEV-3: some is hit, today. */
  | 'MODERATE';

/** Which tags. */
export type TagFilter = {
  /** Has every one of these. */
  all?: Array<string> | null | undefined;
  /** Has at least one of these. */
  any?: Array<string> | null | undefined;
};

/** What was done to the record by hand. */
export type Tampering =
  /** A change is not as it was written. */
  | 'ALTERED'
  /** A change is there that no command wrote. */
  | 'INSERTED'
  /** A change is missing. */
  | 'REMOVED';

/** What to change of an incident; what is left out stays. */
export type UpdateIncidentInput = {
  /** The incident. */
  id: string;
  /** The member who leads the response; null removes the lead. */
  leadId?: string | null | undefined;
  /** What was done, in markdown: at most 10000 characters. */
  resolution?: string | null | undefined;
  /** Why it happened, in markdown: at most 10000 characters. */
  rootCause?: string | null | undefined;
  /** How bad it is. */
  severity?: Severity | null | undefined;
  /** When the harm began. Not in the future. */
  startedAt?: string | null | undefined;
  /** What is known, in markdown: at most 10000 characters; empty removes it. */
  summary?: string | null | undefined;
  /** All its tags: at most 20 of 1 to 50 characters. */
  tags?: Array<string> | null | undefined;
  /** What is wrong, in a line: 1 to 200 characters. */
  title?: string | null | undefined;
  /** The version that the edit was made on. */
  version: number;
};

/** Resources to add, or to update where the external id is known. */
export type UpsertResourcesInput = {
  /** 1 to 100 resources. */
  resources: Array<ResourceInput>;
};

export type DeclareFromResourceMutationVariables = Exact<{
  input: DeclareIncidentFromResourceInput;
}>;


export type DeclareFromResourceMutation = { declareIncidentFromResource:
    | { __typename: 'DeclareIncidentPayload', outcome: DeclareOutcome, incident: { id: string, reference: string, title: string, summary: string, severity: Severity, tags: Array<string>, dedupKey: string | null, startedAt: string, lead: { name: string } | null, resources: { nodes: Array<{ externalId: string }> } } }
    | { __typename: 'DuplicateIncidentError', message: string, incident: { reference: string } }
    | { __typename: 'NotFoundError', message: string }
   };

export type EditCommentMutationVariables = Exact<{
  input: EditCommentInput;
}>;


export type EditCommentMutation = { editComment:
    | { __typename: 'CommentPayload', cursor: string, comment: { id: string, body: string, version: number, editedAt: string | null, revisions: Array<{ version: number, body: string, writtenAt: string }> } }
    | { __typename: 'NotAllowedError', message: string }
    | { __typename: 'NotFoundError', message: string }
    | { __typename: 'VersionConflictError', currentVersion: number, message: string, current:
        | { body: string, version: number }
        | Record<PropertyKey, never>
       | null }
   };

export type RedactCommentMutationVariables = Exact<{
  id: string;
}>;


export type RedactCommentMutation = { redactComment:
    | { __typename: 'CommentPayload', cursor: string, comment: { id: string, body: string, version: number, redactedAt: string | null, redactedBy:
          | { name: string }
          | { name: string }
         | null, revisions: Array<{ body: string }> } }
    | { __typename: 'NotAllowedError', message: string }
    | { __typename: 'NotFoundError', message: string }
   };

export type DeclareIncidentMutationVariables = Exact<{
  input: DeclareIncidentInput;
}>;


export type DeclareIncidentMutation = { declareIncident:
    | { __typename: 'DeclareIncidentPayload', cursor: string, outcome: DeclareOutcome, incident: { id: string, number: number, reference: string, version: number, title: string, summary: string, severity: Severity, status: IncidentStatus, tags: Array<string>, startedAt: string, lead: { id: string } | null } }
    | { __typename: 'DuplicateIncidentError', message: string, incident: { id: string, reference: string } }
    | { __typename: 'NotFoundError', message: string }
   };

export type UpdateIncidentMutationVariables = Exact<{
  input: UpdateIncidentInput;
}>;


export type UpdateIncidentMutation = { updateIncident:
    | { __typename: 'IncidentPayload', cursor: string, incident: { id: string, version: number, title: string, summary: string, severity: Severity, tags: Array<string>, startedAt: string, resolution: string | null, rootCause: string | null, lead: { id: string, name: string } | null } }
    | { __typename: 'NotFoundError', message: string }
    | { __typename: 'VersionConflictError', message: string, currentVersion: number, current:
        | { __typename: 'ApiKey' }
        | { __typename: 'Comment' }
        | { __typename: 'Incident', id: string, version: number, title: string, severity: Severity }
        | { __typename: 'Member' }
        | { __typename: 'Resource' }
        | { __typename: 'Workspace' }
       | null }
   };

export type ChangeIncidentStatusMutationVariables = Exact<{
  input: ChangeIncidentStatusInput;
}>;


export type ChangeIncidentStatusMutation = { changeIncidentStatus:
    | { __typename: 'IncidentPayload', cursor: string, incident: { id: string, version: number, status: IncidentStatus, availableTransitions: Array<IncidentStatus>, acknowledgedAt: string | null, mitigatedAt: string | null } }
    | { __typename: 'NotFoundError', message: string }
    | { __typename: 'TransitionError', message: string, from: IncidentStatus, to: IncidentStatus, availableTransitions: Array<IncidentStatus> }
    | { __typename: 'VersionConflictError', message: string }
   };

export type ResolveIncidentMutationVariables = Exact<{
  input: ResolveIncidentInput;
}>;


export type ResolveIncidentMutation = { resolveIncident:
    | { __typename: 'IncidentPayload', cursor: string, incident: { id: string, version: number, status: IncidentStatus, resolution: string | null, rootCause: string | null, resolvedAt: string | null } }
    | { __typename: 'NotFoundError', message: string }
    | { __typename: 'TransitionError', message: string, from: IncidentStatus, to: IncidentStatus, availableTransitions: Array<IncidentStatus> }
    | { __typename: 'VersionConflictError', message: string }
   };

export type AddCommentMutationVariables = Exact<{
  input: AddCommentInput;
}>;


export type AddCommentMutation = { addComment:
    | { __typename: 'CommentPayload', cursor: string, comment: { id: string, body: string, version: number, author:
          | { name: string }
          | { name: string }
         | null, incident: { id: string } | null } }
    | { __typename: 'NotFoundError', message: string }
   };

export type UpsertResourcesMutationVariables = Exact<{
  input: UpsertResourcesInput;
}>;


export type UpsertResourcesMutation = { upsertResources: { cursor: string, resources: Array<{ id: string, kind: ResourceKind, externalId: string, name: string, state: string | null, labels: unknown }> } };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { cursor: string, secret: string | null, apiKey: { id: string, name: string, role: Role, prefix: string | null, expiresAt: string | null } } };

export type AllChangesQueryVariables = Exact<{
  after?: string | null | undefined;
  filter?: ChangeFilter | null | undefined;
}>;


export type AllChangesQuery = { changes: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ sequence: number, cursor: string, kind: ChangeKind, message: string, data: unknown, text: unknown, redacted: boolean, hash: string }> } };

export type FollowChangesSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  filter?: ChangeFilter | null | undefined;
}>;


export type FollowChangesSubscription = { changes: { cursor: string, reset: boolean, changes: Array<{ sequence: number, kind: ChangeKind, message: string }> } };

export type FollowWallSubscriptionVariables = Exact<{
  filter?: IncidentFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type FollowWallSubscription = { incidents: { cursor: string, reset: boolean, truncated: boolean, leftIds: Array<string>, incidents: Array<{ id: string, reference: string, title: string, severity: Severity, status: IncidentStatus, comments: { nodes: Array<{ body: string }> } }> } };

export type VerifyChangesQueryVariables = Exact<{ [key: string]: never; }>;


export type VerifyChangesQuery = { verifyChanges: { valid: boolean, checked: number, headHash: string, problem: { kind: Tampering, sequence: number, message: string } | null } };

export type IncidentInFullQueryVariables = Exact<{
  id: string;
}>;


export type IncidentInFullQuery = { incident: { id: string, number: number, reference: string, version: number, title: string, summary: string, severity: Severity, severityLabel: string, status: IncidentStatus, active: boolean, availableTransitions: Array<IncidentStatus>, tags: Array<string>, dedupKey: string | null, resolution: string | null, rootCause: string | null, startedAt: string, declaredAt: string, updatedAt: string, acknowledgedAt: string | null, mitigatedAt: string | null, resolvedAt: string | null, closedAt: string | null, timeToAcknowledge: string | null, timeToMitigate: string | null, timeToResolve: string | null, lead: { id: string, name: string } | null, declaredBy:
      | { name: string }
      | { name: string }
     | null, mergedInto: { id: string, reference: string } | null, mergedIncidents: Array<{ reference: string }>, resources: { totalCount: number, nodes: Array<{ name: string, externalId: string }> }, comments: { totalCount: number, nodes: Array<{ id: string, body: string, version: number, createdAt: string, editedAt: string | null, redactedAt: string | null, redactedBy:
          | { name: string }
          | { name: string }
         | null, revisions: Array<{ version: number, body: string, writtenAt: string }>, author:
          | { name: string }
          | { name: string }
         | null, originalIncident: { reference: string } | null }> }, timeline: { totalCount: number, nodes: Array<{ sequence: number, kind: ChangeKind, message: string, data: unknown, text: unknown, redacted: boolean, at: string, actor:
          | { name: string }
          | { name: string }
         | null, comment: { body: string } | null }> } } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const DeclareFromResourceDocument = new TypedDocumentString(`
    mutation DeclareFromResource($input: DeclareIncidentFromResourceInput!) {
  declareIncidentFromResource(input: $input) {
    __typename
    ... on DeclareIncidentPayload {
      outcome
      incident {
        id
        reference
        title
        summary
        severity
        tags
        dedupKey
        lead {
          name
        }
        startedAt
        resources {
          nodes {
            externalId
          }
        }
      }
    }
    ... on DuplicateIncidentError {
      incident {
        reference
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<DeclareFromResourceMutation, DeclareFromResourceMutationVariables>;
export const EditCommentDocument = new TypedDocumentString(`
    mutation EditComment($input: EditCommentInput!) {
  editComment(input: $input) {
    __typename
    ... on CommentPayload {
      cursor
      comment {
        id
        body
        version
        editedAt
        revisions {
          version
          body
          writtenAt
        }
      }
    }
    ... on VersionConflictError {
      currentVersion
      current {
        ... on Comment {
          body
          version
        }
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<EditCommentMutation, EditCommentMutationVariables>;
export const RedactCommentDocument = new TypedDocumentString(`
    mutation RedactComment($id: ID!) {
  redactComment(id: $id) {
    __typename
    ... on CommentPayload {
      cursor
      comment {
        id
        body
        version
        redactedAt
        redactedBy {
          name
        }
        revisions {
          body
        }
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RedactCommentMutation, RedactCommentMutationVariables>;
export const DeclareIncidentDocument = new TypedDocumentString(`
    mutation DeclareIncident($input: DeclareIncidentInput!) {
  declareIncident(input: $input) {
    __typename
    ... on DeclareIncidentPayload {
      cursor
      outcome
      incident {
        id
        number
        reference
        version
        title
        summary
        severity
        status
        tags
        startedAt
        lead {
          id
        }
      }
    }
    ... on DuplicateIncidentError {
      message
      incident {
        id
        reference
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<DeclareIncidentMutation, DeclareIncidentMutationVariables>;
export const UpdateIncidentDocument = new TypedDocumentString(`
    mutation UpdateIncident($input: UpdateIncidentInput!) {
  updateIncident(input: $input) {
    __typename
    ... on IncidentPayload {
      cursor
      incident {
        id
        version
        title
        summary
        severity
        tags
        startedAt
        lead {
          id
          name
        }
        resolution
        rootCause
      }
    }
    ... on VersionConflictError {
      message
      currentVersion
      current {
        __typename
        ... on Incident {
          id
          version
          title
          severity
        }
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateIncidentMutation, UpdateIncidentMutationVariables>;
export const ChangeIncidentStatusDocument = new TypedDocumentString(`
    mutation ChangeIncidentStatus($input: ChangeIncidentStatusInput!) {
  changeIncidentStatus(input: $input) {
    __typename
    ... on IncidentPayload {
      cursor
      incident {
        id
        version
        status
        availableTransitions
        acknowledgedAt
        mitigatedAt
      }
    }
    ... on TransitionError {
      message
      from
      to
      availableTransitions
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ChangeIncidentStatusMutation, ChangeIncidentStatusMutationVariables>;
export const ResolveIncidentDocument = new TypedDocumentString(`
    mutation ResolveIncident($input: ResolveIncidentInput!) {
  resolveIncident(input: $input) {
    __typename
    ... on IncidentPayload {
      cursor
      incident {
        id
        version
        status
        resolution
        rootCause
        resolvedAt
      }
    }
    ... on TransitionError {
      message
      from
      to
      availableTransitions
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ResolveIncidentMutation, ResolveIncidentMutationVariables>;
export const AddCommentDocument = new TypedDocumentString(`
    mutation AddComment($input: AddCommentInput!) {
  addComment(input: $input) {
    __typename
    ... on CommentPayload {
      cursor
      comment {
        id
        body
        version
        author {
          name
        }
        incident {
          id
        }
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AddCommentMutation, AddCommentMutationVariables>;
export const UpsertResourcesDocument = new TypedDocumentString(`
    mutation UpsertResources($input: UpsertResourcesInput!) {
  upsertResources(input: $input) {
    cursor
    resources {
      id
      kind
      externalId
      name
      state
      labels
    }
  }
}
    `) as unknown as TypedDocumentString<UpsertResourcesMutation, UpsertResourcesMutationVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    cursor
    secret
    apiKey {
      id
      name
      role
      prefix
      expiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const AllChangesDocument = new TypedDocumentString(`
    query AllChanges($after: String, $filter: ChangeFilter) {
  changes(first: 100, after: $after, filter: $filter) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      sequence
      cursor
      kind
      message
      data
      text
      redacted
      hash
    }
  }
}
    `) as unknown as TypedDocumentString<AllChangesQuery, AllChangesQueryVariables>;
export const FollowChangesDocument = new TypedDocumentString(`
    subscription FollowChanges($after: Cursor, $filter: ChangeFilter) {
  changes(after: $after, filter: $filter) {
    cursor
    reset
    changes {
      sequence
      kind
      message
    }
  }
}
    `) as unknown as TypedDocumentString<FollowChangesSubscription, FollowChangesSubscriptionVariables>;
export const FollowWallDocument = new TypedDocumentString(`
    subscription FollowWall($filter: IncidentFilter, $after: Cursor) {
  incidents(filter: $filter, after: $after) {
    cursor
    reset
    truncated
    leftIds
    incidents {
      id
      reference
      title
      severity
      status
      comments(last: 3) {
        nodes {
          body
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FollowWallSubscription, FollowWallSubscriptionVariables>;
export const VerifyChangesDocument = new TypedDocumentString(`
    query VerifyChanges {
  verifyChanges {
    valid
    checked
    headHash
    problem {
      kind
      sequence
      message
    }
  }
}
    `) as unknown as TypedDocumentString<VerifyChangesQuery, VerifyChangesQueryVariables>;
export const IncidentInFullDocument = new TypedDocumentString(`
    query IncidentInFull($id: ID!) {
  incident(id: $id) {
    id
    number
    reference
    version
    title
    summary
    severity
    severityLabel
    status
    active
    availableTransitions
    tags
    lead {
      id
      name
    }
    declaredBy {
      name
    }
    dedupKey
    resolution
    rootCause
    startedAt
    declaredAt
    updatedAt
    acknowledgedAt
    mitigatedAt
    resolvedAt
    closedAt
    timeToAcknowledge
    timeToMitigate
    timeToResolve
    mergedInto {
      id
      reference
    }
    mergedIncidents {
      reference
    }
    resources(first: 100) {
      totalCount
      nodes {
        name
        externalId
      }
    }
    comments(first: 100) {
      totalCount
      nodes {
        id
        body
        version
        createdAt
        editedAt
        redactedAt
        redactedBy {
          name
        }
        revisions {
          version
          body
          writtenAt
        }
        author {
          name
        }
        originalIncident {
          reference
        }
      }
    }
    timeline(first: 100) {
      totalCount
      nodes {
        sequence
        kind
        message
        data
        text
        redacted
        at
        actor {
          name
        }
        comment {
          body
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<IncidentInFullQuery, IncidentInFullQueryVariables>;