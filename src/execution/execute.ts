// Executes breadth-first: a field is read for all objects of its level before the next level begins. What a loader finds is found by
// one statement a field, however many objects ask, and the answer is written as text from the leaves up: no promise, no resolver call
// and no intermediate object per field.
import { defaultFieldResolver, getArgumentValues, type GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema, isObjectType } from 'graphql'
import type { LoaderDefinition, Scope } from '../auth/scope.ts'
import { type Read, tellTaken } from '../graphql/reads.ts'
import type { Operation, SelectedField, Selection, Shape } from './selection.ts'

export interface Run {
  schema: GraphQLSchema
  operation: Operation
  /** Coerced. */
  variables: Record<string, unknown>
  scope: Scope
}

/** A value that the type does not allow: what then becomes null, graphql-js decides. */
class NotAllowed extends Error {}

/** The JSON text of `data` for each root value. @throws whatever a field throws */
export async function execute(run: Run, roots: readonly unknown[]): Promise<string[]> {
  return new Execution(run).objects(run.operation.selection, roots)
}

type Maybe<T> = T | Promise<T>

/** Of values that are made for each row, or of the items of lists: looking for repetitions would cost more than it saves. */
const EACH_ITS_OWN = true

class Execution {
  readonly #run: Run

  constructor(run: Run) {
    this.#run = run
  }

  /** The text of each object. */
  objects(selection: Selection, rows: readonly unknown[]): Maybe<string[]> {
    const joins = new Joins(this.#run.scope)
    const columns = selection.fields.map((field) => unthrown(() => this.#column(selection.type, field, rows, joins)))
    return allOf(columns, (all) => assemble(selection, rows.length, all))
  }

  /** The text of one field's value in each object. */
  #column(type: GraphQLObjectType, selected: SelectedField, rows: readonly unknown[], joins: Joins): Maybe<string[]> {
    const { read, shape } = selected
    if (read?.kind === 'same') return this.#texts(shape, rows, EACH_ITS_OWN)
    if (read?.kind === 'derived') return this.#texts(shape, rows.map((row) => read.of(row as never, this.#run.scope)), EACH_ITS_OWN)
    if (read?.kind === 'joined') return this.#joined(read, selected, rows, joins)
    const values = this.#resolve(type, selected, rows)
    return allOf(values, (all) => this.#texts(shape, all))
  }

  #joined({ loader, key, as }: Read & { kind: 'joined' }, { shape, taken }: SelectedField, rows: readonly unknown[], joins: Joins): Promise<string[]> {
    const at = (row: unknown): string | null => (row as Record<string, string | null>)[key] ?? null
    return joins.find(loader, key, rows.map(at), taken).then((found) =>
      this.#texts(shape, rows.map((row) => {
        const by = at(row)
        const one = by === null ? undefined : found.get(by)
        return one === undefined ? null : as === null ? one : as(one as never, row as never)
      })))
  }

  #resolve(type: GraphQLObjectType, { field, nodes, taken }: SelectedField, rows: readonly unknown[]): unknown[] {
    if (field.resolve === undefined && field.args.length === 0) {
      const { name } = field
      const values = rows.map((row) => (row as Record<string, unknown> | null | undefined)?.[name])
      if (!values.some((value) => typeof value === 'function')) return values
    }
    const { scope, schema, operation, variables } = this.#run
    const args = getArgumentValues(field, nodes[0]!, variables)
    const resolve = field.resolve ?? defaultFieldResolver
    const info: GraphQLResolveInfo = {
      fieldName: field.name, fieldNodes: nodes, returnType: field.type, parentType: type, path: { prev: undefined, key: field.name, typename: type.name },
      schema, fragments: operation.fragments, rootValue: undefined, operation: operation.definition, variableValues: variables,
    }
    tellTaken(info, taken)
    return rows.map((row) => unthrown(() => resolve(row, args, scope, info)))
  }

  #texts(shape: Shape, values: readonly unknown[], own = false): Maybe<string[]> {
    switch (shape.kind) {
      case 'leaf':
        return values.map((value) => (isNothing(value) ? nothing(shape) : shape.write(plain(value))))
      case 'list':
        return this.#lists(shape, values)
      case 'object':
        return own ? this.#own(shape, values) : this.#each(shape, values, values.map(() => shape.selection))
      case 'abstract': {
        const { type, selectionOf } = shape
        const { schema, scope } = this.#run
        const names = values.map((value) => (isNothing(value) ? undefined : type.resolveType?.(value, scope, undefined as never, type)))
        return allOf(names, (all) => this.#each(shape, values, values.map((value, index) => {
          if (isNothing(value)) return null
          const actual = schema.getType(all[index] ?? '')
          if (!isObjectType(actual)) throw new NotAllowed(`not known to be a ${type.name}`)
          return selectionOf(actual)
        })))
      }
    }
  }

  /** All items of all lists at once. */
  #lists(shape: Shape & { kind: 'list' }, values: readonly unknown[]): Maybe<string[]> {
    const items: unknown[] = []
    for (const value of values) {
      if (isNothing(value)) continue
      if (!Array.isArray(value)) throw new NotAllowed('not a list')
      for (const item of value) items.push(item)
    }
    const regroup = (texts: readonly string[]): string[] => {
      let next = 0
      return values.map((value) => (isNothing(value) ? nothing(shape) : `[${texts.slice(next, (next += (value as unknown[]).length)).join(',')}]`))
    }
    return allOf([this.#texts(shape.of, items, EACH_ITS_OWN)], ([texts]) => regroup(texts!))
  }

  /** Objects of which none stands there twice. */
  #own(shape: Shape & { kind: 'object' }, values: readonly unknown[]): Maybe<string[]> {
    const there = values.filter((value) => !isNothing(value))
    if (there.some((value) => value instanceof Error || isPromise(value))) throw new NotAllowed('not an object')
    if (there.length === values.length) return this.objects(shape.selection, there)
    return allOf([this.objects(shape.selection, there)], ([texts]) => {
      let next = 0
      return values.map((value) => (isNothing(value) ? nothing(shape) : texts![next++]!))
    })
  }

  /** Objects that stand there more than once, as the connection of every order does, are written once. */
  #each(shape: Shape, values: readonly unknown[], selections: readonly (Selection | null)[]): Maybe<string[]> {
    const groups = new Map<Selection, Map<unknown, number>>()
    const places = values.map((value, at) => {
      const selection = selections[at] ?? null
      if (isNothing(value) || selection === null) return null
      if (value instanceof Error || isPromise(value)) throw new NotAllowed('not an object')
      let group = groups.get(selection)
      if (group === undefined) groups.set(selection, (group = new Map<unknown, number>()))
      let index = group.get(value)
      if (index === undefined) group.set(value, (index = group.size))
      return { selection, index }
    })
    const place = (written: Map<Selection, string[]>): string[] => places.map((at) => (at === null ? nothing(shape) : written.get(at.selection)![at.index]!))
    const all = [...groups].map(([selection, group]) => this.objects(selection, [...group.keys()]))
    const collect = (texts: readonly string[][]): string[] => place(new Map([...groups.keys()].map((selection, index) => [selection, texts[index]!])))
    return allOf(all, collect)
  }
}

