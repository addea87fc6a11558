// Who may do what: one table, action by role. The gateway refuses by it, `supportedActions` says it, and docs/permissions.md shows it.
import type { RoleName } from './scope.ts'

export const roleNames = ['ADMIN', 'OPERATOR', 'CUSTOMER', 'VIEWER'] as const satisfies readonly RoleName[]

export interface Permission {
  /** For people. */
  what: string
  roles: readonly RoleName[]
  /** What of the contract it covers: fields (`Mutation.shipAndClose`) and types with their pages (`Order`). A field's own entry outweighs its type's. */
  covers: readonly string[]
}

const everyone = roleNames
const staff = ['ADMIN', 'OPERATOR'] as const
const merchantsToo = ['ADMIN', 'OPERATOR', 'CUSTOMER'] as const
const admins = ['ADMIN'] as const

export const permissions = {
  see: {
    what: 'See orders, packages, stock, imports, connections, and every event of them, live too',
    roles: everyone,
    covers: [
      'Query.carriers', 'Query.connection', 'Query.connections', 'Query.customers', 'Query.eventCursor', 'Query.events', 'Query.importFailures', 'Query.inventory', 'Query.inventoryItem',
      'Query.jobPauses', 'Query.jobRuns', 'Query.marketplaces', 'Query.node', 'Query.nodes', 'Query.order', 'Query.orderByNumber', 'Query.orderTrace', 'Query.orders', 'Query.shipment', 'Query.shipments',
      'Query.viewer', 'Query.warehouses',
      'Subscription.events', 'Subscription.importEvents', 'Subscription.jobRun', 'Subscription.order',
      'Address', 'Carrier', 'Charge', 'ChargeRule', 'Connection', 'ConnectionCheck', 'ConnectionEvent', 'ConnectionHealth', 'ConnectionSettings', 'Customer', 'Event', 'Gift', 'ImportEvent',
      'ImportFailure', 'ImportFailureEvent', 'InventoryEvent', 'InventoryItem', 'InventoryListing', 'InventoryMovement', 'JobPause', 'JobRun', 'Marketplace', 'Money', 'Node', 'Onboarding', 'OnboardingStep', 'Order',
      'OrderEvent', 'OrderHold', 'OrderLine', 'OrderTrace', 'PageInfo', 'PlannedCharge', 'QuantityStep', 'Quota', 'Routing', 'Shipment', 'ShipmentEvent', 'ShipmentLine', 'ShippingServiceMapping',
      'SkuMapping', 'SupportedAction', 'TrackingUpdate', 'UserError', 'Viewer', 'Warehouse', 'Weight',
    ],
  },
  seeBuyers: {
    what: "See buyers' names, addresses, phones and gift messages, and find orders by their names; to others `shipTo` is redacted and `gift` null",
    roles: staff,
    covers: [],
  },
  seeRecipients: {
    what: 'See who is told of what: contacts with their mails, webhooks with their deliveries, agreements',
    roles: merchantsToo,
    covers: ['NotificationContact', 'NotificationDelivery', 'Webhook', 'WebhookDelivery', 'Agreement', 'Connection.notificationContacts', 'Connection.webhooks', 'Onboarding.agreement'],
  },
  ship: {
    what: 'Ship and close orders, preview it, correct and resend tracking',
    roles: staff,
    covers: ['Query.shipAndClosePreview', 'ShipAndClosePreview', 'ShipAndClosePreviewResult', 'ShipAndCloseResult', 'Mutation.shipAndClose', 'Mutation.correctTracking', 'Mutation.retryTracking'],
  },
  keepOrders: {
    what: 'Hold, release and cancel orders, change their routing, charge them',
    roles: staff,
    covers: ['Mutation.holdOrders', 'Mutation.releaseOrders', 'Mutation.cancelOrders', 'Mutation.updateRouting', 'Mutation.addCharges'],
  },
  keepStock: {
    what: 'Receive and adjust stock, set what is offered of it',
    roles: staff,
    covers: ['Mutation.receiveInventory', 'Mutation.adjustInventory', 'Mutation.setInventoryRule'],
  },
  mendImports: {
    what: 'Mend imports: map SKUs and shipping services, retry, dismiss, import one order',
    roles: staff,
    covers: ['Mutation.mapSkus', 'Mutation.mapShippingServices', 'Mutation.retryImports', 'Mutation.dismissImportFailures', 'Mutation.importOrder'],
  },
  connect: {
    what: 'Ask for connections, sign for them, authorize and test them',
    roles: merchantsToo,
    covers: ['Mutation.requestConnections', 'Mutation.signAgreement', 'Mutation.beginAuthorization', 'Mutation.provideCredentials', 'Mutation.testConnection'],
  },
  beTold: {
    what: 'Choose who is told: contacts by mail, programs by webhook',
    roles: merchantsToo,
    covers: [
      'Mutation.saveNotificationContact', 'Mutation.removeNotificationContact', 'Mutation.saveWebhook', 'Mutation.removeWebhook', 'Mutation.replayWebhook', 'Mutation.rotateWebhookSecret',
      'Mutation.redeliverWebhook',
    ],
  },
  runConnections: {
    what: 'Set connections live, pause, resume and disconnect them, change their settings, run and pause their jobs',
    roles: staff,
    covers: [
      'Mutation.goLive', 'Mutation.pauseConnection', 'Mutation.resumeConnection', 'Mutation.disconnectConnection', 'Mutation.updateConnectionSettings', 'Mutation.runJobNow',
      'Mutation.pauseJobs', 'Mutation.resumeJobs',
    ],
  },
  pauseGateway: {
    what: 'Pause and resume jobs of the whole gateway',
    roles: admins,
    covers: ['Mutation.pauseJobsEverywhere', 'Mutation.resumeJobsEverywhere'],
  },
  invite: {
    what: 'Invite merchants: customers, warehouses, set-up links, agreements to be signed',
    roles: staff,
    covers: [
      'Mutation.createCustomer', 'Mutation.createWarehouse', 'Mutation.createSetupLink', 'Mutation.revokeSetupLink', 'Mutation.sendAgreement', 'Mutation.voidAgreement', 'SetupLink', 'Customer.setupLinks',
    ],
  },
  giveAccess: {
    what: 'Give and take access: API tokens',
    roles: admins,
    covers: ['Mutation.createApiToken', 'Mutation.revokeApiToken', 'ApiToken', 'Viewer.apiTokens'],
  },
  audit: {
    what: 'Read the audit log: who changed what, when, and from where',
    roles: admins,
    covers: ['Query.auditLog', 'AuditEntry', 'AuditedProperty'],
  },
} as const satisfies Record<string, Permission>

