import type { GraphQLSchema } from 'graphql'
import type { Authenticator } from '../auth/authenticate.ts'
import type { FastifyInstance } from 'fastify'
import type { ScopeFor } from '../auth/scope.ts'
import type { Config } from '../config/env.ts'
import type { Buckets } from '../kit/buckets.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { FinishAuthorization } from './authorization-callback.ts'
import type { ClientPatience } from './bounds.ts'
import type { Readiness } from './health.ts'
import type { SubscriberLimits } from './open-subscribers.ts'
import type { MayUse } from './permitted.ts'
import type { TrustedDocuments } from './persisted-documents.ts'

export interface HttpOptions extends Pick<Config, 'host' | 'port' | 'rateLimit' | 'connectionsPerAddress' | 'corsOrigins' | 'introspection' | 'graphiql' | 'maxCost' | 'requestTimeoutSeconds' | 'trustedDocumentsOnly' | 'trustedProxies'>, SubscriberLimits {
  schema: GraphQLSchema
  authenticator: Authenticator
  /** Requests and operations of each token, by its actor's id. */
  tokenRates: Buckets
  /** With a signal, what is still done in the database when it is aborted is cancelled, and fails with its reason. */
  scopeFor: ScopeFor
  mayUse: MayUse
  /** For clients that send slowly; ours unless told. */
  patience?: ClientPatience
  trusted: TrustedDocuments
  log: Log
  metrics: Metrics
  readiness: Readiness
  /** What GraphiQL is opened with on this very machine; null where people bring their own. */
  localToken: (() => string | null) | null
  /** Null where no seller is sent back to. */
  finishAuthorization: FinishAuthorization | null
  /** Pages and callbacks of features, each with its own routes. */
  sites: readonly Site[]
}

/** Adds routes; an error handler of its own where it answers people. */
export type Site = (app: FastifyInstance) => void | Promise<void>
