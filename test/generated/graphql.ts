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
  /** `connection.created`: connection created. */
  | 'CONNECTION_CREATED'
  /** `connection.removed`: connection removed. */
  | 'CONNECTION_REMOVED'
  /** `connection.updated`: connection updated. */
  | 'CONNECTION_UPDATED'
  /** `dependency.added`: dependency added. */
  | 'DEPENDENCY_ADDED'
  /** `dependency.removed`: dependency removed. */
  | 'DEPENDENCY_REMOVED'
  /** `dependency.updated`: dependency updated. */
  | 'DEPENDENCY_UPDATED'
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
  /** `incident.impactChanged`: incident impact changed. */
  | 'INCIDENT_IMPACT_CHANGED'
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

/** How sure a dependency is, the surest first; of a path, how sure its least sure step is. */
export type Confidence =
  /** Somebody, or the catalogue of the orchestrator, says so. */
  | 'CERTAIN'
  /** It was seen to be so. */
  | 'LIKELY'
  /** It may be so: a pattern of the orchestrator may match. */
  | 'POSSIBLE';

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
  /** Names the cause: 1 to 200 characters. For a resource, left out: the deployment or flow of a run, else the resource itself. For a run, left out: what it is a run of. */
  dedupKey?: string | null | undefined;
  /** What to do when an incident with this `dedupKey` is there. */
  dedupPolicy?: DedupPolicy | null | undefined;
  /** A repeated request with the same key gets the incident of the first one: 1 to 200 characters. The same key with another input is refused. */
  idempotencyKey?: string | null | undefined;
  /** The member who leads the response. */
  leadId?: string | null | undefined;
  /** For REOPEN: how long ago it may have been resolved, one second to 90 days. */
  reopenWindow?: string | null | undefined;
  /** The resource. It is linked as AFFECTED (of a run, its deployment or flow too), and all else that it belongs to as CONTEXT. */
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
  /** What to do when an active incident upstream explains what is wrong. */
  upstreamPolicy?: UpstreamPolicy | null | undefined;
};

/** A run that is in trouble, by exactly one of `runId` and `externalId`. What is left out is taken from what its orchestrator told. */
export type DeclareIncidentFromRunInput = {
  /** Names the cause: 1 to 200 characters. For a resource, left out: the deployment or flow of a run, else the resource itself. For a run, left out: what it is a run of. */
  dedupKey?: string | null | undefined;
  /** What to do when an incident with this `dedupKey` is there. */
  dedupPolicy?: DedupPolicy | null | undefined;
  /** The id of the run in its orchestrator: 1 to 300 characters. */
  externalId?: string | null | undefined;
  /** A repeated request with the same key gets the incident of the first one: 1 to 200 characters. The same key with another input is refused. */
  idempotencyKey?: string | null | undefined;
  /** The member who leads the response. */
  leadId?: string | null | undefined;
  /** For REOPEN: how long ago it may have been resolved, one second to 90 days. */
  reopenWindow?: string | null | undefined;
  /** The run. */
  runId?: string | null | undefined;
  /** How bad it is. Left out: what the impact suggests, see `Impact.suggestedSeverity`; MODERATE where that cannot be told within two seconds. */
  severity?: Severity | null | undefined;
  /** When the harm began; not in the future. Left out: when a run that is over ended, or a late one should have begun, else now. */
  startedAt?: string | null | undefined;
  /** What is known, in markdown: at most 10000 characters. Left out: the state message, what the run belongs to, and the run's page. */
  summary?: string | null | undefined;
  /** At most 20 tags of 1 to 50 characters. Left out: those of the run and of what it is a run of, as far as they fit. */
  tags?: Array<string> | null | undefined;
  /** What is wrong, in a line: 1 to 200 characters. Left out: made from the run, what it is a run of, and its state. */
  title?: string | null | undefined;
  /** What to do when an active incident upstream explains what is wrong. */
  upstreamPolicy?: UpstreamPolicy | null | undefined;
};

