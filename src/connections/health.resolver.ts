import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { Scope } from '../auth/scope.ts'
import { Joined, Takes } from '../graphql/reads.ts'
import type { JobKind } from '../jobs/cadences.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { type CadenceRow, cadencesOfConnection } from './cadences.store.ts'
import type { ConnectionRow } from './connections.store.ts'
import { authorizationExpiryOfConnection, type Backlog, backlogOfConnection, type QuotaRow, quotasOfConnection } from './health.store.ts'
import { ConnectionHealth, Quota } from './health.types.ts'
import { JobPause } from './job-pause.types.ts'
import { type JobPauseRow, jobPausesOfConnection } from './job-pauses.store.ts'
import { JobRun } from './job-run.types.ts'
import { type JobRunRow, latestJobRunsOfConnection } from './job-runs.store.ts'

const LastRun = (kind: JobKind, description: string) =>
  Joined<ConnectionRow, Partial<Record<JobKind, JobRunRow>>>(() => JobRun, latestJobRunsOfConnection, 'id', { as: (runs) => runs[kind] ?? null, nullable: true, description })

const NextRun = (kind: JobKind, description: string) =>
  Joined<ConnectionRow, Record<JobKind, CadenceRow>>(() => Date, cadencesOfConnection, 'id', { as: (cadences) => (cadences[kind].enabled ? cadences[kind].nextRunAt : null), nullable: true, description })

const Count = (of: keyof Backlog, description: string) =>
  Joined<ConnectionRow, Backlog>(() => Int, backlogOfConnection, 'id', { as: (backlog) => backlog[of], description })

/** Its root is the connection: only what is asked for is read, and for all connections of a page at once. */
@Resolver(() => ConnectionHealth)
export class ConnectionHealthResolver {
  readonly #channels: Channels

  constructor(channels: Channels) {
    this.#channels = channels
  }

  @LastRun('IMPORT_ORDERS', 'The latest import.')
  declare lastOrderImport: JobRunRow | null

  @LastRun('SEND_TRACKING', 'The latest run that sent tracking.')
  declare lastTrackingUpdate: JobRunRow | null

  @LastRun('SYNC_INVENTORY', 'The latest run that told the marketplace what is in stock.')
  declare lastInventorySync: JobRunRow | null

  @NextRun('IMPORT_ORDERS', 'When orders are imported next.')
  declare nextOrderImportAt: Date | null

  @NextRun('SEND_TRACKING', 'When tracking is sent next.')
  declare nextTrackingUpdateAt: Date | null

  @NextRun('SYNC_INVENTORY', 'When stock is told next.')
  declare nextInventorySyncAt: Date | null

  @FieldResolver(() => Int, { nullable: true })
  @Takes<ConnectionRow, 'importedTo'>('importedTo')
  importLagSeconds(@Root() { importedTo }: Pick<ConnectionRow, 'importedTo'>, @Ctx() scope: Scope): number | null {
    return importedTo === null ? null : Math.max(0, Math.floor((scope.clock().getTime() - importedTo.getTime()) / 1000))
  }

  @Joined<ConnectionRow, JobPauseRow[]>(() => [JobPause], jobPausesOfConnection, 'id', { description: 'What is paused of its jobs, for it alone or for the whole gateway.' })
  declare jobPauses: JobPauseRow[]

  @Count('openImportFailures', 'Orders that wait to be mended.')
  declare openImportFailures: number

  @Count('pendingTracking', 'Not yet read back from the marketplace.')
  declare pendingTracking: number

  @Count('rejectedTracking', 'Refused by the marketplace; a person must correct it.')
  declare rejectedTracking: number

  @Joined<ConnectionRow, Date | null>(() => Date, authorizationExpiryOfConnection, 'id', {
    nullable: true, description: "When the seller's authorization ends, unless it is renewed; null where the marketplace names no end.",
  })
  declare authorizationExpiresAt: Date | null

  @FieldResolver(() => Date, {
    nullable: true,
    description: "When our own application's secret at the marketplace ends, which all its connections share; null where the administrator has not said.",
  })
  @Takes<ConnectionRow, 'channel'>('channel')
  applicationSecretExpiresAt(@Root() { channel }: Pick<ConnectionRow, 'channel'>): Date | null {
    return this.#channels.get(channel).secretExpiresAt
  }

  @Joined<ConnectionRow, QuotaRow[]>(() => [Quota], quotasOfConnection, 'id', { description: 'The call budgets of its seller.' })
  declare quotas: QuotaRow[]
}
