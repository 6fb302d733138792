// The whole schema: importing a domain's files adds them to the builder.
import './error-types.ts'
import './access/schema.ts'
import './access/mutations.ts'
import './resource/schema.ts'
import './resource/dependency/schema.ts'
import './resource/dependency/mutations.ts'
import './run/schema.ts'
import './run/queries.ts'
import './run/mutations.ts'
import './prefect/schema.ts'
import './prefect/mutations.ts'
import './event/schema.ts'
import './comment/schema.ts'
import './change/schema.ts'
import './incident/schema.ts'
import './incident/queries.ts'
import './incident/mutations.ts'
import './incident/subscriptions.ts'
import './impact/gate/queries.ts'
import './impact/suggestion/schema.ts'
import './impact/queries.ts'
import './impact/subscriptions.ts'
import { defaultFieldResolver, isObjectType } from 'graphql'
import { builder } from './builder.ts'
import { encodeNodeId } from './node-id.ts'

export const schema = builder.toSchema()

// The mutations of one document run one after the other: what was loaded for the one before is old.
for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
  const { resolve = defaultFieldResolver } = field
  field.resolve = (root, args, context, info) => {
    context.forgetLoaded()
    return resolve(root, args, context, info)
  }
}

// The plugin makes a promise of each id, and an answer has hundreds.
for (const type of Object.values(schema.getTypeMap())) {
  if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'Node')) continue
  const { id } = type.getFields()
  if (id) id.resolve = (row) => encodeNodeId(type.name, row.id)
}