/** A disruption to declare. */
export type DeclareIncidentInput = {
  /** Names the cause: 1 to 200 characters. For a resource, left out: the deployment or flow of a run, else the resource itself. For a run, left out: what it is a run of. */
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
  /** What to do when an active incident upstream explains what is wrong. */
  upstreamPolicy?: UpstreamPolicy | null | undefined;
};

/** What a declaration came to. */
export type DeclareOutcome =
  /** The incident with the same `dedupKey` that was open; or, where `upstreamPolicy` is ATTACH, the one upstream that explains it. */
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

/** Dependencies to add or to take away. */
export type DependenciesInput = {
  /** 1 to 500 dependencies. */
  dependencies: Array<DependencyInput>;
};

/** That a resource depends on another, both by their external ids, and not the same. */
export type DependencyInput = {
  /** The external id of what depends on it. */
  downstream: string;
  /** How it depends. Two resources may have one dependency of each kind. */
  kind?: DependencyKind | null | undefined;
  /** The external id of what it depends on. */
  upstream: string;
};

/** How a resource depends on another. Reads as "downstream KIND upstream": what breaks upstream harms what is downstream. */
export type DependencyKind =
  /** A deployment belongs to its flow and its work queue, a queue to its work pool, a run to its deployment. */
  | 'BELONGS_TO'
  /** A flow or deployment runs another flow as a part of itself. */
  | 'CALLS'
  /** A deployment uses a block; and what users add. */
  | 'DEPENDS_ON'
  /** An asset is made from another. */
  | 'DERIVED_FROM'
  /** An asset is produced by a deployment or a flow. */
  | 'PRODUCED_BY'
  /** A deployment reads an asset. */
  | 'READS'
  /** A deployment is started by an automation, and an automation by what happens to another resource. */
  | 'TRIGGERED_BY';

/** Where Mayday has a dependency from. */
export type DependencySource =
  /** The orchestrator says so of its things. */
  | 'CATALOG'
  /** It was seen in what happened. */
  | 'EVENT'
  /** Somebody added it. */
  | 'USER';

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

