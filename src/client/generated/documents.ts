/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import { type Document, document } from '../document.ts'
/** What has become of an agreement. */
export type AgreementStatus =
  /** The signer will not sign it. */
  | 'DECLINED'
  /** Made, and being handed to whoever has it signed. */
  | 'NOT_SENT'
  /** It waits for its signature. */
  | 'SENT'
  /** Signed, and kept. */
  | 'SIGNED'
  /** Withdrawn before it was signed. */
  | 'VOIDED';

/** What became of a record. */
export type AuditChange =
  /** Something of it is another. */
  | 'CHANGED'
  /** It was made. */
  | 'CREATED'
  /** It is gone. */
  | 'REMOVED';

/** Which entries of the audit log. */
export type AuditFilter = {
  /** Mutations by name. */
  actions?: Array<string> | null | undefined;
  /** By who: `actorId` as entries have it, or the id of an API token. */
  actorIds?: Array<string> | null | undefined;
  /** Exclusive. */
  before?: string | null | undefined;
  /** Of customers. */
  customerIds?: Array<string> | null | undefined;
  /** Inclusive. */
  from?: string | null | undefined;
  /** About one object, e.g. an order, with all that belongs to it. */
  subjectId?: string | null | undefined;
};

/** What becomes of the other orders where one is refused. */
export type BatchErrorPolicy =
  /** If one order is refused, none closes. */
  | 'ABORT_ALL'
  /** Orders that are refused stay as they are; the others close. */
  | 'SKIP_FAILED';

/** What several orders bear of one charge. */
export type ChargeApplication =
  /** The amount is divided over all orders, to the cent, nothing lost. */
  | 'DIVIDED_EVENLY'
  /** Each order bears the full amount. */
  | 'SEPARATELY';

/** A charge to add. */
export type ChargeInput = {
  /** Above 0, with no more decimals than its currency has. */
  amount: MoneyInput;
  /** What it is for, for programs: PALLET. */
  code: string;
  /** What it is for, for people. */
  description?: string | null | undefined;
};

/** How a charge came about. */
export type ChargeKind =
  /** Added at ship-and-close. */
  | 'ADDITIONAL'
  /** By the customer's rules, at import. */
  | 'AUTOMATIC'
  /** Added to an order by hand. */
  | 'MANUAL';

/** Every condition given must hold; of a list, any one. */
export type ConnectionFilter = {
  /** Of customers. */
  customerIds?: Array<string> | null | undefined;
  /** The marketplaces' own ids. */
  marketplaceIds?: Array<string> | null | undefined;
  /** A prefix of the name or Merchant ID. */
  search?: string | null | undefined;
  /** Any of these. */
  statuses?: Array<ConnectionStatus> | null | undefined;
};

/** Where a connection stands. */
export type ConnectionStatus =
  /** Ended, its credentials destroyed; its orders stay. */
  | 'DISCONNECTED'
  /** Its jobs run. */
  | 'LIVE'
  /** Stopped until a person sets right what `statusReason` says, and resumes it. */
  | 'NEEDS_ATTENTION'
  /** Asked for, and not yet live: `supportedActions` says what is missing. */
  | 'ONBOARDING'
  /** Stopped by a person until it is resumed. */
  | 'PAUSED';

/** Input of `correctTracking`. */
export type CorrectTrackingInput = {
  /** What is left out stays as it is. */
  routing: RoutingInput;
  /** Of a shipment. */
  shipmentId: string;
  /** When the carrier took the parcel; stays as it is if left out. */
  shippedAt?: string | null | undefined;
};

/** Input of `createApiToken`. */
export type CreateApiTokenInput = {
  /** Whose rows alone it shows: a CUSTOMER's must be given, a VIEWER's may. Everybody's if left out. */
  customerIds?: Array<string> | null | undefined;
  /** When it ends by itself. Never if left out. */
  expiresAt?: string | null | undefined;
  /** Whose it is: what histories show. 1 to 100 characters. */
  name: string;
  /** What it may do. */
  role: Role;
};

/** Either a connection that is being set up, or a customer and a warehouse: then the link begins with the survey. */
export type CreateSetupLinkInput = {
  /** One that was surveyed, and is being set up. */
  connectionId?: string | null | undefined;
  /** The merchant who is to be connected. */
  customerId?: string | null | undefined;
  /** That person's address. */
  email: string;
  /** Whose link it is. */
  name: string;
  /** Whether it is mailed to them. */
  send?: boolean | null | undefined;
  /** The warehouse that will ship their orders. */
  warehouseId?: string | null | undefined;
};

/** How far a delivery is. */
export type DeliveryStatus =
  /** It is not tried any more. */
  | 'FAILED'
  /** It waits, or is tried again. */
  | 'PENDING'
  /** The other side has taken it. */
  | 'SENT';

/** Every condition given must hold; of a list, any one. */
export type EventFilter = {
  /** Of connections. */
  connectionIds?: Array<string> | null | undefined;
  /** Of customers. */
  customerIds?: Array<string> | null | undefined;
  /** Of an order. */
  orderId?: string | null | undefined;
  /** Any of these. */
  types?: Array<EventType> | null | undefined;
};

/** What happened. Kinds may be added: pass over those that you do not know. */
export type EventType =
  /** An authorization, or the application's secret, ends soon or has ended. */
  | 'AUTHORIZATION_EXPIRING'
  /** A connection has another status or other settings. */
  | 'CONNECTION_CHANGED'
  /** It stopped until a person sets it right; CONNECTION_CHANGED tells of the same. */
  | 'CONNECTION_NEEDS_ATTENTION'
  /** It ended early. */
  | 'IMPORT_FAILED'
  /** It ended; its receipt is whole. */
  | 'IMPORT_FINISHED'
  /** A run of an import began. */
  | 'IMPORT_STARTED'
  /** The marketplace took a quantity. */
  | 'INVENTORY_PUSHED'
  /** The marketplace refused a quantity. */
  | 'INVENTORY_REJECTED'
  /** A contact or webhook gets nothing more, until somebody turns it on again. */
  | 'NOTIFICATIONS_STOPPED'
  /** The warehouse has not done its part of setting a connection up by the time that was promised. */
  | 'ONBOARDING_OVERDUE'
  /** It is not to be shipped any more. */
  | 'ORDER_CANCELLED'
  /** Its buyer has asked to cancel. */
  | 'ORDER_CANCEL_REQUESTED'
  /** All of it has left. */
  | 'ORDER_CLOSED'
  /** The marketplace changed an order that is closed: nothing of it changes here, and a person must see to it. */
  | 'ORDER_CONFLICT'
  /** It waits. */
  | 'ORDER_HELD'
  /** A new order is here. */
  | 'ORDER_IMPORTED'
  /** An order could not be imported. */
  | 'ORDER_IMPORT_FAILED'
  /** One that could not be imported was, after all. */
  | 'ORDER_IMPORT_RECOVERED'
  /** It waits no more. */
  | 'ORDER_RELEASED'
  /** A package of it left. */
  | 'ORDER_SHIPPED'
  /** The marketplace changed it. */
  | 'ORDER_UPDATED'
  /** The marketplace was read to have the package. */
  | 'TRACKING_ACCEPTED'
  /** The marketplace refused it: a person must correct it. */
  | 'TRACKING_REJECTED';