export type Action = keyof typeof permissions

export const may = (role: RoleName, action: Action): boolean => (permissions[action].roles as readonly RoleName[]).includes(role)

const actions = new Map<string, Action>(Object.entries(permissions).flatMap(([action, { covers }]) => covers.map((coordinate) => [coordinate, action as Action] as const)))

/** A page and its edges are as their rows; what a mutation answers is seen by whoever may call it. */
const ofPage = /^(?<item>.+)(Page|Edge)$/
const ofMutation = /^.+Payload$/

/** What the table says of a field of the contract; null where it says nothing. */
export function actionOf(type: string, field: string): Action | null {
  const item = ofPage.exec(type)?.groups?.['item'] ?? type
  return actions.get(`${type}.${field}`) ?? actions.get(item) ?? (ofMutation.test(type) ? 'see' : null)
}

/** Whether a role may use a field of the contract: of what the table does not know, nobody may anything. */
export function mayUse(role: RoleName, type: string, field: string): boolean {
  const action = actionOf(type, field)
  return action !== null && may(role, action)
}

/** Why a role may not call a mutation, for people; null where it may. */
export const notForRole = (role: RoleName, mutation: string): string | null => (mayUse(role, 'Mutation', mutation) ? null : `it is not for the role ${role}`)

/** What of a contract the table does not cover, and what it covers that is not there: as coordinates, both empty where all is well. */
export function uncovered(fields: Iterable<readonly [type: string, field: string]>): { missing: string[]; unknown: string[] } {
  const all = [...fields]
  const there = new Set(all.flatMap(([type, field]) => [type, `${type}.${field}`]))
  return { missing: all.filter(([type, field]) => actionOf(type, field) === null).map(([type, field]) => `${type}.${field}`), unknown: [...actions.keys()].filter((coordinate) => !there.has(coordinate)) }
}