/** A resource as its orchestrator knows it, and has it. What is left out (but `belongsTo`) becomes empty. */
export type ResourceInput = {
  /** External ids of what it belongs to, known already or in the same request: at most 20. Left out, the links stay as they are; those that the catalogue of the orchestrator tells of stay in any case. */
  belongsTo?: Array<string> | null | undefined;
  /** Its id in the orchestrator, such as `prefect.flow-run.<uuid>`: 1 to 300 characters; names the resource in the workspace. */
  externalId: string;
  /** What it is. */
  kind: ResourceKind;
  /** An object whose values are texts: at most 50, names up to 100 and values up to 500 characters. */
  labels?: unknown;
  /** What people call it: 1 to 300 characters. */
  name: string;
  /** Whom to call, people or teams: at most 20 of 1 to 200 characters. */
  owners?: Array<string> | null | undefined;
  /** Its state in the orchestrator's own words: 1 to 100 characters. */
  state?: string | null | undefined;
  /** What the orchestrator says about the state: at most 4000 characters. */
  stateMessage?: string | null | undefined;
  /** Its tags: at most 50 of 1 to 100 characters. */
  tags?: Array<string> | null | undefined;
  /** Its page in the orchestrator's own interface: http or https, at most 2000 characters. */
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

/** Which runs; all conditions must hold. What is left out does not narrow. Lists have at most 100 entries. */
export type RunFilter = {
  /** Should begin, or should have begun, in this time. */
  expectedStartAt?: DateTimeRange | null | undefined;
  /** Has one of these external ids. */
  externalId?: Array<string> | null | undefined;
  /** Should have begun by now and has not (true), or not so (false). */
  late?: boolean | null | undefined;
  /** The name contains this text, in any case: at most 300 characters. */
  name?: string | null | undefined;
  /** Is a run of one of these resources. */
  resourceIds?: Array<string> | null | undefined;
  /** Is in one of these states. */
  state?: Array<RunState> | null | undefined;
  /** Came into its state in this time. */
  stateAt?: DateTimeRange | null | undefined;
};

/** What is known of a run now. What is left out stays as it is known. Runs may be told of in any order, and again: an older state never replaces a newer one. */
export type RunInput = {
  /** When it ended, at most a day ahead; only of a run that is over, and when its state came when left out. One before the start is taken as the time of the start. */
  endedAt?: string | null | undefined;
  /** When it should begin, or should have. */
  expectedStartAt?: string | null | undefined;
  /** Its id in the orchestrator, such as `prefect.flow-run.<uuid>`: 1 to 300 characters; names the run in the workspace. */
  externalId: string;
  /** What people call it: 1 to 300 characters. */
  name?: string | null | undefined;
  /** The external id of the run that started it as a part of itself; that may become known later. */
  parent?: string | null | undefined;
  /** The external id of what it is a run of, which must be known: a deployment, or a flow. */
  resource: string;
  /** When it began, at most a day ahead; the earliest time that is told counts. */
  startedAt?: string | null | undefined;
  /** Its state. */
  state: RunState;
  /** When it came into the state: from 1970 to a day ahead. */
  stateAt: string;
  /** What the orchestrator says about the state: at most 4000 characters. */
  stateMessage?: string | null | undefined;
  /** The orchestrator's own word for the state, such as `Late`: 1 to 100 characters; the name of the state when left out. */
  stateName?: string | null | undefined;
  /** Its tags: at most 50 of 1 to 100 characters. */
  tags?: Array<string> | null | undefined;
  /** Its page in the orchestrator's own interface: http or https, at most 2000 characters. */
  url?: string | null | undefined;
};

/** How runs are sorted; equal ones by id. */
export type RunSort =
  /** The earliest expected start first; runs without one are left out. */
  | 'EXPECTED_START_AT_ASC'
  /** The latest expected start first; runs without one are left out. */
  | 'EXPECTED_START_AT_DESC'
  /** The newest state first. */
  | 'STATE_AT_DESC';

/** The state of a run: the nine state types of Prefect. The orchestrator's own word for it is the run's `stateName`. */
export type RunState =
  /** It is over: it was stopped, or never began. */
  | 'CANCELLED'
  /** It is being stopped. */
  | 'CANCELLING'
  /** It is over and did its work. */
  | 'COMPLETED'
  /** It is over: what it ran on failed. */
  | 'CRASHED'
  /** It is over: its code failed. */
  | 'FAILED'
  /** It waits, to go on later. */
  | 'PAUSED'
  /** It has been sent to where it runs, and has not begun. */
  | 'PENDING'
  /** It is at work. */
  | 'RUNNING'
  /** It is to begin at its expected start, for the first time or again. */
  | 'SCHEDULED';

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
  /** 1 to 500 resources. Of one that is given twice the later counts. */
  resources: Array<ResourceInput>;
};

/** Runs to take in. */
export type UpsertRunsInput = {
  /** 1 to 500 runs. */
  runs: Array<RunInput>;
};

/** What a declaration does when an active incident upstream explains what is wrong. */
export type UpstreamPolicy =
  /** Attaches to that one when it certainly or likely explains all that is affected: links the resources and notes it in the record. A `dedupKey` that is known comes first. */
  | 'ATTACH'
  /** Declares a new one all the same, and names the other as `suggestedIncident`. */
  | 'DECLARE';

export type ImpactInFullQueryVariables = Exact<{
  incidentId?: string | null | undefined;
  resourceIds?: Array<string> | string | null | undefined;
  horizon?: string | null | undefined;
}>;


