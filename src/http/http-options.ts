import type { GraphQLSchema } from 'graphql'
import type { Authenticator } from '../auth/authenticate.ts'
import type { Actor, Scope } from '../auth/scope.ts'
import type { Config } from '../config/env.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { FinishAuthorization } from './authorization-callback.ts'
import type { Readiness } from './health.ts'
import type { SubscriberLimits } from './open-subscribers.ts'
import type { TrustedDocuments } from './persisted-documents.ts'

export interface HttpOptions extends Pick<Config, 'host' | 'port' | 'rateLimit' | 'corsOrigins' | 'introspection' | 'graphiql' | 'maxCost' | 'requestTimeoutSeconds' | 'trustedDocumentsOnly'>, SubscriberLimits {
  schema: GraphQLSchema
  authenticator: Authenticator
  /** With a signal, what is still done in the database when it is aborted is cancelled, and fails with its reason. */
  scopeFor: (actor: Actor, requestId: string, signal?: AbortSignal) => Scope
  trusted: TrustedDocuments
  log: Log
  metrics: Metrics
  readiness: Readiness
  /** What GraphiQL is opened with on this very machine; null where people bring their own. */
  localToken: (() => string | null) | null
  /** Null where no seller is sent back to. */
  finishAuthorization: FinishAuthorization | null
}
