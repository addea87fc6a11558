import { ApiTokensResolver, accessNodes, ViewerResolver } from '../access/access.resolver.ts'
import { auditNodes, AuditResolver } from '../access/audit.resolver.ts'
import { EventsResolver } from '../activity/events.resolver.ts'
import {
  EventOfDeliveryResolver, ImportEventsResolver, ImportFailureEventsResolver, InventoryEventsResolver, OrderEventsResolver, OrderHistoryResolver, ShipmentEventsResolver,
} from '../activity/event-subjects.resolver.ts'
import { SubscriptionsResolver } from '../activity/subscriptions.resolver.ts'
import type { Sealer } from '../auth/seal.ts'
import { ConnectingResolver } from '../connections/connecting.resolver.ts'
import type { Disconnecting } from '../connections/disconnect-connection.ts'
import { connectionNodes, ConnectionsResolver, CustomerConnectionsResolver } from '../connections/connections.resolver.ts'
import { ConnectionHealthResolver } from '../connections/health.resolver.ts'
import { jobPauseNodes, JobPausesResolver } from '../connections/job-pauses.resolver.ts'
import { ConnectionJobRunsResolver, jobRunNodes, JobRunsResolver } from '../connections/job-runs.resolver.ts'
import { MarketplacesResolver } from '../connections/marketplaces.resolver.ts'
import { ConnectionSkuMappingsResolver, skuMappingNodes, SkuMappingsResolver } from '../connections/sku-mappings.resolver.ts'
import { customerNodes, CustomersResolver } from '../customers/customers.resolver.ts'
import { warehouseNodes, WarehousesResolver } from '../customers/warehouses.resolver.ts'
import type { NodeSource } from '../graphql/node.ts'
import type { ResolverClass } from '../graphql/schema.ts'
import { inventoryNodes, InventoryMovementsResolver, InventoryResolver } from '../inventory/inventory.resolver.ts'
import { InventoryListingsResolver, ItemListingsResolver } from '../inventory/listings.resolver.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { ContactsOfConnectionResolver, NotificationContactsResolver, NotificationDeliveriesResolver, notificationNodes } from '../notifications/notifications.resolver.ts'
import type { Agreeing } from '../onboarding/agreeing.ts'
import {
  AgreementsResolver, CustomerSetupLinksResolver, OnboardingAgreementResolver, OnboardingResolver, type OnboardingResolverProcess, setupLinkNodes, SetupLinksResolver,
} from '../onboarding/onboarding.resolver.ts'
import { endAgreementWith, withdrawAgreementOf } from '../onboarding/withdraw-agreement.ts'
import { importFailureNodes, ImportFailuresOfConnectionResolver, ImportFailuresResolver } from '../orders/import-failures.resolver.ts'
import { orderNodes, OrderLinesResolver, OrdersOfConnectionResolver, OrdersResolver } from '../orders/orders.resolver.ts'
import type { Carriers } from '../shipments/carriers.ts'
import { CarriersResolver } from '../shipments/carriers.resolver.ts'
import { endTracking } from '../shipments/end-tracking.ts'
import { ShippingServicesResolver } from '../shipments/shipping-services.resolver.ts'
import { ShipAndClosePreviewResolver, ShipAndCloseResolver } from '../shipments/ship-and-close.resolver.ts'
import { ShipmentLinesResolver, shipmentNodes, ShipmentsOfOrderResolver, ShipmentsResolver, TrackingUpdatesResolver } from '../shipments/shipments.resolver.ts'
import type { WebhookTrust } from '../webhooks/save-webhook.ts'
import { WebhookDeliveriesResolver, webhookNodes, WebhooksOfConnectionResolver, WebhooksResolver } from '../webhooks/webhooks.resolver.ts'
import { NodeResolver } from './node.resolver.ts'

const nodes: NodeSource[] = [
  ...customerNodes, ...warehouseNodes, ...connectionNodes, ...jobRunNodes, ...jobPauseNodes, ...skuMappingNodes, ...inventoryNodes, ...orderNodes, ...importFailureNodes, ...shipmentNodes, ...setupLinkNodes, ...notificationNodes, ...webhookNodes,
  ...accessNodes, ...auditNodes,
]