export type ImpactInFullQuery = { impact: { computedAt: string, horizonEnd: string, figures: { affected: number, running: number, upcoming: number, failed: number, late: number, skipped: number, nextHarmAt: string | null, movedAt: string | null }, origins: Array<{ name: string }>, affected: { totalCount: number, nodes: Array<{ distance: number, confidence: Confidence, resource: { name: string }, path: Array<{ kind: DependencyKind, source: DependencySource, confidence: Confidence, upstream: { name: string } | null, downstream: { name: string } | null }> }> }, affectedByKind: Array<{ kind: ResourceKind, count: number }>, ongoingRuns: { totalCount: number, nodes: Array<{ externalId: string, state: RunState }> }, upcomingRuns: { totalCount: number, nodes: Array<{ externalId: string, late: boolean }> }, harmedRuns: { totalCount: number, nodes: Array<{ externalId: string }> }, owners: Array<{ name: string, resources: number, runs: number }>, tags: Array<{ name: string, resources: number, runs: number }>, nextHarm: { at: string, run: { externalId: string, resource: { name: string } } } | null, suggestedSeverity: { severity: Severity, reasons: Array<string> } } };

export type FollowImpactSubscriptionVariables = Exact<{
  incidentId: string;
  horizon?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type FollowImpactSubscription = { impactChanged: { cursor: string, reset: boolean, impact: { figures: { affected: number, running: number, upcoming: number }, origins: Array<{ name: string }>, ongoingRuns: { nodes: Array<{ externalId: string }> }, upcomingRuns: { nodes: Array<{ externalId: string }> } } } };

export type FollowReachSubscriptionVariables = Exact<{
  incidentId: string;
}>;


export type FollowReachSubscription = { impactChanged: { cursor: string, impact: { affected: { nodes: Array<{ confidence: Confidence, resource: { externalId: string, name: string } }> } } } };

export type FollowFiguresSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type FollowFiguresSubscription = { incidents: { incidents: Array<{ id: string, version: number, updatedAt: string, impactFigures: { affected: number, running: number, upcoming: number, failed: number, late: number, skipped: number, nextHarmAt: string | null } | null }> } };

export type HistoryOfQueryVariables = Exact<{
  id: string;
  at?: DateTimeRange | null | undefined;
}>;


export type HistoryOfQuery = { incident: { version: number, updatedAt: string, impactFigures: { affected: number, running: number, upcoming: number, failed: number, late: number, skipped: number } | null, impactHistory: { totalCount: number, nodes: Array<{ at: string, figures: { affected: number, running: number, upcoming: number, failed: number } }> }, timeline: { nodes: Array<{ kind: ChangeKind }> } } | null };

export type DeclareFromResourceMutationVariables = Exact<{
  input: DeclareIncidentFromResourceInput;
}>;


export type DeclareFromResourceMutation = { declareIncidentFromResource:
    | { __typename: 'DeclareIncidentPayload', outcome: DeclareOutcome, incident: { id: string, reference: string, title: string, summary: string, severity: Severity, tags: Array<string>, dedupKey: string | null, startedAt: string, lead: { name: string } | null, resources: { nodes: Array<{ externalId: string }> } } }
    | { __typename: 'DuplicateIncidentError', message: string, incident: { reference: string } }
    | { __typename: 'NotFoundError', message: string }
   };

export type DeclareFromRunMutationVariables = Exact<{
  input: DeclareIncidentFromRunInput;
}>;


export type DeclareFromRunMutation = { declareIncidentFromRun:
    | { __typename: 'DeclareIncidentPayload', outcome: DeclareOutcome, incident: { id: string, reference: string, title: string, summary: string, severity: Severity, tags: Array<string>, startedAt: string, dedupKey: string | null, affected: { totalCount: number, nodes: Array<{ name: string, kind: ResourceKind }> }, context: { totalCount: number, nodes: Array<{ name: string }> }, resources: { totalCount: number }, impact: { figures: { failed: number, upcoming: number } } } }
    | { __typename: 'DuplicateIncidentError', message: string }
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
        | { __typename: 'PrefectServer' }
        | { __typename: 'Resource' }
        | { __typename: 'Run' }
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


export type UpsertResourcesMutation = { upsertResources: { cursor: string, resources: Array<{ id: string, kind: ResourceKind, externalId: string, name: string, state: string | null, labels: unknown }>, rejected: Array<{ index: number, reason: string }> } };

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

export type AddDependenciesMutationVariables = Exact<{
  input: DependenciesInput;
}>;


export type AddDependenciesMutation = { addDependencies: { cursor: string, dependencies: Array<{ kind: DependencyKind, source: DependencySource, confidence: Confidence, createdAt: string, lastSeenAt: string, upstream: { externalId: string }, downstream: { externalId: string } }>, rejected: Array<{ index: number, reason: string }> } };

export type RemoveDependenciesMutationVariables = Exact<{
  input: DependenciesInput;
}>;


export type RemoveDependenciesMutation = { removeDependencies: { cursor: string, removed: number, rejected: Array<{ index: number, reason: string }> } };

export type NeighboursQueryVariables = Exact<{
  externalId: string;
  kind?: Array<DependencyKind> | DependencyKind | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type NeighboursQuery = { resource: { upstream: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ kind: DependencyKind, upstream: { name: string }, downstream: { name: string } }> }, downstream: { totalCount: number, nodes: Array<{ kind: DependencyKind, upstream: { name: string }, downstream: { name: string } }> } } | null };

export type RunsQueryVariables = Exact<{
  filter?: RunFilter | null | undefined;
  sort?: RunSort | null | undefined;
  first?: number | null | undefined;
  last?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RunsQuery = { runs: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ externalId: string }> } };