/** Input of `holdOrders`. */
export type HoldOrdersInput = {
  /** What should be known before they are released. */
  note?: string | null | undefined;
  /** 1 to 500. */
  orderIds: Array<string>;
  /** Why they wait. */
  reason: HoldReason;
};

/** Why an order waits. */
export type HoldReason =
  /** Its address wants looking at. */
  | 'ADDRESS'
  /** The buyer has asked to cancel. */
  | 'CANCEL_REQUESTED'
  /** Somebody in the warehouse wants it so. */
  | 'OPERATOR'
  /** As its note says. */
  | 'OTHER'
  /** What it needs is not there. */
  | 'STOCK';

/** Why an order could not be imported. */
export type ImportFailureCode =
  /** Nothing can be sent to its address. */
  | 'ADDRESS_INVALID'
  /** It came without an address. */
  | 'ADDRESS_MISSING'
  /** Its currency is not known to ISO 4217. */
  | 'CURRENCY_UNKNOWN'
  /** A fault of ours: the log tells more. */
  | 'INTERNAL'
  /** An item bears no SKU: the seller gives it one, then `importOrder`. */
  | 'ITEM_WITHOUT_SKU'
  /** What the marketplace sent cannot be read. */
  | 'MARKETPLACE_DATA_INVALID'
  /** Its shipping service has no mapping: `mapShippingServices`, then `retryImports`. */
  | 'SHIPPING_SERVICE_UNMAPPED'
  /** A SKU has no mapping: `mapSkus`, then `retryImports`. */
  | 'SKU_UNMAPPED';

/** Every condition given must hold; of a list, any one. */
export type ImportFailureFilter = {
  /** Any of these. */
  codes?: Array<ImportFailureCode> | null | undefined;
  /** Of connections. */
  connectionIds?: Array<string> | null | undefined;
  /** Any of these. */
  states?: Array<ImportFailureState> | null | undefined;
};

/** Where a failed import stands. */
export type ImportFailureState =
  /** Set aside by a person. */
  | 'DISMISSED'
  /** It waits for a person. */
  | 'OPEN'
  /** Imported after all. */
  | 'RESOLVED';

/** The marketplace rejects an update without carrier, SCAC and service, and needs a tracking number to mark the order complete. */
export type IncompleteRoutingPolicy =
  /** It closes all the same; where something is missing, the marketplace is told nothing (NOT_SENT). */
  | 'CLOSE_WITHOUT_TRACKING'
  /** An order whose routing lacks one of them is refused. */
  | 'REFUSE';

/** Every condition given must hold; of a list, any one. */
export type InventoryFilter = {
  /** Items of which fewer are available. */
  belowAvailable?: number | null | undefined;
  /** Of customers. */
  customerIds?: Array<string> | null | undefined;
  /** Items with a listing in one of these states. */
  listingStatuses?: Array<ListingStatus> | null | undefined;
  /** A prefix of the SKU. */
  search?: string | null | undefined;
  /** Of warehouses. */
  warehouseIds?: Array<string> | null | undefined;
};

/** How items are sorted. */
export type InventoryOrder =
  /** The scarcest first. */
  | 'AVAILABLE_ASC'
  /** By SKU. */
  | 'SKU_ASC'
  /** The last moved first. */
  | 'UPDATED_DESC';

/** What a cadence does. */
export type JobKind =
  /** Reads back what the marketplace has recorded of the tracking that it was sent. */
  | 'CONFIRM_TRACKING'
  /** Imports orders whose payment is confirmed, and what changed on those that are here. */
  | 'IMPORT_ORDERS'
  /** Tells the marketplace what was shipped. */
  | 'SEND_TRACKING'
  /** Searches the last days again, as proof that no import missed anything. */
  | 'SWEEP_ORDERS'
  /** Tells the marketplace what is in stock. */
  | 'SYNC_INVENTORY';

/** How far a run is. */
export type JobRunStatus =
  /** Ended early; what it did until then stays, and the next run does the rest. */
  | 'FAILED'
  /** Asked for; it waits for a worker. */
  | 'QUEUED'
  /** A worker is at it. */
  | 'RUNNING'
  /** Done. Single orders may have failed all the same: the receipt counts them. */
  | 'SUCCEEDED';

/** Whether the marketplace has the quantity that it should. */
export type ListingStatus =
  /** The marketplace has another quantity than it should; the next sync tells it. */
  | 'BEHIND'
  /** The marketplace is told nothing: a rule says so, or it ships the SKU itself. What it offers stays as it is. */
  | 'EXCLUDED'
  /** It has the quantity that it should. */
  | 'IN_STEP'
  /** It was told nothing yet. */
  | 'NEVER_PUSHED'
  /** The marketplace refused the last quantity that it was told; `message` says why. */
  | 'REJECTED';

/** Input of `mapSkus`. */
export type MapSkusInput = {
  /** Of a connection. */
  connectionId: string;
  /** 1 to 500. */
  mappings: Array<SkuMappingInput>;
};

/** An exact amount in its currency. */
export type MoneyInput = {
  /** With no more decimals than the currency has. */
  amount: string;
  /** ISO 4217. */
  currencyCode: string;
};

/** Who is to be told, of what, how often. */
export type NotificationContactInput = {
  /** False turns it off; it is on if left out. */
  active?: boolean | null | undefined;
  /** Where it goes. */
  email: string;
  /** How often. */
  frequency?: NotificationFrequency;
  /** An IANA name; the warehouse's if left out. */
  timeZone?: string | null | undefined;
  /** At least one. */
  topics: Array<NotificationTopic>;
};

/** How often a contact is told. */
export type NotificationFrequency =
  /** At eight in the morning of the contact's clock, all in one mail. */
  | 'DAILY'
  /** At the full hour of the contact's clock, all in one mail. */
  | 'HOURLY'
  /** At once; the same cause again a day later at the earliest. */
  | 'IMMEDIATE';

/** What a contact is told of. */
export type NotificationTopic =
  /** Something needs a person: an authorization, a promise that is overdue, an order that changed after it was closed. */
  | 'CONNECTION_ATTENTION'
  /** Orders could not be imported, or an import failed. */
  | 'IMPORT_FAILED'
  /** The marketplace refused a stock quantity. */
  | 'INVENTORY_REJECTED'
  /** Orders were imported. */
  | 'ORDER_CREATED'
  /** The marketplace refused tracking. */
  | 'TRACKING_REJECTED';

