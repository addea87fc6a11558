// The console's one way to the gateway: the client kit beneath, a normalized cache above it. An order that is told of anew is anew wherever it is shown.
import { type CombinedError, Client, CombinedError as Combined, type Exchange, makeResult, type Operation, type OperationResult, type RequestPolicy } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { filter, make, mergeMap, pipe, share, type Source, subscribe, takeUntil } from 'wonka'
import { backoff, pause } from '../../src/client/backoff.ts'
import type { Document } from '../../src/client/document.ts'
import { GatewayError } from '../../src/client/gateway-error.ts'
import { createClient, type Client as Kit } from '../../src/client/request.ts'
import { createSubscriber, type Subscriber } from '../../src/client/subscribe.ts'
import { EventsDocument, type EventsSubscription } from '../generated/documents.ts'
import { Live } from './live.ts'
import { Network } from './network.ts'
import type { Session } from './session.ts'
import { settings } from './settings.ts'

export type { LiveEvent } from './live.ts'

export interface Gateway {
  client: Client
  live: Live
  network: Network
  /** Past the cache: for what is read once and not shown. */
  request: Kit['request']
  /** Told when the token is refused. */
  onRefused: (() => void) | null
  /** Of a list's page that is shown. What comes back lets go of it: what nothing else shows leaves the cache. */
  hold(field: string, args: Record<string, unknown>): () => void
  stop(): void
}

/** Types that are part of what they stand in. */
const parts = ['Address', 'ChargeRule', 'ConnectionHealth', 'ConnectionSettings', 'Gift', 'Money', 'Onboarding', 'OnboardingStep', 'OrderHold', 'OrderTrace', 'PageInfo', 'QuantityStep', 'Quota', 'Routing', 'ShipmentLine', 'SupportedAction', 'TrackingUpdate', 'UserError', 'Viewer', 'Weight', 'InventoryListing', 'Agreement', 'Carrier', 'PlannedCharge', 'ShippingServiceMapping', 'ShipAndClosePreview', 'ShipAndClosePreviewResult', 'ShipAndCloseResult', 'ConnectionCheck', 'OrderPage', 'ConnectionPage', 'CustomerPage', 'ImportFailurePage', 'JobRunPage', 'InventoryItemPage', 'InventoryMovementPage', 'ShipmentPage', 'EventPage', 'ConnectionEvent', 'ImportEvent', 'ImportFailureEvent', 'InventoryEvent', 'OrderEvent', 'ShipmentEvent']

export function connect(session: Session): Gateway {
  const options = { url: new URL('/graphql', location.href).href, token: session.token, trusted: settings().trusted }
  const network = new Network()
  const kit = createClient(options)
  const subscriber = createSubscriber({ ...options, onConnected: () => network.reached() })
  const held = new Map<string, { field: string; args: Record<string, unknown>; holders: number }>()
  const released = new Set<string>()
  const live = new Live(subscriber, network)
  const gateway: Gateway = {
    client: new Client({
      url: options.url, // never used: the exchange below asks
      preferGetMethod: false,
      exchanges: [
        cacheExchange({
          keys: Object.fromEntries(parts.map((name) => [name, () => null])),
          updates: { Subscription: { events: (_result, _args, cache) => letGo((field, args) => cache.invalidate('Query', field, args as never)) } },
        }),
        asking({ kit, subscriber, live, network, refused: () => gateway.onRefused?.() }),
      ],
    }),
    live, network,
    request: kit.request,
    onRefused: null,
    hold(field, args) {
      const key = JSON.stringify([field, args])
      const one = held.get(key) ?? { field, args, holders: 0 }
      one.holders++
      held.set(key, one)
      return () => {
        if (--one.holders === 0) released.add(key)
      }
    },
    stop() {
      live.stop()
      network.stop()
      touched.unsubscribe()
    },
  }
  function letGo(invalidate: (field: string, args: Record<string, unknown>) => void): void {
    for (const key of released) {
      const one = held.get(key)
      // Somebody may look at it again by now.
      if (one === undefined || one.holders > 0) continue
      held.delete(key)
      invalidate(one.field, one.args)
    }
    released.clear()
  }
  // What of the events concerns something on the page goes through the cache; the rest is not kept.
  const touched = pipe(gateway.client.executeSubscription<EventsSubscription>(live.request(), { document: EventsDocument }), subscribe(() => {}))
  live.onRefused = () => gateway.onRefused?.()
  live.start()
  return gateway
}

