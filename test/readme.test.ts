import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { configOptions } from '../src/config.ts'

it('the README has every option with its default and meaning, and no other', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const rows = readme.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line))
  expect(rows).toEqual(configOptions.map(({ name, fallback, description }) => `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${description} |`))
})
