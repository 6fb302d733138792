// For each hot operation the one statement that gives the whole answer, as text. They are checked against Mayday's
// own answers before anything is measured. $1 is the workspace.

export interface Statement {
  readonly text: string
  /** The other parameters, from the variables of a request. */
  readonly parameters: (variables: never, actorId: string) => string[]
}

/** An object of the fields of a SELECT; json_build_object would put blanks around every colon. */
const object = (select: string) => `(SELECT row_to_json(object) FROM (SELECT ${select}) object)`
const answer = (field: string) => `${object(`${object(field)} AS data`)}::text AS answer`
const nodeId = (type: string, id: string) => `rtrim(encode(convert_to('${type}:' || ${id}, 'UTF8'), 'base64'), '=')`
const moment = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const cursor = (text: string) => `rtrim(translate(encode(convert_to(${text}, 'UTF8'), 'base64'), E'+/\\n', '-_'), '=')`
const named = (id: string) => object(`name FROM actor WHERE id = ${id}`)
const lead = object(`${nodeId('Member', 'id')} AS id, name FROM actor WHERE id = i.lead_id`)
const reference = `'INC-' || i.number AS reference`
const rowOf = (id: string) => Buffer.from(id, 'base64url').toString('latin1').split(':')[1] ?? ''

/** The rows of a connection: `fields` of each, in order. */
const nodes = (fields: string, from: string, order: string) => `coalesce(json_agg(${object(fields)} ORDER BY ${order}), '[]') AS nodes FROM ${from}`

const latestComments = (fields: string, count: number) =>
  object(
    nodes(
      `${fields}, ${moment('c.created_at')} AS "createdAt", ${object('a.name')} AS author`,
      `(SELECT * FROM comment WHERE incident_id = i.id ORDER BY created_at DESC, id DESC LIMIT ${count}) c JOIN actor a ON a.id = c.author_id`,
      'c.created_at, c.id'
    )
  )

const resources = (fields: string, count: number) =>
  object(
    nodes(
      `${fields}r.kind, r.name, r.state`,
      `(SELECT r.* FROM incident_resource link JOIN resource r ON r.id = link.resource_id WHERE link.incident_id = i.id
        ORDER BY r.name COLLATE "C", r.id LIMIT ${count}) r`,
      'r.name COLLATE "C", r.id'
    )
  )

const wallFields = `
  ${nodeId('Incident', 'i.id')} AS id, ${reference}, i.title, i.severity, i.status, ${moment('i.started_at')} AS "startedAt", i.tags, ${lead} AS lead,
  ${latestComments('c.body', 3)} AS comments, ${resources('', 5)} AS resources`

const activeIncidents = `(SELECT * FROM incident WHERE workspace_id = $1 AND status IN ('TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING')
  ORDER BY severity, id LIMIT 100) i`

const wall: Statement = {
  text: `SELECT ${answer(`${object(nodes(wallFields, activeIncidents, 'i.severity, i.id'))} AS incidents`)}`,
  parameters: () => []
}

const sev = (key: string) => `'SEV-' || array_position(ARRAY['CRITICAL', 'HIGH', 'MODERATE', 'LOW', 'MINOR'], c.data->>'${key}')`
const wording = `CASE c.kind
  WHEN 'incident.declared' THEN 'declared INC-' || (c.data->>'number') || ' as ' || ${sev('severity')} || ': ' || (c.text->>'title')
  WHEN 'comment.added' THEN 'commented: ' || (c.text->>'body')
  WHEN 'incident.acknowledged' THEN 'acknowledged it'
  WHEN 'incident.statusChanged' THEN 'changed the status from ' || (c.data->>'from') || ' to ' || (c.data->>'to')
  WHEN 'incident.severityChanged' THEN 'changed the severity from ' || ${sev('from')} || ' to ' || ${sev('to')}
  WHEN 'incident.leadChanged' THEN 'changed the lead'
  WHEN 'incident.resourcesLinked' THEN 'linked ' || (c.text->>'names')
END`

const timeline = object(
  nodes(
    `c.sequence, upper(replace(regexp_replace(c.kind, '([A-Z])', '_\\1', 'g'), '.', '_')) AS kind, ${moment('c.at')} AS at,
     a.name || ' ' || ${wording} AS message, ${object('a.name')} AS actor`,
    `(SELECT * FROM change WHERE workspace_id = $1 AND incident_id = i.id ORDER BY sequence DESC LIMIT 20) c JOIN actor a ON a.id = c.actor_id`,
    'c.sequence'
  )
)