/** A step of a connection from survey to live. */
export type OnboardingStage =
  /** Sent, and signed. */
  | 'AGREEMENT'
  /** The seller's consent at the marketplace, or credentials copied by hand. */
  | 'AUTHORIZATION'
  /** Its jobs run. */
  | 'LIVE'
  /** The warehouse tests the account and maps what is sold. */
  | 'SETUP'
  /** What the merchant asks for. */
  | 'SURVEY';

/** Every condition given must hold; of a list, any one. */
export type OrderFilter = {
  /** Whether the buyer has asked to cancel. */
  cancelRequested?: boolean | null | undefined;
  /** Of connections. */
  connectionIds?: Array<string> | null | undefined;
  /** Of customers. */
  customerIds?: Array<string> | null | undefined;
  /** Exclusive. */
  importedBefore?: string | null | undefined;
  /** Inclusive. */
  importedFrom?: string | null | undefined;
  /** The marketplaces' own ids. */
  marketplaceIds?: Array<string> | null | undefined;
  /** Whether it waits for a release. */
  onHold?: boolean | null | undefined;
  /** Exclusive. */
  purchasedBefore?: string | null | undefined;
  /** Inclusive. */
  purchasedFrom?: string | null | undefined;
  /** What an order number, a reference (bill of lading, load number), a SKU, a tracking number or a recipient's name begins with; case is ignored. */
  search?: string | null | undefined;
  /** Those that must have left before then. */
  shipByBefore?: string | null | undefined;
  /** A seller's or the warehouse's SKU, whole; case is ignored. */
  sku?: string | null | undefined;
  /** Any of these. */
  statuses?: Array<OrderStatus> | null | undefined;
  /** Orders with a package in any of these. */
  trackingStatuses?: Array<TrackingStatus> | null | undefined;
  /** Of warehouses. */
  warehouseIds?: Array<string> | null | undefined;
};

/** Input of `releaseOrders`. */
export type OrderIdsInput = {
  /** 1 to 500. */
  orderIds: Array<string>;
};

/** How orders are sorted. */
export type OrderOrder =
  /** The first imported first. */
  | 'IMPORTED_ASC'
  /** The last imported first. */
  | 'IMPORTED_DESC'
  /** The first bought first. */
  | 'PURCHASED_ASC'
  /** The last bought first. */
  | 'PURCHASED_DESC'
  /** The most urgent first; those without a promise last. */
  | 'SHIP_BY_ASC';

/** Where an order stands in the warehouse. */
export type OrderStatus =
  /** Not to be shipped any more. */
  | 'CANCELLED'
  /** Shipped. It never changes again, but for its tracking. */
  | 'CLOSED'
  /** To be shipped, wholly or in part. */
  | 'OPEN';

/** What became of a marketplace order. */
export type OrderTraceState =
  /** Seen, and could not be imported: `failure`. */
  | 'FAILED'
  /** It is an order here. */
  | 'IMPORTED'
  /** No run has seen it; `importOrder` fetches it now. */
  | 'NEVER_SEEN'
  /** Seen, and not for the warehouse, or not yet: `skipReason`. */
  | 'SKIPPED';

/** What goes into one package. */
export type PackageInput = {
  /** Lines of the order, each once. */
  lines: Array<PackageLineInput>;
  /** A single package may leave it to the routing; of several, each needs its own. */
  trackingNumber?: string | null | undefined;
  /** With its packing. */
  weight?: WeightInput | null | undefined;
};

/** How much of a line goes into the package. */
export type PackageLineInput = {
  /** Of a line of that order. */
  orderLineId: string;
  /** Items, as the marketplace counts them. */
  quantity: number;
};

/** Input of `receiveInventory`. */
export type ReceiveInventoryInput = {
  /** Of a customer. */
  customerId: string;
  /** 1 to 500, each SKU once. */
  items: Array<StockInput>;
  /** What the movements bear: a delivery's number. */
  reference?: string | null | undefined;
  /** Of a warehouse. */
  warehouseId: string;
};

/** Input of `redeliverWebhook`. */
export type RedeliverWebhookInput = {
  /** What is to be told again. */
  deliveryId: string;
};

/** Input of `removeWebhook`. */
export type RemoveWebhookInput = {
  /** Its id. */
  id: string;
};

/** The failures named, or the open ones of a connection and codes; at most 500 a call. */
export type RetryImportsInput = {
  /** Any of these. */
  codes?: Array<ImportFailureCode> | null | undefined;
  /** Of a connection. */
  connectionId?: string | null | undefined;
  /** At most 500. */
  failureIds?: Array<string> | null | undefined;
};

/** Input of `revokeApiToken`. */
export type RevokeApiTokenInput = {
  /** As another answer had it. */
  id: string;
};

/** What somebody may do; docs/permissions.md has the whole table. */
export type Role =
  /** Everything, access and the audit log included. */
  | 'ADMIN'
  /** A merchant: sees their own, asks for connections, authorizes them, chooses who is told. */
  | 'CUSTOMER'
  /** The work of the warehouse: everything but access and the audit log. */
  | 'OPERATOR'
  /** Sees, and changes nothing; buyers are redacted. */
  | 'VIEWER';

/** How a parcel travels. */
export type RoutingInput = {
  /** The freight paper's number. */
  billOfLading?: string | null | undefined;
  /** A code or name of `carriers`, or the name of another carrier. */
  carrier?: string | null | undefined;
  /** The load that it goes with. */
  loadNumber?: string | null | undefined;
  /** Standard Carrier Alpha Code: 2 to 4 letters. */
  scac?: string | null | undefined;
  /** Of the trailer's seal. */
  sealNumber?: string | null | undefined;
  /** Such as Ground. */
  service?: string | null | undefined;
  /** The carrier's number of the parcel. */
  trackingNumber?: string | null | undefined;
  /** The trailer that it goes in. */
  trailerNumber?: string | null | undefined;
};

/** Input of `saveNotificationContact`. */
export type SaveNotificationContactInput = {
  /** Of which it is a contact. */
  connectionId: string;
  /** What it is from here on. */
  contact: NotificationContactInput;
  /** One of its contacts, to be changed; a new one if left out. */
  id?: string | null | undefined;
};

/** Input of `saveWebhook`. */
export type SaveWebhookInput = {
  /** False stops it; it is told what happens if left out. One that was stopped goes on where it was. */
  active?: boolean | null | undefined;
  /** Whose events it is told. */
  connectionId: string;
  /** One of its webhooks, to be changed; a new one if left out. */
  id?: string | null | undefined;
  /** At least one. */
  topics: Array<EventType>;
  /** https, and no address of a private network, unless the operator allows that network. */
  url: string;
};

/** Input of `shipAndClose`. */
export type ShipAndCloseInput = {
  /** SEPARATELY if left out. */
  applyCharges?: ChargeApplication | null | undefined;
  /** In addition to all automatic and manual charges that the orders already bear. */
  charges?: Array<ChargeInput> | null | undefined;
  /** Repeating a call with the same key and input returns the first call's result and changes nothing more. */
  idempotencyKey: string;
  /** REFUSE if left out. */
  incompleteRouting?: IncompleteRoutingPolicy | null | undefined;
  /** SKIP_FAILED if left out. */
  onError?: BatchErrorPolicy | null | undefined;
  /** 1 to 500. */
  orders: Array<ShipAndCloseOrderInput>;
  /** For every order that does not bring its own; its fields fill the ones left out there, and an order's stored routing fills the rest. */
  routing?: RoutingInput | null | undefined;
  /** When the parcels left; now if left out. */
  shippedAt?: string | null | undefined;
};