export type RunsOfResourcesQueryVariables = Exact<{
  state?: Array<RunState> | RunState | null | undefined;
  first?: number | null | undefined;
}>;


export type RunsOfResourcesQuery = { resources: { nodes: Array<{ externalId: string, runs: { totalCount: number, nodes: Array<{ externalId: string }> } }> } };

export type UpsertRunsMutationVariables = Exact<{
  input: UpsertRunsInput;
}>;


export type UpsertRunsMutation = { upsertRuns: { written: number, rejected: Array<{ index: number, reason: string }> } };

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

export const ImpactInFullDocument = new TypedDocumentString(`
    query ImpactInFull($incidentId: ID, $resourceIds: [ID!], $horizon: Duration) {
  impact(incidentId: $incidentId, resourceIds: $resourceIds, horizon: $horizon) {
    computedAt
    horizonEnd
    figures {
      affected
      running
      upcoming
      failed
      late
      skipped
      nextHarmAt
      movedAt
    }
    origins {
      name
    }
    affected {
      totalCount
      nodes {
        distance
        confidence
        resource {
          name
        }
        path {
          kind
          source
          confidence
          upstream {
            name
          }
          downstream {
            name
          }
        }
      }
    }
    affectedByKind {
      kind
      count
    }
    ongoingRuns {
      totalCount
      nodes {
        externalId
        state
      }
    }
    upcomingRuns {
      totalCount
      nodes {
        externalId
        late
      }
    }
    harmedRuns {
      totalCount
      nodes {
        externalId
      }
    }
    owners {
      name
      resources
      runs
    }
    tags {
      name
      resources
      runs
    }
    nextHarm {
      at
      run {
        externalId
        resource {
          name
        }
      }
    }
    suggestedSeverity {
      severity
      reasons
    }
  }
}
    `) as unknown as TypedDocumentString<ImpactInFullQuery, ImpactInFullQueryVariables>;
