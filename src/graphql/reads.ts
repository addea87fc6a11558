// How fields are read where it matters: for all objects of a page at once, and no more of their rows than is asked for. What is declared
// here is known to compiled execution (src/execution); for graphql-js each field is an ordinary method of its resolver.
import { createParameterDecorator, Ctx, Extensions, FieldResolver, Root } from 'type-graphql'
import type { GraphQLResolveInfo } from 'graphql'
import { load, type LoaderDefinition, loadExisting, type Scope } from '../auth/scope.ts'

/** How a field's value comes from its parent's row, and which properties of that it takes; null: who knows. */
export type Read = { takes: readonly string[] | null } & (
  | { kind: 'method' }
  /** The row itself, as another type. */
  | { kind: 'same' }
  | { kind: 'derived'; of: (row: never, scope: Scope) => unknown }
  | { kind: 'joined'; loader: LoaderDefinition<string, unknown>; key: string; as: ((found: never, row: never) => unknown) | null }
)

/** Under this name a field's extensions have its Read. */
const READ = 'read'

export const readOf = (field: { extensions: Readonly<Record<string, unknown>> }): Read | undefined => field.extensions[READ] as Read | undefined

type TypeThunk = Parameters<typeof FieldResolver>[0] & (() => unknown)

interface FieldOptions {
  nullable?: boolean
  description?: string
}

type FieldDecorator = (prototype: object, name: string) => void

/** A field that is made of some properties of its parent's row, for whoever asks; of the whole row where `takes` is null. */
export function Derived<Row, Key extends keyof Row & string = keyof Row & string>(type: TypeThunk, takes: readonly Key[] | null, of: (row: Pick<Row, Key>, scope: Scope) => unknown, options: FieldOptions = {}): FieldDecorator {
  return define(type, options, { kind: 'derived', takes, of: of as (row: never, scope: Scope) => unknown }, of as (row: never, scope: Scope) => unknown)
}

/** A field that shows its parent's row as another type. */
export function Same(type: TypeThunk, options: FieldOptions = {}): FieldDecorator {
  return define(type, options, { kind: 'same', takes: [] }, (row: never) => row)
}

interface JoinOptions<Row, Key extends keyof Row, V> extends FieldOptions {
  /** What `as` takes of the parent's row. */
  takes?: readonly Key[]
  /** Turns what was found into the field's value. */
  as?: (found: V, row: Pick<Row, Key>) => unknown
}

/**
 * A field whose value a loader finds by one property of its parent's row; null where that is null. Where the field is not nullable, a
 * foreign key promises that something is found.
 */
export function Joined<Row, V, Key extends keyof Row & string = never>(
  type: TypeThunk, loader: LoaderDefinition<string, V>, key: keyof Row & string, { as, takes = [], ...options }: JoinOptions<Row, Key, V> = {},
): FieldDecorator {
  const read: Read = { kind: 'joined', takes: [key, ...takes], loader, key, as: (as ?? null) as ((found: never, row: never) => unknown) | null }
  return define(type, options, read, async (row: Row, scope: Scope) => {
    const at = row[key] as string | null
    if (at === null) return null
    const found = options.nullable === true ? await load(scope, loader, at) : await loadExisting(scope, loader, at)
    return found === null || as === undefined ? found : as(found, row)
  })
}

/** Beside `@FieldResolver`: what its method takes of the row. Without it a whole row is read. */
export function Takes<Row, Key extends keyof Row & string>(...takes: readonly Key[]) {
  return <Method extends (row: Pick<Row, Key>, ...others: never[]) => unknown>(prototype: object, name: string, _method: TypedPropertyDescriptor<Method>): void => {
    Extensions({ [READ]: { kind: 'method', takes } satisfies Read })(prototype, name)
  }
}

function define(type: TypeThunk, options: FieldOptions, read: Read, method: (row: never, scope: Scope) => unknown): FieldDecorator {
  return (prototype, name) => {
    Object.defineProperty(prototype, name, { value: method, configurable: true })
    Extensions({ [READ]: read })(prototype, name)
    FieldResolver(type, options)(prototype, name, {})
    Root()(prototype, name, 0)
    Ctx()(prototype, name, 1)
  }
}

/** Of the rows that a resolver finds, what is asked for; null: all. */
export type Taken = readonly string[] | null

const taken = new WeakMap<GraphQLResolveInfo, readonly string[]>()

/** Compiled execution says what is asked of the rows that a resolver finds. */
export const tellTaken = (info: GraphQLResolveInfo, properties: readonly string[] | null): void => void (properties !== null && taken.set(info, properties))

/** A parameter of a resolver that finds rows, or a page of them: its `Taken`. */
export const Asked = () => createParameterDecorator(({ info }) => taken.get(info) ?? null)
