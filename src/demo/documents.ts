// The operations by which a story is told; each answers with the incident, or with why not.
const outcome = `
  __typename
  ... on IncidentPayload { incident { id reference version } }
  ... on VersionConflictError { currentVersion }
  ... on Error { message }`

const declared = `
  __typename
  ... on DeclareIncidentPayload { outcome incident { id reference version } }
  ... on Error { message }`

const operation = (name: string, input: string, fields: string) => `mutation ($input: ${input}!) { result: ${name}(input: $input) { ${fields} } }`

export const documents = {
  declare: operation('declareIncident', 'DeclareIncidentInput', declared),
  declareFromResource: operation('declareIncidentFromResource', 'DeclareIncidentFromResourceInput', declared),
  acknowledge: operation('acknowledgeIncident', 'MoveIncidentInput', outcome),
  go: operation('changeIncidentStatus', 'ChangeIncidentStatusInput', outcome),
  resolve: operation('resolveIncident', 'ResolveIncidentInput', outcome),
  close: operation('closeIncident', 'MoveIncidentInput', outcome),
  reopen: operation('reopenIncident', 'MoveIncidentInput', outcome),
  cancel: operation('cancelIncident', 'MoveIncidentInput', outcome),
  merge: operation('mergeIncident', 'MergeIncidentInput', outcome),
  change: operation('updateIncident', 'UpdateIncidentInput', outcome),
  link: operation('linkResources', 'LinkResourcesInput', outcome),
  unlink: operation('unlinkResources', 'LinkResourcesInput', outcome),
  say: operation('addComment', 'AddCommentInput', '__typename ... on CommentPayload { comment { id version } } ... on Error { message }'),
  correct: operation('editComment', 'EditCommentInput', '__typename ... on CommentPayload { comment { id version } } ... on Error { message }')
}

/** An incident as far as the next step needs it. */
export interface Handle {
  id: string
  reference: string
  version: number
}

export interface Result {
  result: { __typename: string; message?: string; currentVersion?: number; incident?: Handle; comment?: { id: string; version: number } }
}
