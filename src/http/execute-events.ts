import { execute, type ExecutionResult } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import type { Answer, ExecuteEvents } from '../subscriptions/operation.ts'
import { formatErrors } from './format-error.ts'

/** By graphql-js, all of a page in one tick: what they look up is gathered into few statements. */
export const executeEvents: ExecuteEvents = (operation, scope, roots) =>
  Promise.all(roots.map(async (root) => answerOf(await execute({ ...operation, rootValue: root, contextValue: scope }), scope)))

/** A result as the client gets it. */
export function answerOf({ data, errors }: ExecutionResult, scope: Scope): Answer {
  const result = errors === undefined ? { data } : { ...(data === undefined ? {} : { data }), errors: formatErrors(errors, scope) }
  return { text: JSON.stringify(result), failed: errors !== undefined }
}
