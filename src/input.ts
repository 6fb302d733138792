// The checks of an input's shape that several domains share. Every refusal names the field and the rule.
import { z } from 'zod'
import { InvalidInput } from './errors.ts'

/** Checks an input; `path` is what the caller knows it as. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, path = 'input'): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new InvalidInput(result.error.issues.map((issue) => ({ field: [path, ...issue.path].join('.'), rule: issue.message })))
}

/** A row of a batch that was not taken: its place, from 0, and why. */
export interface Rejected {
  readonly index: number
  readonly reason: string
}

/** Checks each row of a batch by itself, for where the good ones are taken whatever the others are. */
export function parseEach<Schema extends z.ZodType>(schema: Schema, rows: readonly unknown[]) {
  const fit: { index: number; row: z.output<Schema> }[] = []
  const rejected: Rejected[] = []
  for (const [index, given] of rows.entries()) {
    const { data, error } = schema.safeParse(given)
    if (error) rejected.push({ index, reason: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') })
    else fit.push({ index, row: data })
  }
  return { fit, rejected }
}

/** Rejections in the order of the batch. */
export function inOrder(rejected: readonly Rejected[]): Rejected[] {
  return rejected.toSorted((one, other) => one.index - other.index)
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

/** The address of a service that Mayday is to call. Credentials in it would be shown with it. */
export const httpAddress = z
  .string()
  .trim()
  .max(2_000, 'must have at most 2000 characters')
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an http or https address')
  .refine((text) => {
    const { username, password, search, hash } = URL.canParse(text) ? new URL(text) : new URL('http://none')
    return `${username}${password}${search}${hash}` === ''
  }, 'must have no user, password, query or fragment')

/** A moment that a database and a person can make sense of. */
export const moment = z.date().min(new Date('1970-01-01T00:00:00Z'), 'must not be before 1970').max(new Date('2999-12-31T23:59:59Z'), 'must not be after 2999')

/** A page that a browser may be sent to. */
export const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).max(2_000, 'must have at most 2000 characters')

export const idempotencyKey = z.string().trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters').nullish()

export const version = z.number().int().min(1, 'must be at least 1')

/** Text from an orchestrator, where nobody is there to be told: what the database cannot keep is left out, and what is too long is cut. */
export function cutText(text: string, most: number): string {
  const cut = text.replaceAll('\0', '').trim().slice(0, most)
  return cut.toWellFormed()
}

/** The same for a list of texts: each once, without the empty ones. */
export function cutTexts(texts: readonly string[], most: { readonly entries: number; readonly each: number }): string[] {
  return [...new Set(texts.map((text) => cutText(text, most.each)))].filter((text) => text !== '').slice(0, most.entries)
}

/** The address of a page if it is one that a browser may be sent to. */
export function pageUrl(text: string): string | null {
  const url = cutText(text, 2_001)
  return url.length <= 2_000 && URL.canParse(url) && /^https?:/i.test(url) ? url : null
}
