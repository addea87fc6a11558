// Walks a contract: documents that reach every field of every type, and arguments in which one value after the other is what a test wants it to be.
import {
  type GraphQLArgument, type GraphQLField, type GraphQLInputType, type GraphQLNamedType, type GraphQLObjectType, type GraphQLSchema, getNamedType, getNullableType, isAbstractType, isEnumType, isInputObjectType, isLeafType,
  isListType, isNonNullType, isObjectType,
} from 'graphql'

type Fields = GraphQLField<unknown, unknown>
type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** A value for an argument or an input's field of that name and type; undefined where there is no better than any. `of`: the field that takes it, or the type that is to be found by it. */
export type Plausible = (name: string, type: string, of: string) => Json | undefined

export interface Call {
  /** Of the contract, e.g. `Connection.orders`. */
  coordinate: string
  document: string
  variables: Record<string, Json>
}

/** Scalars that are sent as text. */
const textKinds = ['ID', 'String', 'EmailAddress', 'URL', 'DateTime', 'Decimal', 'EventCursor'] as const
export type TextKind = (typeof textKinds)[number]

/** One value of a call's arguments that can be another. */
export interface Slot {
  kind: TextKind
  path: string[]
}

export interface Walk {
  /** Every field, with the plainest arguments: each type's fields, from the shortest way to it. */
  reads: Call[]
  /** Every field that takes arguments, each with its slots. */
  asked: (Call & { slots: Slot[]; argumentsOf: (slot: Slot | null, value: Json) => Record<string, Json> })[]
}

interface Step {
  type: GraphQLObjectType
  field: Fields
  /** Where the way goes through an interface. */
  as: GraphQLObjectType | null
}

const allowed = (fields: Iterable<Fields>, type: GraphQLNamedType, may: (type: string, field: string) => boolean): Fields[] => [...fields].filter((field) => may(type.name, field.name))

/** `may` leaves fields out; `maxDepth` bounds the ways. */
export function walk(schema: GraphQLSchema, root: GraphQLObjectType, may: (type: string, field: string) => boolean, plausible: Plausible, keyword = 'query'): Walk {
  const ways = waysFrom(schema, root, may)
  const reads: Call[] = []
  const asked: Walk['asked'] = []
  const variablesOf = new Variables(plausible)
  for (const [type, way] of ways) {
    const fields = allowed(Object.values(type.getFields()), type, may)
    if (type !== root && /(Page|Edge)$/.test(type.name)) continue
    for (const field of fields) {
      const coordinate = `${type.name}.${field.name}`
      const made = documentOf(schema, [...way, { type, field, as: null }], may, variablesOf, keyword)
      reads.push({ coordinate, ...made.call })
      const last = made.argumentsOfLast
      if (field.args.length === 0) continue
      const slots = field.args.flatMap((argument) => slotsOf(argument.type, [argument.name]))
      asked.push({ coordinate, ...made.call, slots, argumentsOf: (slot, value) => ({ ...made.call.variables, ...last(slot, value) }) })
    }
  }
  return { reads, asked }
}

/** The shortest way to each object type. */
function waysFrom(schema: GraphQLSchema, root: GraphQLObjectType, may: (type: string, field: string) => boolean): Map<GraphQLObjectType, Step[]> {
  const ways = new Map<GraphQLObjectType, Step[]>([[root, []]])
  for (const [type, way] of ways) {
    for (const field of allowed(Object.values(type.getFields()), type, may)) {
      const reached = getNamedType(field.type)
      const concrete = isAbstractType(reached) ? schema.getPossibleTypes(reached) : isObjectType(reached) ? [reached] : []
      for (const one of concrete) if (!ways.has(one)) ways.set(one, [...way, { type, field, as: isAbstractType(reached) ? one : null }])
    }
  }
  return ways
}

/** Variables by the arguments of the fields along a way: `a0_filter`. */
class Variables {
  readonly plausible: Plausible
  constructor(plausible: Plausible) {
    this.plausible = plausible
  }

  /** What must be given, and what makes pages long. */
  plain({ args, name }: Fields, of = name): Record<string, Json> {
    return Object.fromEntries(args.flatMap((argument): [string, Json][] => {
      if (argument.name === 'first') return [['first', 100]]
      if (!isNonNullType(argument.type) || argument.defaultValue !== undefined) return []
      return [[argument.name, this.value(argument.name, argument.type, of)]]
    }))
  }

  value(name: string, type: GraphQLInputType, of: string): Json {
    const nullable = getNullableType(type)
    const better = this.plausible(name, getNamedType(type).name, of)
    if (better !== undefined) return isListType(nullable) && !Array.isArray(better) ? [better] : better
    if (isListType(nullable)) return [this.value(name, nullable.ofType as GraphQLInputType, of)]
    if (isEnumType(nullable)) return nullable.getValues()[0]!.name
    if (isInputObjectType(nullable)) {
      return Object.fromEntries(Object.values(nullable.getFields()).flatMap((field): [string, Json][] => (isNonNullType(field.type) && field.defaultValue === undefined ? [[field.name, this.value(field.name, field.type, of)]] : [])))
    }
    return ({ Int: 1, Float: 1, Boolean: true, Decimal: '1.00', DateTime: new Date().toISOString(), EmailAddress: 'ada@kiln.example', URL: 'https://192.0.2.1/hook' } as Record<string, Json>)[getNamedType(type).name] ?? 'x'
  }
}

