// Fields that are read for all objects of a page at once. A resolver's method is called once per object; what is declared here is
// known to the compiled execution (src/execution), which asks a loader once for all of them, or calls a plain function and nothing else.
import { Ctx, Extensions, FieldResolver, Root } from 'type-graphql'
import { load, type LoaderDefinition, loadExisting, type Scope } from '../auth/scope.ts'

/** How a field's value comes from its parent's row. */
export type Read =
  | { kind: 'derived'; of: (row: never) => unknown }
  | { kind: 'joined'; loader: LoaderDefinition<string, unknown>; key: string; as: (found: never, row: never) => unknown }

/** Under this name a field's extensions have its Read. */
const READ = 'read'

export const readOf = (field: { extensions: Readonly<Record<string, unknown>> }): Read | undefined => field.extensions[READ] as Read | undefined

/** What `@FieldResolver` takes as a type, as far as it is used here. */
type TypeThunk = Parameters<typeof FieldResolver>[0] & (() => unknown)

interface FieldOptions {
  nullable?: boolean
  description?: string
}

type PropertyOf<Class> = (prototype: Class, name: string) => void

/** A field that is made of its parent's row alone. */
export function Derived<Row>(type: TypeThunk, of: (row: Row) => unknown, options: FieldOptions = {}): PropertyOf<object> {
  return define(type, options, { kind: 'derived', of: of as (row: never) => unknown }, of as (row: never) => unknown)
}

/**
 * A field whose value a loader finds by one property of its parent's row; null where that is null. `as` turns what was found into the
 * field's value. Where it is not nullable, a foreign key promises that something is found.
 */
export function Joined<Row, V>(
  type: TypeThunk,
  loader: LoaderDefinition<string, V>,
  key: keyof Row & string,
  { as, ...options }: FieldOptions & { as?: (found: V, row: Row) => unknown } = {},
): PropertyOf<object> {
  const read: Read = { kind: 'joined', loader, key, as: (as ?? same) as (found: never, row: never) => unknown }
  return define(type, options, read, async (row: Row, scope: Scope) => {
    const at = row[key] as string | null
    if (at === null) return null
    const found = options.nullable === true ? await load(scope, loader, at) : await loadExisting(scope, loader, at)
    return found === null ? null : (as ?? same)(found, row)
  })
}

const same = <T>(value: T): T => value

/** For graphql-js the field is a method of its resolver, like any other. */
function define(type: TypeThunk, options: FieldOptions, read: Read, method: (row: never, scope: Scope) => unknown): PropertyOf<object> {
  return (prototype, name) => {
    Object.defineProperty(prototype, name, { value: method, configurable: true })
    Extensions({ [READ]: read })(prototype, name)
    FieldResolver(type, options)(prototype, name, {})
    Root()(prototype, name, 0)
    Ctx()(prototype, name, 1)
  }
}