const incidentFields = `
  ${nodeId('Incident', 'i.id')} AS id, ${reference}, i.version, i.title, i.summary, i.severity, i.status, i.tags, ${moment('i.started_at')} AS "startedAt",
  ${moment('i.declared_at')} AS "declaredAt", ${moment('i.acknowledged_at')} AS "acknowledgedAt", ${moment('i.mitigated_at')} AS "mitigatedAt",
  ${lead} AS lead, ${named('i.declared_by_id')} AS "declaredBy",
  ${latestComments(`${nodeId('Comment', 'c.id')} AS id, c.version, c.body, ${moment('c.edited_at')} AS "editedAt"`, 20)} AS comments,
  ${resources(`${nodeId('Resource', 'r.id')} AS id, r.external_id AS "externalId", `, 20)} AS resources, ${timeline} AS timeline`

const incident: Statement = {
  text: `SELECT ${answer(`${object(`${incidentFields} FROM incident i WHERE i.workspace_id = $1 AND i.id = $2`)} AS incident`)}`,
  parameters: ({ id }: { id: string }) => [rowOf(id)]
}

const listFields = `
  ${nodeId('Incident', 'i.id')} AS id, ${reference}, i.title, i.severity, i.status, i.tags, ${moment('i.declared_at')} AS "declaredAt",
  ${moment('i.resolved_at')} AS "resolvedAt", ${named('i.lead_id')} AS lead`

const lastKey = cursor(`'["' || ${moment('declared_at')} || '","' || id || '"]'`)

const list: Statement = {
  text: `
    WITH found AS MATERIALIZED (
      SELECT * FROM incident WHERE workspace_id = $1 AND status IN ('RESOLVED', 'CLOSED') AND severity IN ('CRITICAL', 'HIGH') AND tags && $2::text[]
    ), page AS MATERIALIZED (SELECT * FROM found ORDER BY declared_at DESC, id DESC LIMIT 25)
    SELECT ${answer(
      `${object(`
      (SELECT count(*) FROM found) AS "totalCount",
      ${object(`(SELECT count(*) > 25 FROM found) AS "hasNextPage", (SELECT ${lastKey} FROM page ORDER BY declared_at, id LIMIT 1) AS "endCursor"`)} AS "pageInfo",
      ${nodes(listFields, 'page i', 'i.declared_at DESC, i.id DESC')}`)} AS incidents`
    )}`,
  parameters: ({ tags }: { tags: string[] }) => [`{${tags.map((tag) => `"${tag}"`).join(',')}}`]
}

/** Writes what Mayday writes: the comment, its change with a hash and the one before, the workspace's head, and the notification. */
const comment: Statement = {
  text: `
    WITH head AS (SELECT id, sequence, head_hash FROM workspace WHERE id = $1 FOR NO KEY UPDATE),
    fresh AS (SELECT id, gen_random_uuid() AS comment_id, sequence + 1 AS sequence, head_hash, sha256(head_hash || convert_to($3, 'UTF8')) AS hash, now() AS at FROM head),
    said AS (
      INSERT INTO comment (id, workspace_id, incident_id, author_id, body, version, created_at)
      SELECT comment_id, id, $2::uuid, $4::uuid, $3, 1, at FROM fresh RETURNING *),
    noted AS (
      INSERT INTO change (workspace_id, sequence, kind, at, actor_id, incident_id, subject_id, data, text, salt, text_digest, previous_hash, hash)
      SELECT id, sequence, 'comment.added', at, $4::uuid, $2::uuid, comment_id, '{"version":1}', jsonb_build_object('body', $3::text),
        decode('00000000000000000000000000000000', 'hex'), sha256(convert_to($3, 'UTF8')), head_hash, hash FROM fresh),
    moved AS (
      UPDATE workspace w SET sequence = fresh.sequence, head_hash = fresh.hash FROM fresh WHERE w.id = fresh.id
      RETURNING w.id, w.sequence, pg_notify('mayday_change', w.id::text))
    SELECT ${answer(
      `${object(`
      'CommentPayload' AS "__typename", ${cursor(`left(moved.id::text, 8) || '.' || moved.sequence`)} AS cursor,
      ${object(`${nodeId('Comment', 'said.id')} AS id, said.body, ${moment('said.created_at')} AS "createdAt", ${named('said.author_id')} AS author`)} AS comment`)} AS "addComment"`
    )}
    FROM said, moved`,
  parameters: ({ input }: { input: { incidentId: string; body: string } }, actorId) => [rowOf(input.incidentId), input.body, actorId]
}

export const statements: Record<string, Statement> = { '/wall': wall, '/incident': incident, '/list': list, '/comment': comment }
