// `npm run admin-key [workspace id]`: a new admin key, for whoever can reach the database but has lost every key.
import { createRecoveryKey } from '../access/workspace.ts'
import { withDatabase } from './with-database.ts'

await withDatabase(async (core) => {
  const workspaces = await core.database.prisma.workspace.findMany({ orderBy: { createdAt: 'asc' } })
  const wanted = process.argv[2] ?? (workspaces.length === 1 ? workspaces[0]?.id : undefined)
  if (!workspaces.some(({ id }) => id === wanted) || !wanted) {
    const list = workspaces.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
    process.stderr.write(`mayday: name a workspace by its id:\n${list}\n`)
    process.exitCode = 64
    return
  }
  process.stdout.write(`${await createRecoveryKey(core, wanted)}\n`)
})
