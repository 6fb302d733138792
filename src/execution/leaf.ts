// Scalars and enums as JSON, the same as JSON.stringify makes of what they serialise to.
import { GraphQLBoolean, type GraphQLEnumType, GraphQLID, GraphQLInt, type GraphQLLeafType, type GraphQLScalarType, GraphQLString, isEnumType } from 'graphql'

/** The JSON text of a value that is not null. Throws when the type does not take it. */
export type LeafText = (value: unknown) => string

export function leafText(type: GraphQLLeafType): LeafText {
  if (isEnumType(type)) return enumText(type)
  const general = scalarText(type)
  // What nearly every value of these types is needs no look at anything else.
  if (type === GraphQLString || type === GraphQLID) return (value) => (typeof value === 'string' ? quoted(value) : general(value))
  if (type === GraphQLInt) return (value) => (typeof value === 'number' && value === (value | 0) ? String(value) : general(value))
  if (type === GraphQLBoolean) return (value) => (value === true ? 'true' : value === false ? 'false' : general(value))
  return general
}

function scalarText(type: GraphQLScalarType): LeafText {
  return (value) => {
    const serialized = type.serialize(value)
    if (typeof serialized === 'string') return quoted(serialized)
    if (serialized instanceof Date) return `"${serialized.toISOString()}"`
    const text = serialized === null ? undefined : (JSON.stringify(serialized) as string | undefined)
    if (text === undefined) throw new Error(`${type.name} gave nothing for a value`)
    return text
  }
}

function enumText(type: GraphQLEnumType): LeafText {
  const texts = new Map(type.getValues().map(({ name, value }) => [value as unknown, quoted(name)]))
  return (value) => {
    const text = texts.get(value)
    if (text === undefined) throw new Error(`${type.name} has no such value`)
    return text
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes.
const escaped = /[\u0000-\u001f"\\\ud800-\udfff]/

/** Most texts hold nothing that JSON escapes, and looking is cheaper than asking it. */
export function quoted(text: string): string {
  return escaped.test(text) ? JSON.stringify(text) : `"${text}"`
}