/** One order to ship. */
export type ShipAndCloseOrderInput = {
  /** The `version` that the caller has seen: VERSION_CONFLICT where it is another by now. */
  expectedVersion?: number | null | undefined;
  /** Of an order. */
  orderId: string;
  /** Ships although the buyer has asked to cancel; recorded with the viewer's name. */
  overrideCancelRequest?: boolean | null | undefined;
  /** Left out: everything still open, in one package. Given: one package each; what is not listed stays open and the order is not closed. */
  packages?: Array<PackageInput> | null | undefined;
  /** Before the call's own, field by field. */
  routing?: RoutingInput | null | undefined;
};

/** Every condition given must hold; of a list, any one. */
export type ShipmentFilter = {
  /** Of connections. */
  connectionIds?: Array<string> | null | undefined;
  /** Of customers. */
  customerIds?: Array<string> | null | undefined;
  /** Exclusive. */
  shippedBefore?: string | null | undefined;
  /** Inclusive. */
  shippedFrom?: string | null | undefined;
  /** A prefix; case is ignored. */
  trackingNumber?: string | null | undefined;
  /** Any of these. */
  trackingStatuses?: Array<TrackingStatus> | null | undefined;
};

/** How packages are sorted. */
export type ShipmentOrder =
  /** The first shipped first. */
  | 'SHIPPED_ASC'
  /** The last shipped first. */
  | 'SHIPPED_DESC';

/** Why a sighted order is not for the warehouse, or not yet. */
export type SkipReason =
  /** It had been shipped when it was first seen. */
  | 'ALREADY_SHIPPED'
  /** Bought before the connection's `importFrom`. */
  | 'BEFORE_IMPORT_FROM'
  /** It had been cancelled when it was first seen. */
  | 'CANCELLED'
  /** The marketplace ships it itself. */
  | 'FULFILLED_BY_MARKETPLACE'
  /** Its payment is not confirmed yet: an import takes it once it is. */
  | 'PAYMENT_PENDING'
  /** The marketplace says that it cannot be fulfilled. */
  | 'UNFULFILLABLE';

/** What a seller SKU is in the warehouse. */
export type SkuMappingInput = {
  /** As the marketplace has it. */
  sellerSku: string;
  /** Warehouse units in one item sold: a pack of 6 takes 6. 1 if left out. */
  unitsPerItem?: number | null | undefined;
  /** As the warehouse has it. */
  warehouseSku: string;
};

/** So much of one SKU. */
export type StockInput = {
  /** 1 or more. */
  quantity: number;
  /** As the warehouse has it. */
  sku: string;
  /** Replaces the item's, if given. */
  title?: string | null | undefined;
};

/** What the marketplace knows of a package. */
export type TrackingStatus =
  /** Read back from the marketplace. */
  | 'ACCEPTED'
  /** Closed without tracking, or its connection is no more. */
  | 'NOT_SENT'
  /** It waits for the next tracking update. */
  | 'PENDING'
  /** Refused: a person must correct it. */
  | 'REJECTED'
  /** Sent, not yet read back. */
  | 'UNCONFIRMED';

/** What is wrong with the input. Codes may be added: show the message of one that you do not know. */
export type UserErrorCode =
  /** It leads into a private network, which the gateway may not reach. */
  | 'ADDRESS_NOT_PUBLIC'
  /** Not above 0, or with more decimals than the currency has. */
  | 'AMOUNT_INVALID'
  /** The buyer has asked to cancel: override by name to ship all the same. */
  | 'CANCEL_REQUESTED'
  /** The marketplace needs a carrier. */
  | 'CARRIER_REQUIRED'
  /** A warning: no carrier of `carriers`, so nothing of it can be checked. */
  | 'CARRIER_UNKNOWN'
  /** The connection is not in a state for that. */
  | 'CONNECTION_NOT_READY'
  /** The marketplace does not take the credentials. */
  | 'CREDENTIALS_REJECTED'
  /** Not the order's currency. */
  | 'CURRENCY_MISMATCH'
  /** The key was used with other input: take a new one. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The value makes no sense there. */
  | 'INVALID'
  /** The marketplace does not answer: try again. */
  | 'MARKETPLACE_UNAVAILABLE'
  /** Not for this viewer, or not in this state. */
  | 'NOT_ALLOWED'
  /** There is none that the viewer may see. */
  | 'NOT_FOUND'
  /** It has been cancelled. */
  | 'ORDER_CANCELLED'
  /** It has been shipped. */
  | 'ORDER_CLOSED'
  /** It waits: release it first. */
  | 'ORDER_ON_HOLD'
  /** More than is still open. */
  | 'QUANTITY_EXCEEDS_OPEN'
  /** Something that is needed is missing or blank. */
  | 'REQUIRED'
  /** The SCAC is not one of the carrier. */
  | 'SCAC_MISMATCH'
  /** The marketplace needs a SCAC. */
  | 'SCAC_REQUIRED'
  /** The marketplace needs a service. */
  | 'SERVICE_REQUIRED'
  /** Whoever has agreements signed does not answer, or refuses: try again later, or see to its configuration. */
  | 'SIGNATURE_PROVIDER_UNAVAILABLE'
  /** There is not so much of it. */
  | 'STOCK_SHORT'
  /** Another one has it already. */
  | 'TAKEN'
  /** More than one call takes. */
  | 'TOO_MANY'
  /** As an error, no tracking number at all; as a warning, none that this carrier gives. */
  | 'TRACKING_NUMBER_MALFORMED'
  /** A warning: another package of the call has the same, and it was not given for all of them. */
  | 'TRACKING_NUMBER_REPEATED'
  /** The marketplace needs a tracking number. */
  | 'TRACKING_NUMBER_REQUIRED'
  /** It was changed since the caller read it: read again. */
  | 'VERSION_CONFLICT';

/** What a package weighs, with its packing. */
export type WeightInput = {
  /** What it is counted in. */
  unit: WeightUnit;
  /** Above 0, with at most 4 decimals. */
  value: string;
};

/** What a weight is counted in. */
export type WeightUnit =
  /** g */
  | 'GRAM'
  /** kg, 1000 g. */
  | 'KILOGRAM'
  /** oz, a sixteenth of a pound. */
  | 'OUNCE'
  /** lb, avoirdupois. */
  | 'POUND';

export type ApiTokensQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ApiTokensQuery = { viewer: { apiTokens: { totalCount: number, pageInfo: { endCursor: string | null, hasNextPage: boolean }, nodes: Array<{ id: string, name: string, role: Role, prefix: string, createdAt: string, createdBy: string | null, lastUsedAt: string | null, expiresAt: string | null, revokedAt: string | null, customers: Array<{ id: string, name: string }> | null }> } } };

