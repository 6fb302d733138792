import { parseInput, requiredText } from '../../input.ts'

const externalIdInput = requiredText(300)

/** The external id that somebody asks about; InvalidInput when it cannot be one. */
export function checkExternalId(given: unknown): string {
  return parseInput(externalIdInput, given, 'externalId')
}
