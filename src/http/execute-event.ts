import { execute, type ExecutionResult } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import type { ExecuteEvent } from '../subscriptions/operation.ts'
import { formatErrors } from './format-error.ts'

/** The answer of a subscription for one event, by graphql-js. */
export const executeEvent: ExecuteEvent = async (operation, scope, root) => answerOf(await execute({ ...operation, rootValue: root, contextValue: scope }), scope)

/** A result as the client gets it. */
export function answerOf({ data, errors }: ExecutionResult, scope: Scope): { text: string; failed: boolean } {
  const result = errors === undefined ? { data } : { ...(data === undefined ? {} : { data }), errors: formatErrors(errors, scope) }
  return { text: JSON.stringify(result), failed: errors !== undefined }
}
