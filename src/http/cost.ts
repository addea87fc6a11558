// What an operation costs, before it runs: how many objects it may read. docs/limits.md tells how to reckon it by hand.
import {
  type FieldNode, type FragmentDefinitionNode, type FragmentSpreadNode, getNamedType, getNullableType, type GraphQLAbstractType, type GraphQLCompositeType, type GraphQLField,
  type GraphQLInterfaceType, type GraphQLObjectType, type GraphQLSchema, type InlineFragmentNode, isAbstractType, isCompositeType, isListType, isObjectType, Kind,
  type OperationDefinitionNode, type SelectionNode, type SelectionSetNode, type ValueNode, valueFromASTUntyped,
} from 'graphql'
import { pageSize } from '../kit/page.ts'

/** As the request has them: not yet coerced, and not to be trusted to be of their types. */
export type Variables = Readonly<Record<string, unknown>>
/** What something costs with these variables. */
export type Cost = (variables: Variables) => number

/** What a list is taken to have where nothing tells how long it will be. */
export const listLength = 3

/** Fields that cost more than what they select: a count reads all that it counts, introspection answers by the hundred. */
export const dearFields: Readonly<Record<string, number>> = { totalCount: 10, __schema: 1000, __type: 100 }

/** How many entries the lists have that stand directly below a field. */
interface Lengths {
  /** Null where that field is no page. */
  page: Cost | null
  list: Cost
}
const unknownLengths: Lengths = { page: null, list: () => listLength }

/** What an operation of a valid document costs. */
export function costOf(schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): Cost {
  const defaults: Record<string, unknown> = Object.create(null)
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) if (defaultValue !== undefined) defaults[variable.name.value] = valueFromASTUntyped(defaultValue)
  const total = new Reckoning(schema, fragments).ofSelections(operation.selectionSet, schema.getRootType(operation.operation)!, unknownLengths)
  return (variables) => total({ ...defaults, ...variables })
}

