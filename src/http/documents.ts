// One reading of documents for every transport: found by its hash, within the limits, valid, and what its operations cost.
import {
  type DocumentNode, type FragmentDefinitionNode, getOperationAST, GraphQLError, type GraphQLSchema, Kind, NoSchemaIntrospectionCustomRule, type OperationDefinitionNode, parse,
  specifiedRules, validate, type ValidationRule,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { RoleName } from '../auth/scope.ts'
import { type Cost, costOf, type Variables } from './cost.ts'
import { checkLimits, checkVariables, exceeded, limits } from './document-limits.ts'
import { type MayUse, type Permitted, permittedIn } from './permitted.ts'
import { type DocumentReference, PersistedDocuments, type TrustedDocuments } from './persisted-documents.ts'

export interface DocumentOptions {
  introspection: boolean
  maxCost: number
  trusted: TrustedDocuments
  trustedOnly: boolean
  mayUse: MayUse
}

export interface OperationRequest extends DocumentReference {
  operationName?: string | null | undefined
  variables?: Variables | null | undefined
}

/** What an operation costs, and what one may (MAX_COST). */
export interface MeasuredCost {
  requested: number
  allowed: number
}

export interface Opened {
  document: DocumentNode
  /** SHA-256 of its text. */
  hash: string
  operation: OperationDefinitionNode
  cost: MeasuredCost
}

/** A document that was read once; the errors where it is refused. The same object for the same text, as long as it is remembered. */
export type Reading = { document: DocumentNode; costs: ReadonlyMap<OperationDefinitionNode, Cost>; forbidden: Permitted } | { errors: readonly GraphQLError[] }

/** Of memory: what its syntax tree takes and what its text does. */
const LARGEST_CACHE = 64 * 1024 * 1024
/** What is refused is kept apart, so that nonsense does not push out what is in use. */
const LARGEST_CACHE_OF_REFUSALS = 4 * 1024 * 1024
const BYTES_A_NODE = 300 // measured: 250 to 280, with its token

export class Documents {
  readonly persisted: PersistedDocuments
  readonly #schema: GraphQLSchema
  readonly #options: DocumentOptions
  readonly #rules: readonly ValidationRule[]
  readonly #accepted = new LRUCache<string, Reading>({ maxSize: LARGEST_CACHE })
  readonly #refused = new LRUCache<string, Reading>({ maxSize: LARGEST_CACHE_OF_REFUSALS })

  constructor(schema: GraphQLSchema, options: DocumentOptions) {
    this.#schema = schema
    this.#options = options
    this.#rules = [...specifiedRules, ...(options.introspection ? [] : [NoSchemaIntrospectionCustomRule])]
    this.persisted = new PersistedDocuments(options.trusted, options.trustedOnly)
  }

  /** What a transport of ours is to run, or why not. Apollo, which has a pipeline of its own, calls `read` and `measure` in it. */
  open(request: OperationRequest, role: RoleName): Opened | { errors: readonly GraphQLError[] } {
    try {
      const { source, hash, registers } = this.persisted.resolve(request)
      const reading = this.read(source, hash)
      if ('errors' in reading) return reading
      const operation = getOperationAST(reading.document, request.operationName)
      if (!operation) throw new GraphQLError('The document has no operation of that name', { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })
      const forbidden = reading.forbidden(operation, role)
      if (forbidden.length > 0) return { errors: forbidden }
      const cost = this.measure(reading, operation, request.variables)
      if (registers) this.persisted.register(hash, source)
      return { document: reading.document, hash, operation, cost }
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] }
      throw error
    }
  }

  /** `hash` is the SHA-256 of `source`. Parsing and validating are done once, as long as the document is remembered. */
  read(source: string, hash: string): Reading {
    const known = this.known(hash)
    if (known !== undefined) return known
    const untrusted = this.persisted.refusal(hash)
    if (untrusted !== null) return { errors: [untrusted] }
    const { reading, nodes } = this.#read(source)
    const size = 2 * source.length + BYTES_A_NODE * nodes + 1000
    if ('errors' in reading) this.#refused.set(hash, reading, { size })
    else this.#accepted.set(hash, reading, { size })
    return reading
  }

  known(hash: string): Reading | undefined {
    return this.#accepted.get(hash) ?? this.#refused.get(hash)
  }

  /** @throws GraphQLError COST_EXCEEDED, VALUE_TOO_DEEP */
  measure(reading: Extract<Reading, { document: DocumentNode }>, operation: OperationDefinitionNode, variables: Variables | null | undefined): MeasuredCost {
    if (variables != null) checkVariables(variables)
    const cost = { requested: reading.costs.get(operation)!(variables ?? {}), allowed: this.#options.maxCost }
    if (cost.requested > cost.allowed) throw new GraphQLError(`The operation costs ${cost.requested}; at most ${cost.allowed} is allowed`, { extensions: { code: 'COST_EXCEEDED', cost } })
    return cost
  }

  #read(source: string): { reading: Reading; nodes: number } {
    let nodes = 0
    try {
      const document = parsed(source)
      nodes = checkLimits(document)
      const problems = validate(this.#schema, document, this.#rules, { hideSuggestions: !this.#options.introspection })
      if (problems.length > 0) return { reading: { errors: problems.map((problem) => withCode(problem, 'GRAPHQL_VALIDATION_FAILED')) }, nodes }
      return { reading: { document, costs: this.#costs(document), forbidden: permittedIn(this.#schema, document, this.#options.mayUse) }, nodes }
    } catch (error) {
      if (error instanceof GraphQLError) return { reading: { errors: [error] }, nodes }
      throw error
    }
  }

  #costs(document: DocumentNode): Map<OperationDefinitionNode, Cost> {
    const fragments = new Map<string, FragmentDefinitionNode>()
    for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one)
    const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)
    return new Map(operations.map((operation) => [operation, costOf(this.#schema, operation, fragments)]))
  }
}

function parsed(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: limits.tokens })
  } catch (error) {
    // Brackets within brackets by the thousand: the parser's stack is over before its tokens are.
    if (error instanceof RangeError) throw exceeded('OPERATION_TOO_DEEP', `The operation is more than ${limits.depth} fields deep`)
    if (!(error instanceof GraphQLError)) throw error
    if (error.message.includes(' tokens. Parsing aborted')) {
      throw exceeded('DOCUMENT_TOO_LARGE', `The document has more than ${limits.tokens} tokens`)
    }
    throw withCode(error, 'GRAPHQL_PARSE_FAILED')
  }
}

const withCode = (error: GraphQLError, code: string): GraphQLError => new GraphQLError(error.message, { nodes: error.nodes, source: error.source, positions: error.positions, extensions: { code } })
