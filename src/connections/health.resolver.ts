import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { load, loadExisting, type Scope } from '../auth/scope.ts'
import type { JobKind } from '../jobs/cadences.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { cadencesOfConnection } from './cadences.store.ts'
import type { ConnectionRow } from './connections.store.ts'
import { authorizationExpiryOfConnection, backlogOfConnection, type QuotaRow, quotasOfConnection } from './health.store.ts'
import { ConnectionHealth, Quota } from './health.types.ts'
import { JobRun } from './job-run.types.ts'
import { type JobRunRow, latestJobRunsOfConnection } from './job-runs.store.ts'

/** Its root is the connection: only what is asked for is read, and for all connections of a page at once. */
@Resolver(() => ConnectionHealth)
export class ConnectionHealthResolver {
  readonly #channels: Channels

  constructor(channels: Channels) {
    this.#channels = channels
  }

  @FieldResolver(() => JobRun, { nullable: true })
  lastOrderImport(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<JobRunRow | null> {
    return lastRun(scope, connection, 'IMPORT_ORDERS')
  }

  @FieldResolver(() => JobRun, { nullable: true })
  lastTrackingUpdate(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<JobRunRow | null> {
    return lastRun(scope, connection, 'SEND_TRACKING')
  }

  @FieldResolver(() => JobRun, { nullable: true })
  lastInventorySync(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<JobRunRow | null> {
    return lastRun(scope, connection, 'SYNC_INVENTORY')
  }

  @FieldResolver(() => Date, { nullable: true })
  nextOrderImportAt(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<Date | null> {
    return nextRunAt(scope, connection, 'IMPORT_ORDERS')
  }

  @FieldResolver(() => Date, { nullable: true })
  nextTrackingUpdateAt(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<Date | null> {
    return nextRunAt(scope, connection, 'SEND_TRACKING')
  }

  @FieldResolver(() => Date, { nullable: true })
  nextInventorySyncAt(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<Date | null> {
    return nextRunAt(scope, connection, 'SYNC_INVENTORY')
  }

  @FieldResolver(() => Int, { nullable: true })
  importLagSeconds(@Root() { importedTo }: ConnectionRow, @Ctx() scope: Scope): number | null {
    return importedTo === null ? null : Math.max(0, Math.floor((scope.clock().getTime() - importedTo.getTime()) / 1000))
  }

  @FieldResolver(() => Int)
  async openImportFailures(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<number> {
    return (await loadExisting(scope, backlogOfConnection, connection.id)).openImportFailures
  }

  @FieldResolver(() => Int, { description: 'Not yet read back from the marketplace.' })
  async pendingTracking(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<number> {
    return (await loadExisting(scope, backlogOfConnection, connection.id)).pendingTracking
  }

  @FieldResolver(() => Int)
  async rejectedTracking(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<number> {
    return (await loadExisting(scope, backlogOfConnection, connection.id)).rejectedTracking
  }

  @FieldResolver(() => Date, { nullable: true, description: "When the seller's authorization ends, unless it is renewed; null where the marketplace names no end." })
  authorizationExpiresAt(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<Date | null> {
    return load(scope, authorizationExpiryOfConnection, connection.id)
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description: "When our own application's secret at the marketplace ends, which all its connections share; null where the administrator has not said.",
  })
  applicationSecretExpiresAt(@Root() { channel }: ConnectionRow): Date | null {
    return this.#channels.get(channel).secretExpiresAt
  }

  @FieldResolver(() => [Quota])
  quotas(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<QuotaRow[]> {
    return loadExisting(scope, quotasOfConnection, connection.id)
  }
}

async function lastRun(scope: Scope, connection: ConnectionRow, kind: JobKind): Promise<JobRunRow | null> {
  return (await load(scope, latestJobRunsOfConnection, connection.id))?.[kind] ?? null
}

async function nextRunAt(scope: Scope, connection: ConnectionRow, kind: JobKind): Promise<Date | null> {
  const cadence = (await load(scope, cadencesOfConnection, connection.id))?.[kind]
  return cadence?.enabled ? cadence.nextRunAt : null
}
