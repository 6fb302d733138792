// The contract: schema.graphql is what the server serves, and says what everything means.
import { readFile } from 'node:fs/promises'
import {
  buildClientSchema,
  buildSchema,
  type GraphQLNamedType,
  getIntrospectionQuery,
  type IntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema
} from 'graphql'
import { expect, it } from 'vitest'
import { schema } from '../src/schema.ts'
import { startEmbedded } from './kit/app.ts'

const committed = await readFile(new URL('../schema.graphql', import.meta.url), 'utf8')
const types = Object.values(buildSchema(committed).getTypeMap()).filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))

it('is committed as the code prints it, sorted (npm run schema)', () => {
  expect(committed).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`)
})

it('is what the running server tells of itself', async () => {
  await using app = await startEmbedded()
  const told = buildClientSchema(
    (await app.admin.run(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }))) as unknown as IntrospectionQuery
  )
  expect(printSchema(lexicographicSortSchema(told))).toBe(committed.trimEnd())
})

it('describes every type, field, argument, input field and enum value', () => {
  const described = types.flatMap(describables)
  expect(described.length).toBeGreaterThan(500)
  expect(described.filter(({ description }) => !description?.trim()).map(({ path }) => path)).toEqual([])
})

it('writes descriptions as sentences', () => {
  const said = types.flatMap(describables).filter(({ description }) => description && !/^[`A-Z\d"].*[.…!?)`]$/s.test(description.trim()))
  expect(said.map(({ path, description }) => `${path}: ${description}`)).toEqual([])
})

interface Describable {
  path: string
  description: string | null | undefined
}

function describables(type: GraphQLNamedType): Describable[] {
  const own = { path: type.name, description: type.description }
  const below = (name: string, description: string | null | undefined) => ({ path: `${type.name}.${name}`, description })
  if (isEnumType(type)) return [own, ...type.getValues().map(({ name, description }) => below(name, description))]
  if (isInputObjectType(type)) return [own, ...Object.values(type.getFields()).map(({ name, description }) => below(name, description))]
  if (!isObjectType(type) && !isInterfaceType(type)) return [own]
  const fields = Object.values(type.getFields())
  return [
    own,
    ...fields.flatMap(({ name, description, args }) => [below(name, description), ...args.map((arg) => below(`${name}(${arg.name})`, arg.description))])
  ]
}
