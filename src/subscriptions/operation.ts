import type { ExecutionArgs } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import type { Payload } from './sink.ts'

/** A valid document, and which of its operations is meant. */
export type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>

/** A GraphQL result as JSON, and whether it has errors. */
export type Answer = Pick<Payload, 'text' | 'failed'>

/** The answers of a subscription for events, one for each in their order: the one place where events are executed. Rejects for a reason that is ours alone. */
export type ExecuteEvents = (operation: Operation, scope: Scope, roots: readonly unknown[]) => Promise<Answer[]>
