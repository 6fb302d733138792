import { Prisma } from './generated/client/client.ts'

/**
 * The columns of a table for a hand-written SELECT, so that its rows have the shape of Prisma's model:
 * `columns(Prisma.CommentScalarFieldEnum, 'c')` is `c."id", c."workspace_id" AS "workspaceId", …`.
 */
export function columns(fields: Record<string, string>, alias: string): Prisma.Sql {
  return Prisma.raw(
    Object.values(fields)
      .map((field) => `${alias}."${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}" AS "${field}"`)
      .join(', ')
  )
}
