import type { ExecutionArgs } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import type { Payload } from './sink.ts'

/** A valid document, and which of its operations is meant. */
export type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>

/** The answer of a subscription for one event: the one place where events are executed. It does not reject. */
export type ExecuteEvent = (operation: Operation, scope: Scope, root: unknown) => Promise<Pick<Payload, 'text' | 'failed'>>
