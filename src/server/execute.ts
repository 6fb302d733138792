import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql'
import type { Context } from '../context.ts'
import type { Core } from '../core.ts'
import { publicError } from './errors.ts'

/** Executes an operation that was checked. Never rejects: errors are in the result, as a client may see them. */
export async function executeOperation({ log }: Pick<Core, 'log'>, context: Context, args: Omit<ExecutionArgs, 'contextValue'>): Promise<ExecutionResult> {
  try {
    const result = await execute({ ...args, contextValue: context })
    return result.errors ? { ...result, errors: result.errors.map((error) => publicError(error, context.requestId, log)) } : result
  } catch (error) {
    return { errors: [publicError(error, context.requestId, log)] }
  }
}
