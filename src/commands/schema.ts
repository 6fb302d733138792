// Prints the contract: `npm run schema` writes schema.graphql, sorted, so that a diff shows what changed and nothing else.
import { writeFile } from 'node:fs/promises'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from '../schema.ts'

await writeFile(new URL('../../schema.graphql', import.meta.url), `${printSchema(lexicographicSortSchema(schema))}\n`)
