// The checks of an input's shape that several domains share. Every refusal names the field and the rule.
import { z } from 'zod'
import { InvalidInput } from './errors.ts'

/** Checks an input; `path` is what the caller knows it as. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, path = 'input'): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new InvalidInput(result.error.issues.map((issue) => ({ field: [path, ...issue.path].join('.'), rule: issue.message })))
}

/** Text of at least one and at most `most` characters, without the space around it. */
export function requiredText(most: number) {
  return z.string().trim().min(1, 'must not be empty').max(most, `must have at most ${most} characters`)
}

/** Text of at most `most` characters, without the space around it; left out or null is empty. */
export function optionalText(most: number) {
  return z
    .string()
    .trim()
    .max(most, `must have at most ${most} characters`)
    .nullish()
    .transform((text) => text ?? '')
}

/** A moment that a database and a person can make sense of. */
export const moment = z.date().min(new Date('1970-01-01T00:00:00Z'), 'must not be before 1970').max(new Date('2999-12-31T23:59:59Z'), 'must not be after 2999')

export const idempotencyKey = z.string().trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters').nullish()

export const version = z.number().int().min(1, 'must be at least 1')