/** One look-up for all fields of a selection that join by the same key and ask for the same. */
class Joins {
  readonly #scope: Scope
  readonly #found = new Map<LoaderDefinition<string, unknown>, Map<string, Promise<ReadonlyMap<string, unknown>>>>()

  constructor(scope: Scope) {
    this.#scope = scope
  }

  find(loader: LoaderDefinition<string, unknown>, key: string, at: readonly (string | null)[], takes: readonly string[] | null): Promise<ReadonlyMap<string, unknown>> {
    let known = this.#found.get(loader)
    if (known === undefined) this.#found.set(loader, (known = new Map()))
    const which = takes === null ? key : `${key} ${takes.join()}`
    let found = known.get(which)
    if (found === undefined) {
      const keys = [...new Set(at)].filter((one) => one !== null)
      found = keys.length === 0 ? Promise.resolve(new Map()) : loader.batch(this.#scope, keys, takes)
      known.set(which, found)
    }
    return found
  }
}

function assemble({ fields }: Selection, count: number, columns: readonly (readonly string[])[]): string[] {
  const texts = new Array<string>(count)
  for (let row = 0; row < count; row++) {
    let text = '{'
    for (let index = 0; index < fields.length; index++) text += (index === 0 ? '' : ',') + fields[index]!.label + columns[index]![row]!
    texts[row] = `${text}}`
  }
  return texts
}

/** A leaf's value; graphql-js awaits a promise in a list, and throws an error that was returned. */
function plain(value: unknown): unknown {
  if (typeof value === 'object' && (value instanceof Error || isPromise(value))) throw new NotAllowed('not a value')
  return value
}

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined

function nothing({ nullable }: Shape): string {
  if (!nullable) throw new NotAllowed('null where there must be a value')
  return 'null'
}

/** `use` of all values, at once where none is a promise. */
function allOf<T, U>(values: readonly Maybe<T>[], use: (all: readonly T[]) => Maybe<U>): Maybe<U> {
  return values.some(isPromise) ? Promise.all(values).then((all) => use(all)) : use(values as readonly T[])
}

/** What is thrown while others are under way must not leave them without anybody who hears of their failure. */
function unthrown<T>(work: () => T): T | Promise<never> {
  try {
    return work()
  } catch (error) {
    return Promise.reject(error as Error)
  }
}

const isPromise = (value: unknown): value is Promise<never> => typeof (value as { then?: unknown } | null | undefined)?.then === 'function'

