import DataLoader from 'dataloader'
import type { Database } from '../db/client.ts'
import type { Clock } from '../kit/clock.ts'
import type { Log } from '../observability/log.ts'

export type RoleName = 'ADMIN' | 'OPERATOR' | 'CUSTOMER' | 'VIEWER'

/** Who acts: a token's holder, or a job. The name is what histories show. The id of an API token is its UUID, every other has a prefix. */
export interface Actor {
  /** Stable; scopes idempotency keys. */
  id: string
  name: string
  role: RoleName
  /** UUIDs of the customers that it acts for; null or left out: for all. */
  customerIds?: readonly string[] | null
  /** When its access ends; null or left out: when it is taken. */
  expiresAt?: Date | null
}

/**
 * What rides along with one request or one job run: every verb and store takes it first, so that a mutation and a job call the
 * same verb, and none forgets whose rows it may touch.
 */
export interface Scope {
  /** UUIDs of the customers whose rows may be seen or changed; null: every customer's. The first value of each statement. */
  readonly tenant: readonly string[] | null
  readonly actor: Actor
  readonly db: Database
  readonly clock: Clock
  /** Bears the request's or run's id. */
  readonly log: Log
  /** What an error shows, and the log has too. */
  readonly requestId: string
  /** The network address that the request came from; absent for a job. */
  readonly address?: string | null
  /** What somebody does with it, such as a mutation's name; absent for a job. */
  readonly action?: string
}

/** Makes the scope of a request. With a signal, what is still done in the database when it is aborted is cancelled. */
export type ScopeFor = (actor: Actor, requestId: string, from?: { address?: string | null; signal?: AbortSignal; action?: string }) => Scope

/** A batch look-up, named once: `load(scope, customerById, id)` gathers the ids of one tick into one statement. */
export interface LoaderDefinition<K extends string, V> {
  readonly name: string
  /** `takes`: the properties of what is found that matter, the rest may be left out; null: all of them. */
  readonly batch: (scope: Scope, keys: readonly K[], takes: readonly string[] | null) => Promise<ReadonlyMap<K, V>>
}

export function defineLoader<V, K extends string = string>(name: string, batch: LoaderDefinition<K, V>['batch']): LoaderDefinition<K, V> {
  return { name, batch }
}

const loaders = new WeakMap<Scope, Map<unknown, DataLoader<string, unknown>>>()

/** Batches, but keeps nothing: one scope serves a whole subscription, which must not see yesterday's row. */
export function load<K extends string, V>(scope: Scope, definition: LoaderDefinition<K, V>, key: K): Promise<V | null> {
  let own = loaders.get(scope)
  if (own === undefined) loaders.set(scope, (own = new Map()))
  let loader = own.get(definition) as DataLoader<K, V | null> | undefined
  if (loader === undefined) {
    loader = new DataLoader<K, V | null>(
      async (keys) => {
        const found = await definition.batch(scope, [...new Set(keys)], null)
        return keys.map((one) => found.get(one) ?? null)
      },
      { cache: false, maxBatchSize: 1000 },
    )
    own.set(definition, loader as unknown as DataLoader<string, unknown>)
  }
  return loader.load(key)
}

/** As load, for a key whose row a foreign key promises. */
export async function loadExisting<K extends string, V>(scope: Scope, definition: LoaderDefinition<K, V>, key: K): Promise<V> {
  const found = await load(scope, definition, key)
  if (found === null) throw new Error(`${definition.name}: no row ${key}`)
  return found
}

export function byKey<V, K extends string = string>(rows: readonly V[], key: (row: V) => K): Map<K, V> {
  return new Map(rows.map((row) => [key(row), row]))
}

export function groupBy<V>(rows: readonly V[], keys: readonly string[], key: (row: V) => string): Map<string, V[]> {
  const groups = new Map<string, V[]>(keys.map((one) => [one, []]))
  for (const row of rows) groups.get(key(row))?.push(row)
  return groups
}
