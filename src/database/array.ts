import { Prisma } from './generated/client/client.ts'

/**
 * Values for a prepared statement that finds rows by any number of them; each such statement takes them so. The planner does not see how many there are: else it
 * finds the plan for one cheaper than that for any number, and plans anew each time it has one.
 * https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES
 */
export function arrayOf(type: 'uuid' | 'bigint' | 'text', values: readonly (string | number)[]): Prisma.Sql {
  const array = Prisma.raw(`::${type}[]`)
  return Prisma.sql`(SELECT ${values}${array})${array}`
}
