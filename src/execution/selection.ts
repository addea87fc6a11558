// What a document asks for, put in order once and kept: which fields of which types, how each is read, how its values are written.
import {
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, getDirectiveValues, getNullableType, type GraphQLAbstractType, type GraphQLField,
  GraphQLIncludeDirective, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema, GraphQLSkipDirective, isAbstractType, isLeafType, isListType, isNonNullType, isObjectType, Kind,
  type OperationDefinitionNode, type SelectionSetNode, visit,
} from 'graphql'
import { isPartOfPage } from '../graphql/page.types.ts'
import { type Read, readOf } from '../graphql/reads.ts'
import { leafWriter } from './leaf.ts'

export interface Selection {
  type: GraphQLObjectType
  fields: readonly SelectedField[]
  /** The properties of a row that these fields take; null: all of them. */
  takes: readonly string[] | null
}

export interface SelectedField {
  /** The key of the answer, as JSON has it before the value. */
  label: string
  field: GraphQLField<unknown, unknown>
  /** More than one where fragments ask for the same. */
  nodes: readonly FieldNode[]
  /** Undefined: its resolver is called for each object. */
  read: Read | undefined
  shape: Shape
  /** What is asked of the rows that it finds: of one, of a list, or of a page of them; null: all of them, or it finds none. */
  taken: readonly string[] | null
}

/** How a value becomes text. */
export type Shape = { nullable: boolean } & (
  | { kind: 'leaf'; write: (value: unknown) => string }
  | { kind: 'list'; of: Shape }
  | { kind: 'object'; selection: Selection }
  | { kind: 'abstract'; type: GraphQLAbstractType; selectionOf: (type: GraphQLObjectType) => Selection }
)

export interface Operation {
  definition: OperationDefinitionNode
  fragments: Readonly<Record<string, FragmentDefinitionNode>>
  selection: Selection
}

/** `__typename` has no definition of its own on a type. */
export const TYPENAME = '__typename'

/** What asks about the schema itself is answered by graphql-js. */
export class NotCompiled extends Error {}

/**
 * An operation with these variables (coerced), of which `@skip` and `@include` alone count here.
 * @throws NotCompiled
 */
export function selectOperation(schema: GraphQLSchema, document: DocumentNode, definition: OperationDefinitionNode, variables: Record<string, unknown>): Operation {
  const type = schema.getRootType(definition.operation)
  if (!type) throw new NotCompiled(`there are no operations of kind ${definition.operation}`)
  const fragments: Record<string, FragmentDefinitionNode> = {}
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments[one.name.value] = one
  return { definition, fragments, selection: new Selector(schema, fragments, variables).select(type, [definition.selectionSet]) }
}

/** Names of the variables that decide which fields are there at all. */
export function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>()
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names]
}

class Selector {
  readonly #schema: GraphQLSchema
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly #variables: Record<string, unknown>

  constructor(schema: GraphQLSchema, fragments: Readonly<Record<string, FragmentDefinitionNode>>, variables: Record<string, unknown>) {
    this.#schema = schema
    this.#fragments = fragments
    this.#variables = variables
  }

  select(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Selection {
    const found = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    for (const set of sets) this.#collect(type, set, found, spread)
    const fields = [...found].map(([key, nodes]) => this.#field(type, key, nodes))
    return { type, fields, takes: takenBy(fields) }
  }

  #collect(type: GraphQLObjectType, set: SelectionSetNode, into: Map<string, FieldNode[]>, spread: Set<string>): void {
    for (const node of set.selections) {
      if (getDirectiveValues(GraphQLSkipDirective, node, this.#variables)?.['if'] === true) continue
      if (getDirectiveValues(GraphQLIncludeDirective, node, this.#variables)?.['if'] === false) continue
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value
        const same = into.get(key)
        if (same === undefined) into.set(key, [node])
        else same.push(node)
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (node.typeCondition === undefined || this.#applies(node.typeCondition.name.value, type)) this.#collect(type, node.selectionSet, into, spread)
      } else {
        const name = node.name.value
        const fragment = this.#fragments[name]
        if (fragment === undefined || spread.has(name)) continue
        spread.add(name)
        if (this.#applies(fragment.typeCondition.name.value, type)) this.#collect(type, fragment.selectionSet, into, spread)
      }
    }
  }

  #applies(condition: string, type: GraphQLObjectType): boolean {
    if (condition === type.name) return true
    const named = this.#schema.getType(condition)
    return isAbstractType(named) && this.#schema.isSubType(named, type)
  }

  #field(type: GraphQLObjectType, key: string, nodes: FieldNode[]): SelectedField {
    const name = nodes[0]!.name.value
    const label = `${JSON.stringify(key)}:`
    if (name === TYPENAME) return { label, field: typenameOf(type), nodes, read: undefined, shape: typenameShape(type), taken: null }
    const field = type.getFields()[name]
    if (field === undefined) throw new NotCompiled(`${type.name} has no ${name}`) // __schema and __type
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const [read, shape] = [readOf(field), this.#shape(field.type, sets)]
    return { label, field, nodes, read, shape, taken: read?.kind === 'joined' && read.as !== null ? null : takenOf(shape) }
  }

  #shape(type: GraphQLOutputType, sets: readonly SelectionSetNode[]): Shape {
    const nullable = !isNonNullType(type)
    const bare = getNullableType(type)
    if (isListType(bare)) return { kind: 'list', nullable, of: this.#shape(bare.ofType as GraphQLOutputType, sets) }
    if (isLeafType(bare)) return { kind: 'leaf', nullable, write: leafWriter(bare) }
    if (isObjectType(bare)) return { kind: 'object', nullable, selection: this.select(bare, sets) }
    const known = new Map<GraphQLObjectType, Selection>()
    const selectionOf = (one: GraphQLObjectType): Selection => {
      let selection = known.get(one)
      if (selection === undefined) known.set(one, (selection = this.select(one, sets)))
      return selection
    }
    return { kind: 'abstract', nullable, type: bare as GraphQLAbstractType, selectionOf }
  }
}

function takenBy(fields: readonly SelectedField[]): readonly string[] | null {
  return union(fields.map(({ field, read, shape }) => {
    if (read?.kind === 'same') return shape.kind === 'object' ? shape.selection.takes : null
    if (read !== undefined) return read.takes
    return field.name === TYPENAME ? [] : field.resolve === undefined ? [field.name] : null
  }))
}

function takenOf(shape: Shape): readonly string[] | null {
  if (shape.kind === 'list') return takenOf(shape.of)
  if (shape.kind !== 'object') return null
  const { type, fields, takes } = shape.selection
  return isPartOfPage(type) ? union(fields.filter(({ field }) => leadToRows.has(field.name)).map((one) => takenOf(one.shape))) : takes
}

/** From a page to its rows. */
const leadToRows: ReadonlySet<string> = new Set(['nodes', 'edges', 'node'])

const union = (all: readonly (readonly string[] | null)[]): readonly string[] | null => (all.includes(null) ? null : [...new Set(all.flatMap((takes) => takes ?? []))])

const typenameOf = (type: GraphQLObjectType): GraphQLField<unknown, unknown> => ({ name: TYPENAME, resolve: () => type.name, args: [] }) as unknown as GraphQLField<unknown, unknown>
const typenameShape = (type: GraphQLObjectType): Shape => {
  const text = JSON.stringify(type.name)
  return { kind: 'leaf', nullable: false, write: () => text }
}