/** Every resolver of the contract. */
export const resolverClasses: readonly ResolverClass[] = [
  CustomersResolver, WarehousesResolver,
  MarketplacesResolver, ConnectionsResolver, CustomerConnectionsResolver, ConnectingResolver, ConnectionHealthResolver,
  OnboardingResolver, OnboardingAgreementResolver, AgreementsResolver, SetupLinksResolver, CustomerSetupLinksResolver,
  NotificationContactsResolver, NotificationDeliveriesResolver, ContactsOfConnectionResolver,
  WebhooksResolver, WebhookDeliveriesResolver, WebhooksOfConnectionResolver, EventOfDeliveryResolver,
  JobRunsResolver, ConnectionJobRunsResolver, JobPausesResolver, SkuMappingsResolver, ConnectionSkuMappingsResolver,
  InventoryResolver, InventoryMovementsResolver, InventoryListingsResolver, ItemListingsResolver,
  OrdersResolver, OrderLinesResolver, OrdersOfConnectionResolver, ImportFailuresResolver, ImportFailuresOfConnectionResolver,
  CarriersResolver, ShippingServicesResolver, ShipAndCloseResolver, ShipAndClosePreviewResolver, ShipmentsResolver, ShipmentLinesResolver, ShipmentsOfOrderResolver, TrackingUpdatesResolver,
  EventsResolver, ImportEventsResolver, OrderEventsResolver, ImportFailureEventsResolver, ShipmentEventsResolver, InventoryEventsResolver, OrderHistoryResolver,
  SubscriptionsResolver, NodeResolver,
  ViewerResolver, ApiTokensResolver, AuditResolver,
]

/** What resolvers need of the process. */
export interface ResolverProcess {
  channels: Channels
  carriers: Carriers
  sealer: Sealer
  publicUrl: () => string
  networks: WebhookTrust['networks']
  onboarding: Omit<OnboardingResolverProcess, 'channels'>
}

/** The marketplace hears of nothing any more, and nobody is asked to sign for what has ended. */
const disconnecting = (agreeing: Agreeing): Disconnecting => ({
  async within(scope, tx, connectionId) {
    await endTracking(scope, tx, connectionId)
    await endAgreementWith(scope, tx, connectionId)
  },
  after: (scope, connectionId) => withdrawAgreementOf(scope, agreeing, connectionId),
})

/** An instance of those resolvers that need something of the process. */
export function resolverInstances(process: ResolverProcess): ReadonlyMap<ResolverClass, object> {
  const { channels, carriers, onboarding } = process
  const { agreementNeeded } = onboarding.rules
  return new Map<ResolverClass, object>([
    [MarketplacesResolver, new MarketplacesResolver(channels)],
    [ConnectionsResolver, new ConnectionsResolver({ channels, agreementNeeded })],
    [ConnectingResolver, new ConnectingResolver({ ...process, agreementNeeded, disconnecting: disconnecting(onboarding) })],
    [OnboardingResolver, new OnboardingResolver({ ...onboarding, channels })],
    [AgreementsResolver, new AgreementsResolver(onboarding)],
    [WebhooksResolver, new WebhooksResolver(process)],
    [ConnectionHealthResolver, new ConnectionHealthResolver(channels)],
    [OrdersResolver, new OrdersResolver(channels)],
    [ImportFailuresResolver, new ImportFailuresResolver(process)],
    [CarriersResolver, new CarriersResolver(process)],
    [ShippingServicesResolver, new ShippingServicesResolver(carriers)],
    [ShipAndCloseResolver, new ShipAndCloseResolver(process)],
    [ShipmentsResolver, new ShipmentsResolver(carriers)],
    [TrackingUpdatesResolver, new TrackingUpdatesResolver(carriers)],
    [ShipmentsOfOrderResolver, new ShipmentsOfOrderResolver(carriers)],
    [NodeResolver, new NodeResolver(nodes)],
  ])
}