export const FollowImpactDocument = new TypedDocumentString(`
    subscription FollowImpact($incidentId: ID!, $horizon: Duration, $after: Cursor) {
  impactChanged(incidentId: $incidentId, horizon: $horizon, after: $after) {
    cursor
    reset
    impact {
      figures {
        affected
        running
        upcoming
      }
      origins {
        name
      }
      ongoingRuns {
        nodes {
          externalId
        }
      }
      upcomingRuns {
        nodes {
          externalId
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FollowImpactSubscription, FollowImpactSubscriptionVariables>;
export const FollowReachDocument = new TypedDocumentString(`
    subscription FollowReach($incidentId: ID!) {
  impactChanged(incidentId: $incidentId) {
    cursor
    impact {
      affected(first: 20) {
        nodes {
          resource {
            externalId
            name
          }
          confidence
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FollowReachSubscription, FollowReachSubscriptionVariables>;
export const FollowFiguresDocument = new TypedDocumentString(`
    subscription FollowFigures {
  incidents {
    incidents {
      id
      version
      updatedAt
      impactFigures {
        affected
        running
        upcoming
        failed
        late
        skipped
        nextHarmAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FollowFiguresSubscription, FollowFiguresSubscriptionVariables>;
export const HistoryOfDocument = new TypedDocumentString(`
    query HistoryOf($id: ID!, $at: DateTimeRange) {
  incident(id: $id) {
    version
    updatedAt
    impactFigures {
      affected
      running
      upcoming
      failed
      late
      skipped
    }
    impactHistory(at: $at) {
      totalCount
      nodes {
        at
        figures {
          affected
          running
          upcoming
          failed
        }
      }
    }
    timeline {
      nodes {
        kind
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HistoryOfQuery, HistoryOfQueryVariables>;
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
export const DeclareFromRunDocument = new TypedDocumentString(`
    mutation DeclareFromRun($input: DeclareIncidentFromRunInput!) {
  declareIncidentFromRun(input: $input) {
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
        startedAt
        dedupKey
        affected: resources(role: AFFECTED) {
          totalCount
          nodes {
            name
            kind
          }
        }
        context: resources(role: CONTEXT) {
          totalCount
          nodes {
            name
          }
        }
        resources {
          totalCount
        }
        impact {
          figures {
            failed
            upcoming
          }
        }
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<DeclareFromRunMutation, DeclareFromRunMutationVariables>;
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
    rejected {
      index
      reason
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
export const AddDependenciesDocument = new TypedDocumentString(`
    mutation AddDependencies($input: DependenciesInput!) {
  addDependencies(input: $input) {
    cursor
    dependencies {
      upstream {
        externalId
      }
      downstream {
        externalId
      }
      kind
      source
      confidence
      createdAt
      lastSeenAt
    }
    rejected {
      index
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<AddDependenciesMutation, AddDependenciesMutationVariables>;
export const RemoveDependenciesDocument = new TypedDocumentString(`
    mutation RemoveDependencies($input: DependenciesInput!) {
  removeDependencies(input: $input) {
    cursor
    removed
    rejected {
      index
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<RemoveDependenciesMutation, RemoveDependenciesMutationVariables>;
export const NeighboursDocument = new TypedDocumentString(`
    query Neighbours($externalId: String!, $kind: [DependencyKind!], $first: Int, $after: String) {
  resource(externalId: $externalId) {
    upstream(kind: $kind, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        kind
        upstream {
          name
        }
        downstream {
          name
        }
      }
    }
    downstream(kind: $kind, first: $first, after: $after) {
      totalCount
      nodes {
        kind
        upstream {
          name
        }
        downstream {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<NeighboursQuery, NeighboursQueryVariables>;
export const RunsDocument = new TypedDocumentString(`
    query Runs($filter: RunFilter, $sort: RunSort, $first: Int, $last: Int, $after: String) {
  runs(filter: $filter, sort: $sort, first: $first, last: $last, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      externalId
    }
  }
}
    `) as unknown as TypedDocumentString<RunsQuery, RunsQueryVariables>;
export const RunsOfResourcesDocument = new TypedDocumentString(`
    query RunsOfResources($state: [RunState!], $first: Int) {
  resources {
    nodes {
      externalId
      runs(state: $state, first: $first) {
        totalCount
        nodes {
          externalId
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunsOfResourcesQuery, RunsOfResourcesQueryVariables>;
export const UpsertRunsDocument = new TypedDocumentString(`
    mutation UpsertRuns($input: UpsertRunsInput!) {
  upsertRuns(input: $input) {
    written
    rejected {
      index
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<UpsertRunsMutation, UpsertRunsMutationVariables>;