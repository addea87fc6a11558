import { execute, type ExecutionResult } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import type { CompiledExecution } from '../execution/compiled.ts'
import type { Span } from '../observability/trace.ts'
import type { Answer, ExecuteEvents } from '../subscriptions/operation.ts'
import type { FormatErrors } from './format-error.ts'

/** All of a page by compiled execution, at once; where it gives up, by graphql-js, in one tick: what they look up is gathered into few statements. */
export const eventsExecutor = (execution: CompiledExecution, formatErrors: FormatErrors): ExecuteEvents => async (operation, scope, roots) => {
  const { document, operationName, variableValues: variables } = operation
  const texts = await execution.readEach({ document, operationName, variables, scope }, roots)
  if (texts !== null) return texts.map((data) => ({ text: `{"data":${data}}`, failed: false }))
  return Promise.all(roots.map(async (root) => answerOf(await execute({ ...operation, rootValue: root, contextValue: scope }), scope, formatErrors)))
}

/** A result as the client gets it. */
export function answerOf({ data, errors }: ExecutionResult, scope: Scope, formatErrors: FormatErrors, span?: Span): Answer {
  const result = errors === undefined ? { data } : { ...(data === undefined ? {} : { data }), errors: formatErrors(errors, scope, span) }
  return { text: JSON.stringify(result), failed: errors !== undefined }
}