function documentOf(schema: GraphQLSchema, way: readonly Step[], may: (type: string, field: string) => boolean, variables: Variables, keyword: string) {
  const declared: string[] = []
  const values: Record<string, Json> = {}
  const heads = way.map(({ field, as }, index) => {
    const plain = variables.plain(field, as?.name)
    const last = index === way.length - 1
    const used = field.args.filter((argument) => last || argument.name in plain)
    for (const argument of used) declared.push(`$a${index}_${argument.name}: ${String(argument.type)}${defaultOf(argument)}`)
    for (const [name, value] of Object.entries(plain)) values[`a${index}_${name}`] = value
    return `${field.name}${used.length === 0 ? '' : `(${used.map(({ name }) => `${name}: $a${index}_${name}`).join(', ')})`}`
  })
  const { field: target } = way.at(-1)!
  let text = `${heads.at(-1)!}${selectionOf(schema, getNamedType(target.type), may, 2)}`
  for (let index = way.length - 2; index >= 0; index--) {
    const { as } = way[index]!
    text = `${heads[index]!} { ${as === null ? text : `... on ${as.name} { ${text} }`} }`
  }
  const index = way.length - 1
  return {
    call: { document: `${keyword} Walk${declared.length === 0 ? '' : `(${declared.join(', ')})`} { ${text} }`, variables: values },
    argumentsOfLast(slot: Slot | null, value: Json): Record<string, Json> {
      const given: Record<string, Json> = variables.plain(target)
      if (slot !== null) put(given, slot.path, target.args, value, variables, target.name)
      return Object.fromEntries(Object.entries(given).map(([name, one]) => [`a${index}_${name}`, one]))
    },
  }
}

const defaultOf = ({ defaultValue }: GraphQLArgument): string => (defaultValue === undefined ? '' : ` = ${JSON.stringify(defaultValue)}`)

/** All leaves of a type, and those of what it leads to. */
function selectionOf(schema: GraphQLSchema, type: GraphQLNamedType, may: (type: string, field: string) => boolean, depth: number): string {
  if (isLeafType(type)) return ''
  if (isAbstractType(type)) return ` { __typename ${ofEach(schema, schema.getPossibleTypes(type), may)} }`
  const fields = allowed(Object.values((type as GraphQLObjectType).getFields()), type, may)
  const parts = fields.flatMap((field) => {
    const reached = getNamedType(field.type)
    if (field.args.some((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined)) return []
    if (isLeafType(reached)) return [field.name]
    return depth > 0 && !isAbstractType(reached) ? [`${field.name}${field.args.some(({ name }) => name === 'first') ? '(first: 20)' : ''}${selectionOf(schema, reached, may, depth - 1)}`] : []
  }).filter((part) => !part.endsWith('{  }'))
  return parts.length === 0 ? ' { __typename }' : ` { ${parts.join(' ')} }`
}

/** The leaves of several types that do not conflict: the others are reached by the ways of their own types. */
function ofEach(schema: GraphQLSchema, types: readonly GraphQLObjectType[], may: (type: string, field: string) => boolean): string {
  const leaves = (type: GraphQLObjectType): Fields[] => allowed(Object.values(type.getFields()), type, may).filter((field) => isLeafType(getNamedType(field.type)) && field.args.length === 0)
  const spellings = new Map<string, Set<string>>()
  for (const type of types) for (const { name, type: leaf } of leaves(type)) spellings.set(name, (spellings.get(name) ?? new Set()).add(String(leaf)))
  return types.flatMap((type) => {
    const names = leaves(type).filter(({ name }) => spellings.get(name)!.size === 1).map(({ name }) => name)
    return names.length === 0 ? [] : [`... on ${type.name} { ${names.join(' ')} }`]
  }).join(' ')
}

/** Texts within an argument. */
function slotsOf(type: GraphQLInputType, path: string[], seen: readonly string[] = []): Slot[] {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return slotsOf(nullable.ofType as GraphQLInputType, path, seen)
  if (isInputObjectType(nullable)) return seen.includes(nullable.name) ? [] : Object.values(nullable.getFields()).flatMap((field) => slotsOf(field.type, [...path, field.name], [...seen, nullable.name]))
  const kind = textKinds.find((name) => name === nullable.name)
  return kind === undefined ? [] : [{ kind, path }]
}

/** Sets one value, and makes what is around it. */
function put(into: Record<string, Json>, path: readonly string[], fields: readonly { name: string; type: GraphQLInputType }[], value: Json, variables: Variables, of: string): void {
  const [name, ...rest] = path as [string, ...string[]]
  const { type } = fields.find((field) => field.name === name)!
  const nullable = getNullableType(type)
  const list = isListType(nullable)
  const inner = getNamedType(type)
  if (rest.length === 0) {
    into[name] = list ? [value] : value
    return
  }
  if (!isInputObjectType(inner)) throw new Error(`${name} has nothing within`)
  const around = into[name] ?? variables.value(name, list ? (nullable.ofType as GraphQLInputType) : (nullable as GraphQLInputType), of)
  const object = structuredClone(Array.isArray(around) ? around[0]! : around) as Record<string, Json>
  put(object, rest, Object.values(inner.getFields()), value, variables, of)
  into[name] = list ? [object] : object
}
