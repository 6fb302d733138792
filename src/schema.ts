// The whole schema: importing a domain's files adds them to the builder.
import './error-types.ts'
import './access/schema.ts'
import './access/mutations.ts'
import './resource/schema.ts'
import './comment/schema.ts'
import './change/schema.ts'
import './incident/schema.ts'
import './incident/queries.ts'
import './incident/mutations.ts'
import './incident/subscriptions.ts'
import { builder } from './builder.ts'

export const schema = builder.toSchema()
