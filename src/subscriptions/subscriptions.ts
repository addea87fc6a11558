import { randomUUID } from 'node:crypto'
import { createSourceEventStream, type ExecutionResult } from 'graphql'
import type { Scope, ScopeFor } from '../auth/scope.ts'
import { isSource, type Source } from '../graphql/source.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { traced } from '../observability/trace.ts'
import { followAlone } from './follow-alone.ts'
import { Group, type Shared } from './group.ts'
import { groupKey } from './group-key.ts'
import type { ExecuteEvents, Operation } from './operation.ts'
import { PageMemory } from './page-memory.ts'
import type { Sink } from './sink.ts'
import { Turns } from './turns.ts'

const MOST_KEPT_BYTES = 32 * 1024 * 1024

export interface SubscriptionsOptions {
  execute: ExecuteEvents
  scopeFor: ScopeFor
  metrics: Metrics
  log: Log
}

export interface Subscribing extends Operation {
  scope: Scope
  /** A cursor after which to begin, whatever the document says; for sources that can be resumed. */
  resumeAfter?: string
}

/** Ends it from the subscriber's side: its sink is called no more. */
export type Leave = () => void

/** All that is subscribed to in this process, on every transport. Who would be answered alike shares each execution. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions
  readonly #groups = new Map<string, Group>()
  readonly #shared: Shared

  constructor(options: SubscriptionsOptions) {
    const { metrics, log } = options
    this.#options = options
    this.#shared = {
      memory: new PageMemory(MOST_KEPT_BYTES),
      turns: new Turns(),
      onWritten: (messages) => metrics.subscriptionMessages.inc(messages),
      onBehind: (change) => metrics.subscriptionsBehind.inc(change),
      onError: (error) => log.warn({ causes: causes(error) }, 'events could not be read or executed; trying again'),
    }
  }

  /** Answers go to the sink, beginning with the next round of the event loop; or the errors that keep the subscription from beginning. */
  async begin({ scope, resumeAfter, ...operation }: Subscribing, sink: Sink): Promise<Leave | ExecutionResult> {
    const stream = await createSourceEventStream({ ...operation, contextValue: scope })
    if (!(Symbol.asyncIterator in stream)) return stream
    if (!isSource(stream)) return followAlone(stream, async (root) => (await this.#options.execute(operation, scope, [root]))[0]!, sink)
    const start = resumeAfter === undefined ? stream.start : (stream.resume?.(resumeAfter) ?? stream.start)
    const group = this.#groupOf(operation, scope, stream)
    const member = group.join(sink, start)
    return () => group.leave(member)
  }

  #groupOf(operation: Operation, { actor, ...rest }: Scope, source: Source): Group {
    const key = groupKey(operation, { actor, ...rest })
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const { execute, scopeFor, metrics } = this.#options
    // One scope for a page: what its events look up is gathered into few statements.
    const group = new Group(source, (roots) => traced('subscription page', { attributes: { 'cartage.events': roots.length } }, () => execute(operation, scopeFor(actor, randomUUID()), roots)), this.#shared, () => {
      this.#groups.delete(key)
      metrics.subscriptionGroups.dec()
    })
    this.#groups.set(key, group)
    metrics.subscriptionGroups.inc()
    return group
  }
}
