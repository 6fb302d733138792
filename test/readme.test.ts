import { readFile } from 'node:fs/promises'
import { parse, validate } from 'graphql'
import { expect, it } from 'vitest'
import { configOptions } from '../src/config.ts'
import { schema } from '../src/schema.ts'

it('the README has every option with its default and meaning, and no other', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const rows = readme.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line))
  expect(rows).toEqual(configOptions.map(({ name, fallback, description }) => `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${description} |`))
})

it('every operation in the README is one that the API takes', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const operations = [...readme.matchAll(/```graphql\n(.*?)```/gs)].map(([, text]) => text ?? '')
  expect(operations.length).toBeGreaterThan(3)
  for (const operation of operations) expect(validate(schema, parse(operation))).toEqual([])
})