export type AuditLogQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditLogQuery = { auditLog: { pageInfo: { endCursor: string | null, hasNextPage: boolean }, nodes: Array<{ id: string, at: string, actorName: string, role: string | null, address: string | null, requestId: string | null, action: string, change: AuditChange, record: string, subjectId: string | null, customer: { id: string, name: string } | null, properties: Array<{ name: string, before: string | null, after: string | null }> }> } };

export type ConnectionsHealthQueryVariables = Exact<{
  filter?: ConnectionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConnectionsHealthQuery = { connections: { totalCount: number, pageInfo: { endCursor: string | null, hasNextPage: boolean }, nodes: Array<{ id: string, name: string, status: ConnectionStatus, statusReason: string | null, marketplace: { id: string, name: string }, customer: { id: string, name: string }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, health: { importLagSeconds: number | null, nextOrderImportAt: string | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, lastOrderImport: { status: JobRunStatus, startedAt: string, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> } }> } };

export type CorrectTrackingMutationVariables = Exact<{
  input: CorrectTrackingInput;
}>;


export type CorrectTrackingMutation = { correctTracking: { shipment: { id: string, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null }, tracking: { status: TrackingStatus, code: string | null, message: string | null, field: Array<string> | null } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type CreateApiTokenMutationVariables = Exact<{
  input: CreateApiTokenInput;
}>;


export type CreateApiTokenMutation = { createApiToken: { token: string | null, apiToken: { id: string, name: string, role: Role, prefix: string, expiresAt: string | null } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type CreateSetupLinkMutationVariables = Exact<{
  input: CreateSetupLinkInput;
}>;


export type CreateSetupLinkMutation = { createSetupLink: { url: string | null, setupLink: { id: string, name: string, email: string, expiresAt: string } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type EventCursorQueryVariables = Exact<{ [key: string]: never; }>;


export type EventCursorQuery = { eventCursor: string };

export type ExplainStockQueryVariables = Exact<{
  filter?: InventoryFilter | null | undefined;
  orderBy?: InventoryOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ExplainStockQuery = { inventory: { totalCount: number, pageInfo: { endCursor: string | null, hasNextPage: boolean }, nodes: Array<{ id: string, sku: string, title: string | null, onHand: number, onHold: number, allocated: number, available: number, customer: { name: string }, warehouse: { name: string }, listings: Array<{ sellerSku: string, quantity: number, status: ListingStatus, message: string | null, pushedQuantity: number | null, pushedAt: string | null, confirmedQuantity: number | null, connection: { id: string, name: string }, explanation: Array<{ label: string, change: number, result: number }> }> }> } };

export type FindImportFailuresQueryVariables = Exact<{
  filter?: ImportFailureFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type FindImportFailuresQuery = { importFailures: { totalCount: number, pageInfo: { endCursor: string | null, hasNextPage: boolean }, nodes: Array<{ id: string, number: string, code: ImportFailureCode, message: string, detail: string | null, state: ImportFailureState, attempts: number, firstFailedAt: string, lastFailedAt: string, connection: { id: string, name: string }, order: { id: string, number: string } | null }> } };

export type FindOrdersQueryVariables = Exact<{
  filter?: OrderFilter | null | undefined;
  orderBy?: OrderOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type FindOrdersQuery = { orders: { totalCount: number, pageInfo: { endCursor: string | null, hasNextPage: boolean }, nodes: Array<{ id: string, number: string, version: number, status: OrderStatus, shipBy: string | null, cancelRequested: boolean, connection: { id: string, name: string }, customer: { name: string }, holds: Array<{ reason: HoldReason, note: string | null }>, shipTo: { name: string | null, city: string | null, region: string | null, countryCode: string }, lines: Array<{ id: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number }>, chargesTotal: { amount: string, currencyCode: string } | null }> } };

export type HoldOrdersMutationVariables = Exact<{
  input: HoldOrdersInput;
}>;


export type HoldOrdersMutation = { holdOrders: { orders: Array<{ id: string, number: string, version: number, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type MapSkusMutationVariables = Exact<{
  input: MapSkusInput;
}>;


export type MapSkusMutation = { mapSkus: { unblocks: number, mappings: Array<{ id: string, sellerSku: string, warehouseSku: string, unitsPerItem: number }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type OnboardingProgressQueryVariables = Exact<{
  filter?: ConnectionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type OnboardingProgressQuery = { connections: { nodes: Array<{ id: string, name: string, status: ConnectionStatus, marketplace: { name: string }, onboarding: { stage: OnboardingStage, dueAt: string | null, overdue: boolean, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }>, agreement: { status: AgreementStatus, signerName: string | null, sentAt: string | null, signedAt: string | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type PreviewShipAndCloseQueryVariables = Exact<{
  input: ShipAndCloseInput;
}>;


export type PreviewShipAndCloseQuery = { shipAndClosePreview: { userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }>, results: Array<{ orderId: string, wouldClose: boolean, marketplaceCarrierCode: string | null, order: { number: string } | null, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null }, additionalCharges: Array<{ code: string, amount: { amount: string, currencyCode: string } }>, totalCharges: { amount: string, currencyCode: string } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }>, warnings: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> }> } };

export type ReceiveInventoryMutationVariables = Exact<{
  input: ReceiveInventoryInput;
}>;


export type ReceiveInventoryMutation = { receiveInventory: { items: Array<{ id: string, sku: string, onHand: number, onHold: number, allocated: number, available: number, version: number }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type RedeliverWebhookMutationVariables = Exact<{
  input: RedeliverWebhookInput;
}>;


export type RedeliverWebhookMutation = { redeliverWebhook: { delivery: { id: string, status: DeliveryStatus, attempts: number, nextAttemptAt: string | null } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type ReleaseOrdersMutationVariables = Exact<{
  input: OrderIdsInput;
}>;


export type ReleaseOrdersMutation = { releaseOrders: { orders: Array<{ id: string, number: string, version: number, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type RemoveWebhookMutationVariables = Exact<{
  input: RemoveWebhookInput;
}>;


export type RemoveWebhookMutation = { removeWebhook: { webhook: { id: string } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type RetryImportsMutationVariables = Exact<{
  input: RetryImportsInput;
}>;


export type RetryImportsMutation = { retryImports: { resolved: Array<{ id: string, number: string, order: { id: string, number: string } | null }>, stillFailing: Array<{ id: string, number: string, code: ImportFailureCode, message: string }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type RevokeApiTokenMutationVariables = Exact<{
  input: RevokeApiTokenInput;
}>;


export type RevokeApiTokenMutation = { revokeApiToken: { apiToken: { id: string, revokedAt: string | null } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type SaveNotificationContactMutationVariables = Exact<{
  input: SaveNotificationContactInput;
}>;


export type SaveNotificationContactMutation = { saveNotificationContact: { contact: { id: string, email: string, topics: Array<NotificationTopic>, frequency: NotificationFrequency, timeZone: string, active: boolean, disabledReason: string | null } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type SaveWebhookMutationVariables = Exact<{
  input: SaveWebhookInput;
}>;


export type SaveWebhookMutation = { saveWebhook: { secret: string | null, webhook: { id: string, url: string, topics: Array<EventType>, active: boolean, cursor: string } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type ShipAndCloseMutationVariables = Exact<{
  input: ShipAndCloseInput;
}>;


export type ShipAndCloseMutation = { shipAndClose: { closed: number, failed: number, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }>, results: Array<{ orderId: string, order: { id: string, number: string, status: OrderStatus, version: number, chargesTotal: { amount: string, currencyCode: string } | null } | null, charges: Array<{ kind: ChargeKind, code: string, amount: { amount: string, currencyCode: string } }>, shipments: Array<{ id: string, tracking: { status: TrackingStatus } }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }>, warnings: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> }> } };

export type TraceOrderQueryVariables = Exact<{
  connectionId: string;
  number: string;
}>;


export type TraceOrderQuery = { orderTrace: { state: OrderTraceState, skipReason: SkipReason | null, marketplaceStatus: string | null, firstSeenAt: string | null, lastSeenAt: string | null, order: { id: string, number: string, status: OrderStatus, shipments: Array<{ tracking: { status: TrackingStatus, message: string | null } }> } | null, failure: { id: string, code: ImportFailureCode, message: string, detail: string | null, state: ImportFailureState } | null, lastRun: { kind: JobKind, status: JobRunStatus, startedAt: string, errorMessage: string | null } | null } };

export type TrackShipmentsQueryVariables = Exact<{
  filter?: ShipmentFilter | null | undefined;
  orderBy?: ShipmentOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type TrackShipmentsQuery = { shipments: { totalCount: number, pageInfo: { endCursor: string | null, hasNextPage: boolean }, nodes: Array<{ id: string, shippedAt: string, shippedBy: string, order: { id: string, number: string, status: OrderStatus }, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null }, tracking: { status: TrackingStatus, attempts: number, nextAttemptAt: string | null, acceptedAt: string | null, code: string | null, message: string | null, field: Array<string> | null, trackingUrl: string | null } }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { name: string, role: Role, customers: Array<{ id: string, name: string }> | null } };

export type WatchEventsSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchEventsSubscription = { events:
    | { cursor: string, type: EventType, occurredAt: string, summary: string, connection: { id: string, name: string } }
    | { cursor: string, type: EventType, occurredAt: string, summary: string, jobRun: { id: string, status: JobRunStatus, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number }, connection: { id: string, name: string } }
    | { cursor: string, type: EventType, occurredAt: string, summary: string, failure: { id: string, number: string, code: ImportFailureCode, message: string }, connection: { id: string, name: string } }
    | { quantity: number, cursor: string, type: EventType, occurredAt: string, summary: string, inventoryItem: { id: string, sku: string, available: number }, connection: { id: string, name: string } }
    | { cursor: string, type: EventType, occurredAt: string, summary: string, order: { id: string, number: string, status: OrderStatus, version: number }, connection: { id: string, name: string } }
    | { cursor: string, type: EventType, occurredAt: string, summary: string, shipment: { id: string, order: { id: string, number: string }, tracking: { status: TrackingStatus, code: string | null, message: string | null } }, connection: { id: string, name: string } }
   };

export type WatchImportsSubscriptionVariables = Exact<{
  connectionIds?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchImportsSubscription = { importEvents:
    | { cursor: string, type: EventType, occurredAt: string, summary: string, connection: { id: string, name: string } }
    | { cursor: string, type: EventType, occurredAt: string, summary: string, jobRun: { id: string, status: JobRunStatus, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number }, connection: { id: string, name: string } }
    | { cursor: string, type: EventType, occurredAt: string, summary: string, failure: { id: string, number: string, code: ImportFailureCode, message: string }, connection: { id: string, name: string } }
    | { cursor: string, type: EventType, occurredAt: string, summary: string, connection: { id: string, name: string } }
    | { cursor: string, type: EventType, occurredAt: string, summary: string, order: { id: string, number: string, status: OrderStatus, version: number }, connection: { id: string, name: string } }
    | { cursor: string, type: EventType, occurredAt: string, summary: string, connection: { id: string, name: string } }
   };

export type WatchOrderSubscriptionVariables = Exact<{
  id: string;
}>;


export type WatchOrderSubscription = { order: { id: string, number: string, status: OrderStatus, version: number, cancelRequested: boolean, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, lines: Array<{ id: string, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { carrier: string | null, trackingNumber: string | null }, tracking: { status: TrackingStatus, code: string | null, message: string | null, acceptedAt: string | null } }>, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }> } };

export type WebhookDeliveriesQueryVariables = Exact<{
  connectionId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WebhookDeliveriesQuery = { connection: { webhooks: Array<{ id: string, url: string, active: boolean, disabledReason: string | null, failingSince: string | null, nextAttemptAt: string | null, cursor: string, deliveries: { nodes: Array<{ id: string, status: DeliveryStatus, attempts: number, lastStatusCode: number | null, error: string | null, nextAttemptAt: string | null, event:
            | { id: string, type: EventType, summary: string }
            | { id: string, type: EventType, summary: string }
            | { id: string, type: EventType, summary: string }
            | { id: string, type: EventType, summary: string }
            | { id: string, type: EventType, summary: string }
            | { id: string, type: EventType, summary: string }
           }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } | null };

export const ApiTokensDocument: Document<ApiTokensQuery, ApiTokensQueryVariables> = /*#__PURE__*/ document("query ApiTokens($first:Int$after:String){viewer{apiTokens(first:$first after:$after){totalCount pageInfo{endCursor hasNextPage}nodes{id name role prefix customers{id name}createdAt createdBy lastUsedAt expiresAt revokedAt}}}}", 'sha256:d467461ec79ed017e96bb8e4a01000690445b85898316079e40df45cdbed2e60')
export const AuditLogDocument: Document<AuditLogQuery, AuditLogQueryVariables> = /*#__PURE__*/ document("query AuditLog($filter:AuditFilter$first:Int$after:String){auditLog(filter:$filter first:$first after:$after){pageInfo{endCursor hasNextPage}nodes{id at actorName role address requestId action change record subjectId customer{id name}properties{name before after}}}}", 'sha256:90e523eb5d16fb2240d69cd1306d49e227fa4c2e7fd6e3505e994eafa631ce93')
export const ConnectionsHealthDocument: Document<ConnectionsHealthQuery, ConnectionsHealthQueryVariables> = /*#__PURE__*/ document("query ConnectionsHealth($filter:ConnectionFilter$first:Int$after:String){connections(filter:$filter first:$first after:$after){totalCount pageInfo{endCursor hasNextPage}nodes{id name status statusReason marketplace{id name}customer{id name}supportedActions{action allowed reason}health{importLagSeconds nextOrderImportAt openImportFailures pendingTracking rejectedTracking lastOrderImport{status startedAt found imported updated unchanged skipped failed errorMessage}quotas{operation available burst ratePerSecond throttledUntil}}}}}", 'sha256:ed64d6bd4e3c4d7e5ad8931a9dd22f63c9934e1e42ce89a461f4e2a282b0885c')
export const CorrectTrackingDocument: Document<CorrectTrackingMutation, CorrectTrackingMutationVariables> = /*#__PURE__*/ document("mutation CorrectTracking($input:CorrectTrackingInput!){correctTracking(input:$input){shipment{id routing{carrier scac service trackingNumber}tracking{status code message field}}userErrors{code field message}}}", 'sha256:67a4eb062f1041bb35bd2e8dd064eba33de36cbe30c740b8587f8865c6391c55')
export const CreateApiTokenDocument: Document<CreateApiTokenMutation, CreateApiTokenMutationVariables> = /*#__PURE__*/ document("mutation CreateApiToken($input:CreateApiTokenInput!){createApiToken(input:$input){token apiToken{id name role prefix expiresAt}userErrors{code field message}}}", 'sha256:6299d5182267da1811d71e6a1929304807fcd433336ca7d2c927b3c4a3854e18')
export const CreateSetupLinkDocument: Document<CreateSetupLinkMutation, CreateSetupLinkMutationVariables> = /*#__PURE__*/ document("mutation CreateSetupLink($input:CreateSetupLinkInput!){createSetupLink(input:$input){setupLink{id name email expiresAt}url userErrors{code field message}}}", 'sha256:ea5308e8af93c3b1343e17e80561477e3fca3a7f241629e6ea78940c225dfc81')
export const EventCursorDocument: Document<EventCursorQuery, EventCursorQueryVariables> = /*#__PURE__*/ document("query EventCursor{eventCursor}", 'sha256:e7f13bb4dd8938502ae1c920eb96f13ab60ba0619709bd29acb6608798d0f0b5')
export const ExplainStockDocument: Document<ExplainStockQuery, ExplainStockQueryVariables> = /*#__PURE__*/ document("query ExplainStock($filter:InventoryFilter$orderBy:InventoryOrder$first:Int$after:String){inventory(filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{endCursor hasNextPage}nodes{id sku title customer{name}warehouse{name}onHand onHold allocated available listings{connection{id name}sellerSku quantity explanation{label change result}status message pushedQuantity pushedAt confirmedQuantity}}}}", 'sha256:ff1001a4467f78874979f9ec0803b0d8b08c481c268aa34458d2e83c922e75ae')
export const FindImportFailuresDocument: Document<FindImportFailuresQuery, FindImportFailuresQueryVariables> = /*#__PURE__*/ document("query FindImportFailures($filter:ImportFailureFilter$first:Int$after:String){importFailures(filter:$filter first:$first after:$after){totalCount pageInfo{endCursor hasNextPage}nodes{id number code message detail state attempts firstFailedAt lastFailedAt connection{id name}order{id number}}}}", 'sha256:dd9065bbc84175a0af3591e86f19a9d5b9f86348fb8504f722da5b8910d57e68')
export const FindOrdersDocument: Document<FindOrdersQuery, FindOrdersQueryVariables> = /*#__PURE__*/ document("query FindOrders($filter:OrderFilter$orderBy:OrderOrder$first:Int$after:String){orders(filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{endCursor hasNextPage}nodes{id number version status connection{id name}customer{name}shipBy cancelRequested holds{reason note}shipTo{name city region countryCode}lines{id warehouseSku title quantity quantityShipped}chargesTotal{amount currencyCode}}}}", 'sha256:d00562eceb9363a0ea899b582476146493ddd84291e03584b9e4cb699bd9d288')
export const HoldOrdersDocument: Document<HoldOrdersMutation, HoldOrdersMutationVariables> = /*#__PURE__*/ document("mutation HoldOrders($input:HoldOrdersInput!){holdOrders(input:$input){orders{id number version holds{reason note placedAt placedBy}}userErrors{code field message}}}", 'sha256:6c339b79b5efebeac821bc39f95eced91814ab901497263daa1911df4526f8ff')
export const MapSkusDocument: Document<MapSkusMutation, MapSkusMutationVariables> = /*#__PURE__*/ document("mutation MapSkus($input:MapSkusInput!){mapSkus(input:$input){mappings{id sellerSku warehouseSku unitsPerItem}unblocks userErrors{code field message}}}", 'sha256:fd7a35f22c9db2a9e6f50940fcbb59e95ae60a9030ea1d353f278a70e5576727')
export const OnboardingProgressDocument: Document<OnboardingProgressQuery, OnboardingProgressQueryVariables> = /*#__PURE__*/ document("query OnboardingProgress($filter:ConnectionFilter$first:Int=25$after:String){connections(filter:$filter first:$first after:$after){nodes{id name status marketplace{name}onboarding{stage dueAt overdue steps{stage title doneAt doneBy waitingFor}agreement{status signerName sentAt signedAt}}}pageInfo{hasNextPage endCursor}}}", 'sha256:b2bf15877e006b3469611589c77f6f325362a714136947b956f1cb9e799a0de6')
export const PreviewShipAndCloseDocument: Document<PreviewShipAndCloseQuery, PreviewShipAndCloseQueryVariables> = /*#__PURE__*/ document("query PreviewShipAndClose($input:ShipAndCloseInput!){shipAndClosePreview(input:$input){userErrors{code field message}results{orderId order{number}wouldClose routing{carrier scac service trackingNumber}marketplaceCarrierCode additionalCharges{code amount{amount currencyCode}}totalCharges{amount currencyCode}userErrors{code field message}warnings{code field message}}}}", 'sha256:36cc9ddd297002d0df5fe4f1e7d6d4fd32dd6ee3ca04709c70e904d62bfa08d2')
export const ReceiveInventoryDocument: Document<ReceiveInventoryMutation, ReceiveInventoryMutationVariables> = /*#__PURE__*/ document("mutation ReceiveInventory($input:ReceiveInventoryInput!){receiveInventory(input:$input){items{id sku onHand onHold allocated available version}userErrors{code field message}}}", 'sha256:cf93b4aeb099def95d79f63dbd57fbd10ceffc7c3a08219903c5c88187361ffd')
export const RedeliverWebhookDocument: Document<RedeliverWebhookMutation, RedeliverWebhookMutationVariables> = /*#__PURE__*/ document("mutation RedeliverWebhook($input:RedeliverWebhookInput!){redeliverWebhook(input:$input){delivery{id status attempts nextAttemptAt}userErrors{code field message}}}", 'sha256:de26c1d76142601ee9585062be6a4b0021a9a0c129abafc4026974f7bc243065')
export const ReleaseOrdersDocument: Document<ReleaseOrdersMutation, ReleaseOrdersMutationVariables> = /*#__PURE__*/ document("mutation ReleaseOrders($input:OrderIdsInput!){releaseOrders(input:$input){orders{id number version holds{reason note placedAt placedBy}}userErrors{code field message}}}", 'sha256:6e7df877e9107ca9d6278ed2bb9ada913e0c112355c86bc98803db861900914f')
export const RemoveWebhookDocument: Document<RemoveWebhookMutation, RemoveWebhookMutationVariables> = /*#__PURE__*/ document("mutation RemoveWebhook($input:RemoveWebhookInput!){removeWebhook(input:$input){webhook{id}userErrors{code field message}}}", 'sha256:746d442ec05365c085dbf82355f13155bb888f47608c86487a49561e1a4c5c03')
export const RetryImportsDocument: Document<RetryImportsMutation, RetryImportsMutationVariables> = /*#__PURE__*/ document("mutation RetryImports($input:RetryImportsInput!){retryImports(input:$input){resolved{id number order{id number}}stillFailing{id number code message}userErrors{code field message}}}", 'sha256:4b6e088ad2d1d75c4c58ccb047ffb8474b900f00f3b900273db649a4d2c108e1')
export const RevokeApiTokenDocument: Document<RevokeApiTokenMutation, RevokeApiTokenMutationVariables> = /*#__PURE__*/ document("mutation RevokeApiToken($input:RevokeApiTokenInput!){revokeApiToken(input:$input){apiToken{id revokedAt}userErrors{code field message}}}", 'sha256:7767c433b5bb88fa8f44aab9f09f49a82da717aa382fb72404cf7df28c9dc50d')
export const SaveNotificationContactDocument: Document<SaveNotificationContactMutation, SaveNotificationContactMutationVariables> = /*#__PURE__*/ document("mutation SaveNotificationContact($input:SaveNotificationContactInput!){saveNotificationContact(input:$input){contact{id email topics frequency timeZone active disabledReason}userErrors{code field message}}}", 'sha256:da04fbcac9b30ae8d91367d3e38c2f513a047a0d427fb46b915aa2679181b1b3')
export const SaveWebhookDocument: Document<SaveWebhookMutation, SaveWebhookMutationVariables> = /*#__PURE__*/ document("mutation SaveWebhook($input:SaveWebhookInput!){saveWebhook(input:$input){webhook{id url topics active cursor}secret userErrors{code field message}}}", 'sha256:e6c8b0981fcc013e2bb2f4da74b0df1433a5615522149c2bbbd99219b3966a34')
export const ShipAndCloseDocument: Document<ShipAndCloseMutation, ShipAndCloseMutationVariables> = /*#__PURE__*/ document("mutation ShipAndClose($input:ShipAndCloseInput!){shipAndClose(input:$input){closed failed userErrors{code field message}results{orderId order{id number status version chargesTotal{amount currencyCode}}charges{kind code amount{amount currencyCode}}shipments{id tracking{status}}userErrors{code field message}warnings{code field message}}}}", 'sha256:25f1a9b53f7eba6ad5464118f1647586bfe0a3f9877bc0e5653189f2e4a71c20')
export const TraceOrderDocument: Document<TraceOrderQuery, TraceOrderQueryVariables> = /*#__PURE__*/ document("query TraceOrder($connectionId:ID!$number:String!){orderTrace(connectionId:$connectionId number:$number){state skipReason marketplaceStatus firstSeenAt lastSeenAt order{id number status shipments{tracking{status message}}}failure{id code message detail state}lastRun{kind status startedAt errorMessage}}}", 'sha256:d1616da8fde452c60b470b0bf230975d7c593632969d22f3c7e12549305bd576')
export const TrackShipmentsDocument: Document<TrackShipmentsQuery, TrackShipmentsQueryVariables> = /*#__PURE__*/ document("query TrackShipments($filter:ShipmentFilter$orderBy:ShipmentOrder$first:Int$after:String){shipments(filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{endCursor hasNextPage}nodes{id shippedAt shippedBy order{id number status}routing{carrier scac service trackingNumber}tracking{status attempts nextAttemptAt acceptedAt code message field trackingUrl}}}}", 'sha256:59d4cb9337301a5efa6841245f55d7618546d6bbdb18be752d78b6277b90d75b')
export const ViewerDocument: Document<ViewerQuery, ViewerQueryVariables> = /*#__PURE__*/ document("query Viewer{viewer{name role customers{id name}}}", 'sha256:2f3aeff7ee7104f78527df91131a3801a1ffe306b10c3c2f2d5cde725bc8418d')
export const WatchEventsDocument: Document<WatchEventsSubscription, WatchEventsSubscriptionVariables> = /*#__PURE__*/ document("subscription WatchEvents($filter:EventFilter$after:EventCursor){events(filter:$filter after:$after){cursor type occurredAt summary connection{id name}...on OrderEvent{order{id number status version}}...on ShipmentEvent{shipment{id order{id number}tracking{status code message}}}...on ImportFailureEvent{failure{id number code message}}...on ImportEvent{jobRun{id status found imported updated unchanged skipped failed}}...on InventoryEvent{quantity inventoryItem{id sku available}}}}", 'sha256:eaa18b490062fa17dad006504a76c97a353dbe59fb431c70dacf214df2aee013')
export const WatchImportsDocument: Document<WatchImportsSubscription, WatchImportsSubscriptionVariables> = /*#__PURE__*/ document("subscription WatchImports($connectionIds:[ID!]$after:EventCursor){importEvents(connectionIds:$connectionIds after:$after){cursor type occurredAt summary connection{id name}...on OrderEvent{order{id number status version}}...on ImportFailureEvent{failure{id number code message}}...on ImportEvent{jobRun{id status found imported updated unchanged skipped failed}}}}", 'sha256:a1f325e2039980f23693fbac3058aea11f04b00ab7361d03f43ce6490735078d')
export const WatchOrderDocument: Document<WatchOrderSubscription, WatchOrderSubscriptionVariables> = /*#__PURE__*/ document("subscription WatchOrder($id:ID!){order(id:$id){id number status version cancelRequested holds{reason note placedAt placedBy}lines{id quantity quantityShipped quantityCancelled}shipments{id routing{carrier trackingNumber}tracking{status code message acceptedAt}}supportedActions{action allowed reason}}}", 'sha256:d5c913918a91a9113cdc254df914e82262f46a94b55221efd75c552fae0c62a4')
export const WebhookDeliveriesDocument: Document<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables> = /*#__PURE__*/ document("query WebhookDeliveries($connectionId:ID!$first:Int=25$after:String){connection(id:$connectionId){webhooks{id url active disabledReason failingSince nextAttemptAt cursor deliveries(first:$first after:$after){nodes{id status attempts lastStatusCode error nextAttemptAt event{id type summary}}pageInfo{hasNextPage endCursor}}}}}", 'sha256:5044dd5646bcbf88fe0f549ff8be0e37e971791d4105bb0a8e0b625eb0096f68')