class Reckoning {
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#schema = schema
    this.#fragments = fragments
  }

  ofSelections(selections: SelectionSetNode, type: GraphQLCompositeType, lengths: Lengths): Cost {
    return isAbstractType(type) ? this.#ofAbstract(selections, type, lengths) : this.#ofObject(selections, type, lengths)
  }

  #ofObject(selections: SelectionSetNode, type: GraphQLObjectType, lengths: Lengths): Cost {
    return sum(
      selections.selections.map((selection) => {
        if (selection.kind === Kind.FIELD) return unlessLeftOut(selection, this.#ofField(selection, type, lengths))
        const { selectionSet, on } = this.#fragment(selection)
        const applies = on === null || on === type || (isAbstractType(on) && this.#schema.isSubType(on, type))
        return applies ? unlessLeftOut(selection, this.#ofObject(selectionSet, type, lengths)) : nothing
      }),
    )
  }

  /** Of an interface or union: what is selected of every type, and of the others what its dearest type costs. Nothing is reckoned twice. */
  #ofAbstract(selections: SelectionSetNode, type: GraphQLAbstractType, lengths: Lengths): Cost {
    const always: Cost[] = []
    const ofTypes = new Map<GraphQLObjectType, Cost[]>()
    const gather = (set: SelectionSetNode, within: GraphQLAbstractType, conditioned: (cost: Cost) => Cost): void => {
      for (const selection of set.selections) {
        const here = (cost: Cost): Cost => conditioned(unlessLeftOut(selection, cost))
        if (selection.kind === Kind.FIELD) always.push(here(this.#ofField(selection, within, lengths)))
        else {
          const { selectionSet, on } = this.#fragment(selection)
          if (on === null || isAbstractType(on)) gather(selectionSet, on ?? within, here)
          else ofTypes.set(on, [...(ofTypes.get(on) ?? []), here(this.#ofObject(selectionSet, on, lengths))])
        }
      }
    }
    gather(selections, type, (cost) => cost)
    const each = [...ofTypes.values()].map(sum).filter((cost) => cost !== nothing)
    if (each.length > 0) always.push((variables) => Math.max(...each.map((cost) => cost(variables))))
    return sum(always)
  }

  #fragment(selection: FragmentSpreadNode | InlineFragmentNode): { selectionSet: SelectionSetNode; on: GraphQLCompositeType | null } {
    const { selectionSet, typeCondition } = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value)!
    return { selectionSet, on: typeCondition === undefined ? null : (this.#schema.getType(typeCondition.name.value) as GraphQLCompositeType) }
  }

  #ofField(field: FieldNode, parent: GraphQLCompositeType, lengths: Lengths): Cost {
    const name = field.name.value
    const extra = dearFields[name] ?? 0
    if (name.startsWith('__')) return extra === 0 ? nothing : () => extra
    const definition = (parent as GraphQLObjectType | GraphQLInterfaceType).getFields()[name]! // a union has none but __typename
    const type = getNamedType(definition.type)
    if (!isCompositeType(type)) return extra === 0 ? nothing : () => extra
    const isPage = isPageType(type)
    const below: Lengths = isPage ? { page: pageLength(field), list: lengths.list } : isList(definition) ? unknownLengths : { page: null, list: lengthOfCall(field) }
    const inner = this.ofSelections(field.selectionSet!, type, below)
    if (!isList(definition)) return (variables) => 1 + inner(variables)
    const length = lengths.page ?? (field.arguments?.length ? lengthOfCall(field) : lengths.list)
    return (variables) => length(variables) * (1 + inner(variables))
  }
}

const nothing: Cost = () => 0

function sum(costs: readonly Cost[]): Cost {
  const some = costs.filter((cost) => cost !== nothing)
  if (some.length <= 1) return some[0] ?? nothing
  return (variables) => some.reduce((total, cost) => total + cost(variables), 0)
}

const isList = (field: GraphQLField<unknown, unknown>): boolean => isListType(getNullableType(field.type))

/** Every page of the contract is a type with `nodes`, `edges` and `pageInfo`. */
const isPageType = (type: GraphQLCompositeType): boolean => isObjectType(type) && ['nodes', 'edges', 'pageInfo'].every((name) => name in type.getFields())

/** `first` or `last`, or what a page has where neither is given. A size beyond the bounds is refused when the field runs. */
function pageLength(field: FieldNode): Cost {
  const [first, last] = ['first', 'last'].map((name) => argument(field, name))
  return (variables) => {
    const size = first?.(variables) ?? last?.(variables)
    return typeof size === 'number' ? Math.min(Math.max(size, 0), pageSize.largest) : pageSize.default
  }
}

/** As long as the longest list among the arguments, or in an input object of them: many are answered where many are named. */
function lengthOfCall(field: FieldNode): Cost {
  const values = (field.arguments ?? []).map((one) => valueOf(one.value))
  if (values.length === 0) return unknownLengths.list
  return (variables) => {
    let longest = listLength
    for (const value of values) {
      const given = value(variables)
      const lists = Array.isArray(given) ? [given] : typeof given === 'object' && given !== null ? Object.values(given) : []
      for (const list of lists) if (Array.isArray(list)) longest = Math.max(longest, list.length)
    }
    return longest
  }
}

function argument(field: FieldNode, name: string): ((variables: Variables) => unknown) | undefined {
  const node = field.arguments?.find((one) => one.name.value === name)
  return node && valueOf(node.value)
}

function valueOf(node: ValueNode): (variables: Variables) => unknown {
  if (node.kind === Kind.VARIABLE) return (variables) => own(variables, node.name.value)
  if (node.kind === Kind.OBJECT) {
    const fields = node.fields.map((field) => [field.name.value, valueOf(field.value)] as const)
    return (variables) => Object.fromEntries(fields.map(([name, value]) => [name, value(variables)]))
  }
  const value = valueFromASTUntyped(node)
  return () => value
}

const own = (variables: Variables, name: string): unknown => (Object.hasOwn(variables, name) ? variables[name] : undefined)

/** `@skip` and `@include` leave out what is then not read. */
function unlessLeftOut(selection: SelectionNode, cost: Cost): Cost {
  if (cost === nothing) return nothing
  let at = cost
  for (const { name, arguments: given } of selection.directives ?? []) {
    const condition = given?.find((one) => one.name.value === 'if')
    if (condition === undefined || (name.value !== 'skip' && name.value !== 'include')) continue
    const [inner, holds, leavesOut] = [at, valueOf(condition.value), name.value === 'skip']
    at = (variables) => (holds(variables) === leavesOut ? 0 : inner(variables))
  }
  return at
}
