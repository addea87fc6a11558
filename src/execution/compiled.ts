// Compiled execution: the fast way for answers without errors. Whatever goes wrong is not its business: it gives up, and graphql-js,
// whose words and nulls are the specification's, executes the operation from the start. That does no harm, as it serves reads alone.
import { type DocumentNode, getOperationAST, getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import { causes } from '../observability/causes.ts'
import { execute } from './execute.ts'
import { conditionsOf, NotCompiled, type Operation, selectOperation } from './selection.ts'

/** Of one document, by operation and conditions. */
const MOST_VARIANTS = 64

export interface Reading {
  /** Valid. Kept by identity: a parsed document that is used again is not compiled again. */
  document: DocumentNode
  operationName?: string | null | undefined
  /** As the client gave them. */
  variables?: Readonly<Record<string, unknown>> | null | undefined
  scope: Scope
}

interface Known {
  conditions: string[]
  variants: Map<string, Operation | null>
}

export class CompiledExecution {
  readonly #schema: GraphQLSchema
  readonly #known = new WeakMap<DocumentNode, Known>()

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /** The JSON text of `data`, or null where graphql-js is to answer. */
  async read(reading: Reading): Promise<string | null> {
    return (await this.readEach(reading, [undefined]))?.[0] ?? null
  }

  /** As `read`, for each of several root values, such as the events of a subscription: what they have in common is read once. */
  async readEach({ document, operationName, variables, scope }: Reading, roots: readonly unknown[]): Promise<string[] | null> {
    const schema = this.#schema
    try {
      const definition = getOperationAST(document, operationName)
      if (!definition) return null
      const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], variables ?? {})
      if (coerced === undefined) return null
      const operation = this.#operation(document, definition, coerced)
      return operation && (await execute({ schema, operation, variables: coerced, scope }, roots))
    } catch (error) {
      scope.log.debug({ causes: causes(error) }, 'left to graphql-js')
      return null
    }
  }

  #operation(document: DocumentNode, definition: OperationDefinitionNode, variables: Record<string, unknown>): Operation | null {
    let known = this.#known.get(document)
    if (known === undefined) this.#known.set(document, (known = { conditions: conditionsOf(document), variants: new Map() }))
    const variant = JSON.stringify([definition.name?.value ?? null, known.conditions.map((name) => variables[name] ?? null)])
    let operation = known.variants.get(variant)
    if (operation === undefined) {
      if (known.variants.size >= MOST_VARIANTS) known.variants.clear()
      known.variants.set(variant, (operation = this.#select(document, definition, variables)))
    }
    return operation
  }

  #select(document: DocumentNode, definition: OperationDefinitionNode, variables: Record<string, unknown>): Operation | null {
    try {
      return selectOperation(this.#schema, document, definition, variables)
    } catch (error) {
      if (error instanceof NotCompiled) return null
      throw error
    }
  }
}