interface Ways {
  kit: Kit
  subscriber: Subscriber
  live: Live
  network: Network
  refused: () => void
}

function asking(ways: Ways): Exchange {
  return () => (operations$) => {
    const shared$ = share(operations$)
    const until = (operation: Operation): Source<Operation> => pipe(shared$, filter(({ kind, key }) => kind === 'teardown' && key === operation.key))
    return pipe(
      shared$,
      filter(({ kind }) => kind !== 'teardown'),
      mergeMap((operation) => pipe(operation.kind === 'subscription' ? told(operation, ways) : answered(operation, ways), takeUntil(until(operation)))),
    )
  }
}

const documentOf = (operation: Operation): Document<Record<string, unknown>, Record<string, unknown>> => operation.context['document'] as Document<Record<string, unknown>, Record<string, unknown>>

function answered(operation: Operation, { kit, network, refused }: Ways): Source<OperationResult> {
  return make((observer) => {
    const stop = new AbortController()
    void (async () => {
      for (let failures = 1; !stop.signal.aborted; failures++) {
        try {
          const data = await kit.request(documentOf(operation), operation.variables as Record<string, unknown>, { signal: stop.signal })
          network.reached()
          observer.next(makeResult(operation, { data }))
          return observer.complete()
        } catch (error) {
          if (stop.signal.aborted) return
          const failure = error instanceof GatewayError ? error : new GatewayError({ code: 'BAD_RESPONSE', message: String(error) })
          if (failure.code === 'NETWORK_ERROR') network.lost()
          else network.reached()
          if (failure.code === 'UNAUTHENTICATED') refused()
          // A question may be asked again until there is an answer; what changes something may have been done.
          const again = operation.kind === 'query' && (failure.code === 'NETWORK_ERROR' || failure.status === 502 || failure.status === 503 || failure.code === 'RATE_LIMITED')
          if (!again) {
            observer.next({ operation, data: undefined, error: combined(failure), stale: false, hasNext: false })
            return observer.complete()
          }
          await Promise.race([pause(Math.max(500, backoff(failures)), stop.signal), network.whenReached()])
        }
      }
    })()
    return () => stop.abort()
  })
}

function told(operation: Operation, { subscriber, live }: Ways): Source<OperationResult> {
  if (documentOf(operation) === EventsDocument) return make((observer) => live.onTouched((event) => observer.next(makeResult(operation, { data: { events: event } }))))
  const definition = operation.query.definitions[0]
  const field = definition?.kind === 'OperationDefinition' && definition.selectionSet.selections[0]?.kind === 'Field' ? definition.selectionSet.selections[0].name.value : ''
  return make((observer) => {
    const stop = new AbortController()
    subscriber
      .follow(documentOf(operation), (value) => observer.next(makeResult(operation, { data: { [field]: value } })), operation.variables as Record<string, unknown>, { signal: stop.signal })
      .catch((error: unknown) => observer.next({ operation, data: undefined, error: combined(error as GatewayError), stale: false, hasNext: false }))
      .finally(() => observer.complete())
    return () => stop.abort()
  })
}

const combined = (failure: GatewayError): CombinedError => new Combined({ networkError: failure })

export const failureOf = (error: CombinedError | undefined): GatewayError | null => (error === undefined ? null : ((error.networkError as GatewayError | undefined) ?? new GatewayError({ code: 'BAD_RESPONSE', message: error.message })))

export type Policy = RequestPolicy
