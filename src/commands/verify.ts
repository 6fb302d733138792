// `npm run verify`: walks the record of every workspace and says where it was altered. Exit code 1 when it was.
// It takes the options of the server; beside a running server on the embedded database, use the query verifyChanges.
import { verifyChanges } from '../change/verify.ts'
import { withDatabase } from './with-database.ts'

await withDatabase(async ({ database }) => {
  for (const { id, name } of await database.prisma.workspace.findMany({ orderBy: { createdAt: 'asc' } })) {
    const { checked, headHash, problem } = await verifyChanges(database, id)
    if (problem) process.exitCode = 1
    const verdict = problem ? `${problem.kind} at change ${problem.sequence}: ${problem.message}` : 'valid'
    process.stdout.write(`${name} (${id}): ${checked} changes in order, head ${headHash}: ${verdict}\n`)
  }
})
