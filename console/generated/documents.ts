/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import { type Document, document } from '../../src/client/document.ts'
/** Input of `addCharges`. */
export type AddChargesInput = {
  /** SEPARATELY if left out. */
  applyCharges?: ChargeApplication | null | undefined;
  /** 1 to 50. */
  charges: Array<ChargeInput>;
  /** 1 to 500. */
  orderIds: Array<string>;
};

/** Input of `adjustInventory`. */
export type AdjustInventoryInput = {
  /** Signed; what is on hand never falls below 0. */
  change: number;
  /** The `version` that the caller has seen: VERSION_CONFLICT where it is another by now. */
  expectedVersion?: number | null | undefined;
  /** Of an item. */
  inventoryItemId: string;
  /** Why, for whoever reads the movements. */
  reason: string;
};

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

/** What becomes of the other orders where one is refused. */
export type BatchErrorPolicy =
  /** If one order is refused, none closes. */
  | 'ABORT_ALL'
  /** Orders that are refused stay as they are; the others close. */
  | 'SKIP_FAILED';

/** Input of `beginAuthorization`. */
export type BeginAuthorizationInput = {
  /** One that is not disconnected. */
  connectionId: string;
};

/** Input of `cancelOrders`. */
export type CancelOrdersInput = {
  /** 1 to 500. */
  orderIds: Array<string>;
  /** Why, for whoever reads the history. */
  reason: string;
};

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

/** Input of `testConnection`, `goLive`, `disconnectConnection`, `resumeConnection`. */
export type ConnectionIdInput = {
  /** Of a connection. */
  connectionId: string;
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

/** Input of `dismissImportFailures`. */
export type DismissImportFailuresInput = {
  /** 1 to 500. */
  failureIds: Array<string>;
  /** Why, for whoever looks at them later. */
  note: string;
};

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

/** Input of `importOrder`. */
export type ImportOrderInput = {
  /** Of a connection. */
  connectionId: string;
  /** The marketplace's order number. */
  number: string;
};

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

/** Every condition given must hold; of a list, any one. */
export type JobRunFilter = {
  /** Of connections. */
  connectionIds?: Array<string> | null | undefined;
  /** Any of these. */
  kinds?: Array<JobKind> | null | undefined;
  /** Any of these. */
  statuses?: Array<JobRunStatus> | null | undefined;
};

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

/** What set a run off. */
export type JobTrigger =
  /** Its time had come. */
  | 'CADENCE'
  /** Somebody asked: `runJobNow`. */
  | 'MANUAL'
  /** The one before it failed, or lost its worker. */
  | 'RETRY';

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

/** Input of `mapShippingServices`. */
export type MapShippingServicesInput = {
  /** Of a connection. */
  connectionId: string;
  /** 1 to 200. */
  mappings: Array<ShippingServiceMappingInput>;
};

/** Input of `mapSkus`. */
export type MapSkusInput = {
  /** Of a connection. */
  connectionId: string;
  /** 1 to 500. */
  mappings: Array<SkuMappingInput>;
};

/** Amazon's regions: an authorization is good in one. */
export type MarketplaceRegion =
  /** With the Middle East, Africa and India. */
  | 'EUROPE'
  /** With Australia. */
  | 'FAR_EAST'
  /** With Brazil. */
  | 'NORTH_AMERICA';

/** An exact amount in its currency. */
export type MoneyInput = {
  /** With no more decimals than the currency has. */
  amount: string;
  /** ISO 4217. */
  currencyCode: string;
};

/** What moves stock. */
export type MovementKind =
  /** A person set it right. */
  | 'ADJUSTMENT'
  /** An imported open order keeps it. */
  | 'ALLOCATION'
  /** It came in. */
  | 'RECEIPT'
  /** A cancellation gives an allocation back. */
  | 'RELEASE'
  /** It left the building: taken from what is on hand and allocated. */
  | 'SHIPMENT';

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

/** Input of `pauseConnection`. */
export type PauseConnectionInput = {
  /** Of a connection. */
  connectionId: string;
  /** Why, shown as `statusReason`. */
  reason: string;
};

/** Input of `provideCredentials`. */
export type ProvideCredentialsInput = {
  /** One that is not disconnected. */
  connectionId: string;
  /** The seller's own identifier, which Amazon calls Merchant ID or merchant token. */
  merchantId: string;
  /** Kept encrypted, and shown to nobody again. */
  refreshToken: string;
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

/** The integration survey. */
export type RequestConnectionsInput = {
  /** That person's address. */
  contactEmail: string;
  /** Whom to ask at the merchant. */
  contactName: string;
  /** The merchant whose connections they are. */
  customerId: string;
  /** Of all the marketplaces together; 0 or more. */
  expectedOrdersPerDay?: number | null | undefined;
  /** Orders bought before this instant are skipped: now if left out, at most two years ago. */
  importFrom?: string | null | undefined;
  /** Whether the marketplace is told what is in stock. */
  inventorySync?: boolean | null | undefined;
  /** The marketplaces' own identifiers, e.g. ATVPDKIKX0DER: 1 to 50, each once. */
  marketplaceIds: Array<string>;
  /** The merchant's seller account, as they give it: then no other can be authorized. Left out, the authorization tells it. */
  merchantId?: string | null | undefined;
  /** Whatever else the warehouse should know; at most 4000 characters. */
  notes?: string | null | undefined;
  /** Who is told of what, on each of the connections. */
  notify?: Array<NotificationContactInput> | null | undefined;
  /** The warehouse that ships their orders. */
  warehouseId: string;
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

/** Input of `runJobNow`. */
export type RunJobNowInput = {
  /** Of a connection. */
  connectionId: string;
  /** What is to be done. */
  kind: JobKind;
};

/** Input of `sendAgreement`. */
export type SendAgreementInput = {
  /** One that has no agreement, or whose last one was declined or voided. Others of its survey without one are in it. */
  connectionId: string;
  /** Where that person is asked. */
  signerEmail: string;
  /** Who signs for the merchant, in Latin, Greek or Cyrillic letters. */
  signerName: string;
};

/** What is left out stays as it is; null clears it: the settings of the connection hold. */
export type SetInventoryRuleInput = {
  /** Units kept back, 0 to 1000000. */
  buffer?: number | null | undefined;
  /** Of a connection. */
  connectionId: string;
  /** The marketplace is told nothing; what it offers stays as it is. */
  excluded?: boolean | null | undefined;
  /** Of an item. */
  inventoryItemId: string;
  /** Items of the listing (packs, where it sells packs) that it offers at most, 0 to 1000000. */
  maximum?: number | null | undefined;
  /** Of what is left after the buffer, 0 to 100. */
  percent?: number | null | undefined;
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

/** Input of `retryTracking`. */
export type ShipmentIdsInput = {
  /** 1 to 500. */
  shipmentIds: Array<string>;
};

/** How the warehouse ships what a marketplace calls a shipping service. */
export type ShippingServiceMappingInput = {
  /** A code of `carriers`, or the name of another carrier. */
  carrier: string;
  /** As the order's `shippingService` has it. */
  marketplaceService: string;
  /** Standard Carrier Alpha Code: 2 to 4 letters. */
  scac: string;
  /** The carrier's service, such as Ground. */
  service: string;
};

/** Input of `signAgreement`. */
export type SignAgreementInput = {
  /** True: they have read it, and agree to sign electronically. */
  accepted: boolean;
  /** One whose agreement waits for its signature. */
  connectionId: string;
  /** Of the document that they have read: of another one the signature is refused. */
  documentSha256?: string | null | undefined;
  /** The signer's name as they type it; case and accents are forgiven. */
  signature: string;
};

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

/** What becomes of an order with something that no mapping knows. */
export type UnmappedPolicy =
  /** It becomes an order as it came. */
  | 'ACCEPT'
  /** It becomes an import failure. */
  | 'FAIL';

/** What is left out, or null, stays as it is. */
export type UpdateConnectionSettingsInput = {
  /** Of a connection. */
  connectionId: string;
  /** The `version` that the caller has seen: VERSION_CONFLICT where it is another by now. */
  expectedVersion?: number | null | undefined;
  /** Orders bought before this instant are skipped. */
  importFrom?: string | null | undefined;
  /** Whether orders are imported. */
  importOrders?: boolean | null | undefined;
  /** 0 or more. */
  inventoryBuffer?: number | null | undefined;
  /** 0 to 100. */
  inventoryPercent?: number | null | undefined;
  /** Whether the marketplace is told what is in stock. */
  inventorySync?: boolean | null | undefined;
  /** 5 to 1440. */
  inventorySyncMinutes?: number | null | undefined;
  /** 5 to 1440. */
  orderImportMinutes?: number | null | undefined;
  /** Whether tracking is sent as soon as an order ships. */
  sendTrackingImmediately?: boolean | null | undefined;
  /** 1 to 1440. */
  trackingUpdateMinutes?: number | null | undefined;
  /** 24 to 720: hours of business days in which it is set up once everything needed is here. Shown by `Onboarding.turnaroundHours`. */
  turnaroundHours?: number | null | undefined;
  /** For a shipping service without a mapping. */
  unknownShippingService?: UnmappedPolicy | null | undefined;
  /** For a SKU without a mapping. */
  unknownSku?: UnmappedPolicy | null | undefined;
};

/** Input of `updateRouting`. */
export type UpdateRoutingInput = {
  /** 1 to 500. */
  orderIds: Array<string>;
  /** Fields left out stay; blank or null ones are cleared. */
  routing: RoutingInput;
};

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

/** Input of `voidAgreement`. */
export type VoidAgreementInput = {
  /** One whose agreement waits for its signature. */
  connectionId: string;
  /** Why, for people; at most 200 characters. */
  reason: string;
};

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

export type ConnectionRowFragment = { id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, authorizationExpiresAt: string | null }, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null } };

export type ConnectionsPageQueryVariables = Exact<{
  filter?: ConnectionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConnectionsPageQuery = { connections: { nodes: Array<{ id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, authorizationExpiresAt: string | null }, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type ConnectionDetailFragment = { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } };

export type ConnectionPageQueryVariables = Exact<{
  id: string;
}>;


export type ConnectionPageQuery = { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null };

export type ConnectionPeopleQueryVariables = Exact<{
  id: string;
}>;


export type ConnectionPeopleQuery = { connection: { id: string, onboarding: { agreement: { status: AgreementStatus, provider: string, sentAt: string | null, signedAt: string | null, signerName: string | null, signerEmail: string | null, documentUrl: string | null, documentSha256: string | null, statusReason: string | null } | null }, notificationContacts: Array<{ id: string, email: string, active: boolean, topics: Array<NotificationTopic>, frequency: NotificationFrequency, timeZone: string, disabledReason: string | null }>, webhooks: Array<{ id: string, url: string, active: boolean, failingSince: string | null, disabledReason: string | null, topics: Array<EventType> }> } | null };

export type BeginAuthorizationMutationVariables = Exact<{
  input: BeginAuthorizationInput;
}>;


export type BeginAuthorizationMutation = { beginAuthorization: { authorizationUrl: string | null, expiresAt: string | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type ProvideCredentialsMutationVariables = Exact<{
  input: ProvideCredentialsInput;
}>;


export type ProvideCredentialsMutation = { provideCredentials: { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type TestConnectionMutationVariables = Exact<{
  input: ConnectionIdInput;
}>;


export type TestConnectionMutation = { testConnection: { checks: Array<{ name: string, passed: boolean, message: string }>, connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type GoLiveMutationVariables = Exact<{
  input: ConnectionIdInput;
}>;


export type GoLiveMutation = { goLive: { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type PauseConnectionMutationVariables = Exact<{
  input: PauseConnectionInput;
}>;


export type PauseConnectionMutation = { pauseConnection: { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type ResumeConnectionMutationVariables = Exact<{
  input: ConnectionIdInput;
}>;


export type ResumeConnectionMutation = { resumeConnection: { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type DisconnectConnectionMutationVariables = Exact<{
  input: ConnectionIdInput;
}>;


export type DisconnectConnectionMutation = { disconnectConnection: { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type UpdateSettingsMutationVariables = Exact<{
  input: UpdateConnectionSettingsInput;
}>;


export type UpdateSettingsMutation = { updateConnectionSettings: { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type RunJobMutationVariables = Exact<{
  input: RunJobNowInput;
}>;


export type RunJobMutation = { runJobNow: { jobRun: { id: string, status: JobRunStatus } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type SendAgreementMutationVariables = Exact<{
  input: SendAgreementInput;
}>;


export type SendAgreementMutation = { sendAgreement: { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type SignAgreementMutationVariables = Exact<{
  input: SignAgreementInput;
}>;


export type SignAgreementMutation = { signAgreement: { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type VoidAgreementMutationVariables = Exact<{
  input: VoidAgreementInput;
}>;


export type VoidAgreementMutation = { voidAgreement: { connection: { createdAt: string, id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string, sellerPortalUrl: string, developerName: string, legacyDeveloperAccount: string | null, authorizationSteps: Array<string> }, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null, turnaroundHours: number, steps: Array<{ stage: OnboardingStage, title: string, doneAt: string | null, doneBy: string | null, waitingFor: string | null }> }, settings: { importOrders: boolean, orderImportMinutes: number, trackingUpdateMinutes: number, sendTrackingImmediately: boolean, inventorySync: boolean, inventorySyncMinutes: number, inventoryBuffer: number, inventoryPercent: number, unknownSku: UnmappedPolicy, unknownShippingService: UnmappedPolicy, importFrom: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, nextTrackingUpdateAt: string | null, nextInventorySyncAt: string | null, authorizationExpiresAt: string | null, applicationSecretExpiresAt: string | null, lastOrderImport: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, errorMessage: string | null } | null, lastTrackingUpdate: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, lastInventorySync: { id: string, status: JobRunStatus, startedAt: string, finishedAt: string | null, sent: number, accepted: number, rejected: number, errorMessage: string | null } | null, quotas: Array<{ operation: string, available: number, burst: number, ratePerSecond: number, throttledUntil: string | null }> }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type ConnectionChoicesQueryVariables = Exact<{
  first?: number | null | undefined;
}>;


export type ConnectionChoicesQuery = { customers: { nodes: Array<{ id: string, name: string }> }, warehouses: Array<{ id: string, code: string, name: string }>, marketplaces: Array<{ id: string, name: string, countryCode: string, region: MarketplaceRegion }> };

export type RequestConnectionsMutationVariables = Exact<{
  input: RequestConnectionsInput;
}>;


export type RequestConnectionsMutation = { requestConnections: { connections: Array<{ id: string, name: string }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type CreateSetupLinkMutationVariables = Exact<{
  input: CreateSetupLinkInput;
}>;


export type CreateSetupLinkMutation = { createSetupLink: { url: string | null, setupLink: { id: string, expiresAt: string } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type DashboardQueryVariables = Exact<{
  now: string;
  today: string;
  tomorrow: string;
}>;


export type DashboardQuery = { open: { totalCount: number }, dueToday: { totalCount: number }, late: { totalCount: number }, held: { totalCount: number }, cancelRequested: { totalCount: number }, ordersIn: { totalCount: number }, shipped: { totalCount: number }, rejected: { totalCount: number }, failures: { totalCount: number }, urgent: { nodes: Array<{ id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }> }, connections: { nodes: Array<{ id: string, name: string, status: ConnectionStatus, statusReason: string | null, merchantId: string | null, version: number, marketplace: { id: string, name: string }, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, health: { importLagSeconds: number | null, openImportFailures: number, pendingTracking: number, rejectedTracking: number, nextOrderImportAt: string | null, authorizationExpiresAt: string | null }, onboarding: { stage: OnboardingStage, overdue: boolean, dueAt: string | null } }> } };

export type DayHourQueryVariables = Exact<{
  from: string;
  before: string;
}>;


export type DayHourQuery = { orders: { totalCount: number }, shipments: { totalCount: number } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { name: string, role: Role, customers: Array<{ id: string, name: string }> | null }, warehouses: Array<{ id: string, code: string, name: string, timeZone: string }> };

export type ChoicesQueryVariables = Exact<{
  first?: number | null | undefined;
}>;


export type ChoicesQuery = { connections: { nodes: Array<{ id: string, name: string, status: ConnectionStatus, marketplace: { id: string, name: string, currencyCode: string }, customer: { id: string, name: string }, warehouse: { id: string, code: string } }> }, customers: { nodes: Array<{ id: string, name: string }> } };

export type HeadQueryVariables = Exact<{ [key: string]: never; }>;


export type HeadQuery = { eventCursor: string };

type EventFields_ConnectionEvent_Fragment = { __typename: 'ConnectionEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, connection: { id: string, name: string }, customer: { id: string, name: string } };

type EventFields_ImportEvent_Fragment = { __typename: 'ImportEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, jobRun: { id: string, kind: JobKind, status: JobRunStatus, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number }, connection: { id: string, name: string }, customer: { id: string, name: string } };

type EventFields_ImportFailureEvent_Fragment = { __typename: 'ImportFailureEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, failure: { id: string, number: string, code: ImportFailureCode, message: string }, connection: { id: string, name: string }, customer: { id: string, name: string } };

type EventFields_InventoryEvent_Fragment = { __typename: 'InventoryEvent', quantity: number, id: string, cursor: string, type: EventType, occurredAt: string, summary: string, inventoryItem: { id: string, sku: string, available: number }, connection: { id: string, name: string }, customer: { id: string, name: string } };

type EventFields_OrderEvent_Fragment = { __typename: 'OrderEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, order: { id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }, connection: { id: string, name: string }, customer: { id: string, name: string } };

type EventFields_ShipmentEvent_Fragment = { __typename: 'ShipmentEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, shipment: { id: string, order: { id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> } }, connection: { id: string, name: string }, customer: { id: string, name: string } };

export type EventFieldsFragment =
  | EventFields_ConnectionEvent_Fragment
  | EventFields_ImportEvent_Fragment
  | EventFields_ImportFailureEvent_Fragment
  | EventFields_InventoryEvent_Fragment
  | EventFields_OrderEvent_Fragment
  | EventFields_ShipmentEvent_Fragment
;

export type EventsSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type EventsSubscription = { events:
    | { __typename: 'ConnectionEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, connection: { id: string, name: string }, customer: { id: string, name: string } }
    | { __typename: 'ImportEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, jobRun: { id: string, kind: JobKind, status: JobRunStatus, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number }, connection: { id: string, name: string }, customer: { id: string, name: string } }
    | { __typename: 'ImportFailureEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, failure: { id: string, number: string, code: ImportFailureCode, message: string }, connection: { id: string, name: string }, customer: { id: string, name: string } }
    | { __typename: 'InventoryEvent', quantity: number, id: string, cursor: string, type: EventType, occurredAt: string, summary: string, inventoryItem: { id: string, sku: string, available: number }, connection: { id: string, name: string }, customer: { id: string, name: string } }
    | { __typename: 'OrderEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, order: { id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }, connection: { id: string, name: string }, customer: { id: string, name: string } }
    | { __typename: 'ShipmentEvent', id: string, cursor: string, type: EventType, occurredAt: string, summary: string, shipment: { id: string, order: { id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> } }, connection: { id: string, name: string }, customer: { id: string, name: string } }
   };

export type FailuresQueryVariables = Exact<{
  filter?: ImportFailureFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type FailuresQuery = { importFailures: { nodes: Array<{ id: string, number: string, code: ImportFailureCode, message: string, detail: string | null, state: ImportFailureState, attempts: number, firstFailedAt: string, lastFailedAt: string, connection: { id: string, name: string, marketplace: { id: string } }, order: { id: string, number: string } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type FailureQueryVariables = Exact<{
  id: string;
}>;


export type FailureQuery = { node:
    | { id: string, number: string, code: ImportFailureCode, message: string, detail: string | null, state: ImportFailureState, attempts: number, firstFailedAt: string, lastFailedAt: string, connection: { id: string, name: string, marketplace: { id: string } }, order: { id: string, number: string } | null }
    | Record<PropertyKey, never>
   | null };

export type RunsQueryVariables = Exact<{
  filter?: JobRunFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RunsQuery = { jobRuns: { nodes: Array<{ id: string, kind: JobKind, status: JobRunStatus, trigger: JobTrigger, startedAt: string, finishedAt: string | null, found: number, imported: number, updated: number, unchanged: number, skipped: number, failed: number, sent: number, accepted: number, rejected: number, calls: number, errorCode: string | null, errorMessage: string | null, windowFrom: string | null, windowTo: string | null, connection: { id: string, name: string } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type TraceQueryVariables = Exact<{
  connectionId: string;
  number: string;
}>;


export type TraceQuery = { orderTrace: { state: OrderTraceState, skipReason: SkipReason | null, marketplaceStatus: string | null, firstSeenAt: string | null, lastSeenAt: string | null, order: { id: string, number: string, status: OrderStatus, shipments: Array<{ id: string, tracking: { status: TrackingStatus, message: string | null } }> } | null, failure: { id: string, code: ImportFailureCode, message: string, detail: string | null, state: ImportFailureState } | null, lastRun: { id: string, kind: JobKind, status: JobRunStatus, startedAt: string, errorMessage: string | null } | null } };

export type ImportOrderMutationVariables = Exact<{
  input: ImportOrderInput;
}>;


export type ImportOrderMutation = { importOrder: { trace: { state: OrderTraceState, skipReason: SkipReason | null, marketplaceStatus: string | null, firstSeenAt: string | null, lastSeenAt: string | null, order: { id: string, number: string, status: OrderStatus, shipments: Array<{ id: string, tracking: { status: TrackingStatus, message: string | null } }> } | null, failure: { id: string, code: ImportFailureCode, message: string, detail: string | null, state: ImportFailureState } | null, lastRun: { id: string, kind: JobKind, status: JobRunStatus, startedAt: string, errorMessage: string | null } | null } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type MapSkusMutationVariables = Exact<{
  input: MapSkusInput;
}>;


export type MapSkusMutation = { mapSkus: { unblocks: number, mappings: Array<{ id: string, sellerSku: string, warehouseSku: string, unitsPerItem: number }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type MapServicesMutationVariables = Exact<{
  input: MapShippingServicesInput;
}>;


export type MapServicesMutation = { mapShippingServices: { unblocks: number, mappings: Array<{ marketplaceService: string, carrier: string, scac: string, service: string }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type RetryImportsMutationVariables = Exact<{
  input: RetryImportsInput;
}>;


export type RetryImportsMutation = { retryImports: { resolved: Array<{ id: string, number: string, state: ImportFailureState, order: { id: string, number: string } | null }>, stillFailing: Array<{ id: string, number: string, code: ImportFailureCode, message: string, state: ImportFailureState }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type DismissFailuresMutationVariables = Exact<{
  input: DismissImportFailuresInput;
}>;


export type DismissFailuresMutation = { dismissImportFailures: { dismissed: Array<{ id: string, state: ImportFailureState, detail: string | null }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type StockRowFragment = { id: string, sku: string, title: string | null, onHand: number, onHold: number, allocated: number, available: number, updatedAt: string, version: number, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, listings: Array<{ sellerSku: string, quantity: number, status: ListingStatus, message: string | null, pushedQuantity: number | null, pushedAt: string | null, confirmedQuantity: number | null, confirmedAt: string | null, connection: { id: string, name: string } }> };

export type StockPageQueryVariables = Exact<{
  filter?: InventoryFilter | null | undefined;
  orderBy?: InventoryOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type StockPageQuery = { inventory: { nodes: Array<{ id: string, sku: string, title: string | null, onHand: number, onHold: number, allocated: number, available: number, updatedAt: string, version: number, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, listings: Array<{ sellerSku: string, quantity: number, status: ListingStatus, message: string | null, pushedQuantity: number | null, pushedAt: string | null, confirmedQuantity: number | null, confirmedAt: string | null, connection: { id: string, name: string } }> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type StockItemQueryVariables = Exact<{
  id: string;
}>;


export type StockItemQuery = { inventoryItem: { id: string, sku: string, title: string | null, onHand: number, onHold: number, allocated: number, available: number, updatedAt: string, version: number, listings: Array<{ sellerSku: string, quantity: number, status: ListingStatus, message: string | null, pushedQuantity: number | null, pushedAt: string | null, confirmedQuantity: number | null, confirmedAt: string | null, connection: { id: string, name: string }, explanation: Array<{ label: string, change: number, result: number }> }>, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string } } | null };

export type MovementsQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type MovementsQuery = { inventoryItem: { id: string, movements: { nodes: Array<{ id: string, at: string, by: string, kind: MovementKind, quantity: number, reason: string | null, reference: string | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type ReceiveStockMutationVariables = Exact<{
  input: ReceiveInventoryInput;
}>;


export type ReceiveStockMutation = { receiveInventory: { items: Array<{ id: string, sku: string, title: string | null, onHand: number, onHold: number, allocated: number, available: number, updatedAt: string, version: number, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, listings: Array<{ sellerSku: string, quantity: number, status: ListingStatus, message: string | null, pushedQuantity: number | null, pushedAt: string | null, confirmedQuantity: number | null, confirmedAt: string | null, connection: { id: string, name: string } }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type AdjustStockMutationVariables = Exact<{
  input: AdjustInventoryInput;
}>;


export type AdjustStockMutation = { adjustInventory: { items: Array<{ id: string, sku: string, title: string | null, onHand: number, onHold: number, allocated: number, available: number, updatedAt: string, version: number, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, listings: Array<{ sellerSku: string, quantity: number, status: ListingStatus, message: string | null, pushedQuantity: number | null, pushedAt: string | null, confirmedQuantity: number | null, confirmedAt: string | null, connection: { id: string, name: string } }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type SetStockRuleMutationVariables = Exact<{
  input: SetInventoryRuleInput;
}>;


export type SetStockRuleMutation = { setInventoryRule: { items: Array<{ id: string, sku: string, title: string | null, onHand: number, onHold: number, allocated: number, available: number, updatedAt: string, version: number, customer: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, listings: Array<{ sellerSku: string, quantity: number, status: ListingStatus, message: string | null, pushedQuantity: number | null, pushedAt: string | null, confirmedQuantity: number | null, confirmedAt: string | null, connection: { id: string, name: string } }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type OrderRowFragment = { id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> };

export type OrdersPageQueryVariables = Exact<{
  filter?: OrderFilter | null | undefined;
  orderBy?: OrderOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type OrdersPageQuery = { orders: { nodes: Array<{ id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type OrdersCountQueryVariables = Exact<{
  filter?: OrderFilter | null | undefined;
}>;


export type OrdersCountQuery = { orders: { totalCount: number } };

export type OrdersByIdsQueryVariables = Exact<{
  ids: Array<string> | string;
}>;


export type OrdersByIdsQuery = { nodes: Array<
    | { id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }
    | Record<PropertyKey, never>
   | null> };

export type OrdersAskedQueryVariables = Exact<{
  filter: OrderFilter;
}>;


export type OrdersAskedQuery = { orders: { nodes: Array<{ id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }> } };

export type ShipmentDetailFragment = { id: string, shippedAt: string, shippedBy: string, weight: { value: string, unit: WeightUnit } | null, lines: Array<{ quantity: number, orderLine: { id: string, sellerSku: string, warehouseSku: string, title: string | null } }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, tracking: { status: TrackingStatus, attempts: number, lastAttemptAt: string | null, nextAttemptAt: string | null, acceptedAt: string | null, code: string | null, message: string | null, marketplaceMessage: string | null, field: Array<string> | null, trackingUrl: string | null } };

export type OrderDetailFragment = { deliverBy: string | null, updatedAt: string, id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, shipTo: { name: string | null, company: string | null, line1: string | null, line2: string | null, line3: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, phone: string | null, redacted: boolean }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number, unitPrice: { amount: string, currencyCode: string } | null, gift: { message: string | null, wrapping: string | null } | null, inventoryItem: { id: string, onHand: number, available: number } | null }>, charges: Array<{ id: string, kind: ChargeKind, code: string, description: string | null, addedAt: string, addedBy: string, amount: { amount: string, currencyCode: string } }>, shipments: Array<{ id: string, shippedAt: string, shippedBy: string, routing: { trackingNumber: string | null, carrier: string | null, scac: string | null, service: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, tracking: { status: TrackingStatus, attempts: number, lastAttemptAt: string | null, nextAttemptAt: string | null, acceptedAt: string | null, code: string | null, message: string | null, marketplaceMessage: string | null, field: Array<string> | null, trackingUrl: string | null }, weight: { value: string, unit: WeightUnit } | null, lines: Array<{ quantity: number, orderLine: { id: string, sellerSku: string, warehouseSku: string, title: string | null } }> }>, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null } };

export type OrderPageQueryVariables = Exact<{
  id: string;
}>;


export type OrderPageQuery = { order: { deliverBy: string | null, updatedAt: string, id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, shipTo: { name: string | null, company: string | null, line1: string | null, line2: string | null, line3: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, phone: string | null, redacted: boolean }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number, unitPrice: { amount: string, currencyCode: string } | null, gift: { message: string | null, wrapping: string | null } | null, inventoryItem: { id: string, onHand: number, available: number } | null }>, charges: Array<{ id: string, kind: ChargeKind, code: string, description: string | null, addedAt: string, addedBy: string, amount: { amount: string, currencyCode: string } }>, shipments: Array<{ id: string, shippedAt: string, shippedBy: string, routing: { trackingNumber: string | null, carrier: string | null, scac: string | null, service: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, tracking: { status: TrackingStatus, attempts: number, lastAttemptAt: string | null, nextAttemptAt: string | null, acceptedAt: string | null, code: string | null, message: string | null, marketplaceMessage: string | null, field: Array<string> | null, trackingUrl: string | null }, weight: { value: string, unit: WeightUnit } | null, lines: Array<{ quantity: number, orderLine: { id: string, sellerSku: string, warehouseSku: string, title: string | null } }> }>, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null } } | null };

export type OrderWatchSubscriptionVariables = Exact<{
  id: string;
}>;


export type OrderWatchSubscription = { order: { deliverBy: string | null, updatedAt: string, id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, shipTo: { name: string | null, company: string | null, line1: string | null, line2: string | null, line3: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, phone: string | null, redacted: boolean }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number, unitPrice: { amount: string, currencyCode: string } | null, gift: { message: string | null, wrapping: string | null } | null, inventoryItem: { id: string, onHand: number, available: number } | null }>, charges: Array<{ id: string, kind: ChargeKind, code: string, description: string | null, addedAt: string, addedBy: string, amount: { amount: string, currencyCode: string } }>, shipments: Array<{ id: string, shippedAt: string, shippedBy: string, routing: { trackingNumber: string | null, carrier: string | null, scac: string | null, service: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, tracking: { status: TrackingStatus, attempts: number, lastAttemptAt: string | null, nextAttemptAt: string | null, acceptedAt: string | null, code: string | null, message: string | null, marketplaceMessage: string | null, field: Array<string> | null, trackingUrl: string | null }, weight: { value: string, unit: WeightUnit } | null, lines: Array<{ quantity: number, orderLine: { id: string, sellerSku: string, warehouseSku: string, title: string | null } }> }>, supportedActions: Array<{ action: string, allowed: boolean, reason: string | null }>, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null } } };

export type OrderHistoryQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type OrderHistoryQuery = { order: { id: string, history: { nodes: Array<
        | { id: string, type: EventType, occurredAt: string, summary: string }
        | { id: string, type: EventType, occurredAt: string, summary: string }
        | { id: string, type: EventType, occurredAt: string, summary: string }
        | { id: string, type: EventType, occurredAt: string, summary: string }
        | { id: string, type: EventType, occurredAt: string, summary: string }
        | { id: string, type: EventType, occurredAt: string, summary: string }
      >, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type ShipmentOrderQueryVariables = Exact<{
  id: string;
}>;


export type ShipmentOrderQuery = { shipment: { id: string, order: { id: string } } | null };

export type HoldOrdersMutationVariables = Exact<{
  input: HoldOrdersInput;
}>;


export type HoldOrdersMutation = { holdOrders: { orders: Array<{ id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type ReleaseOrdersMutationVariables = Exact<{
  input: OrderIdsInput;
}>;


export type ReleaseOrdersMutation = { releaseOrders: { orders: Array<{ id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type CancelOrdersMutationVariables = Exact<{
  input: CancelOrdersInput;
}>;


export type CancelOrdersMutation = { cancelOrders: { orders: Array<{ id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type UpdateRoutingMutationVariables = Exact<{
  input: UpdateRoutingInput;
}>;


export type UpdateRoutingMutation = { updateRouting: { orders: Array<{ id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type AddChargesMutationVariables = Exact<{
  input: AddChargesInput;
}>;


export type AddChargesMutation = { addCharges: { orders: Array<{ id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type CorrectTrackingMutationVariables = Exact<{
  input: CorrectTrackingInput;
}>;


export type CorrectTrackingMutation = { correctTracking: { shipment: { id: string, shippedAt: string, shippedBy: string, weight: { value: string, unit: WeightUnit } | null, lines: Array<{ quantity: number, orderLine: { id: string, sellerSku: string, warehouseSku: string, title: string | null } }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, tracking: { status: TrackingStatus, attempts: number, lastAttemptAt: string | null, nextAttemptAt: string | null, acceptedAt: string | null, code: string | null, message: string | null, marketplaceMessage: string | null, field: Array<string> | null, trackingUrl: string | null } } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type RetryTrackingMutationVariables = Exact<{
  input: ShipmentIdsInput;
}>;


export type RetryTrackingMutation = { retryTracking: { shipments: Array<{ id: string, shippedAt: string, shippedBy: string, weight: { value: string, unit: WeightUnit } | null, lines: Array<{ quantity: number, orderLine: { id: string, sellerSku: string, warehouseSku: string, title: string | null } }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, tracking: { status: TrackingStatus, attempts: number, lastAttemptAt: string | null, nextAttemptAt: string | null, acceptedAt: string | null, code: string | null, message: string | null, marketplaceMessage: string | null, field: Array<string> | null, trackingUrl: string | null } }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } };

export type CarriersQueryVariables = Exact<{ [key: string]: never; }>;


export type CarriersQuery = { carriers: Array<{ code: string, name: string, scacs: Array<string>, services: Array<string> }> };

export type PreviewShippingQueryVariables = Exact<{
  input: ShipAndCloseInput;
}>;


export type PreviewShippingQuery = { shipAndClosePreview: { userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }>, results: Array<{ orderId: string, wouldClose: boolean, marketplaceCarrierCode: string | null, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null }, additionalCharges: Array<{ code: string, amount: { amount: string, currencyCode: string } }>, totalCharges: { amount: string, currencyCode: string } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }>, warnings: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> }> } };

export type ShipAndCloseMutationVariables = Exact<{
  input: ShipAndCloseInput;
}>;


export type ShipAndCloseMutation = { shipAndClose: { closed: number, failed: number, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }>, results: Array<{ orderId: string, order: { id: string, number: string, version: number, status: OrderStatus, cancelRequested: boolean, marketplaceStatus: string, shippingService: string | null, purchasedAt: string, importedAt: string, shipBy: string | null, closedAt: string | null, units: number, total: { amount: string, currencyCode: string } | null, chargesTotal: { amount: string, currencyCode: string } | null, connection: { id: string, name: string }, customer: { id: string, name: string }, marketplace: { id: string, name: string }, warehouse: { id: string, code: string, timeZone: string }, shipTo: { name: string | null, company: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string, redacted: boolean }, holds: Array<{ reason: HoldReason, note: string | null, placedAt: string, placedBy: string }>, routing: { carrier: string | null, scac: string | null, service: string | null, trackingNumber: string | null, billOfLading: string | null, loadNumber: string | null, trailerNumber: string | null, sealNumber: string | null }, lines: Array<{ id: string, lineNumber: number, sellerSku: string, warehouseSku: string, title: string | null, quantity: number, quantityShipped: number, quantityCancelled: number }>, shipments: Array<{ id: string, routing: { trackingNumber: string | null }, tracking: { status: TrackingStatus } }> } | null, charges: Array<{ id: string, code: string, kind: ChargeKind, amount: { amount: string, currencyCode: string } }>, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }>, warnings: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> }> } };

export const AddChargesDocument: Document<AddChargesMutation, AddChargesMutationVariables> = /*#__PURE__*/ document("mutation AddCharges($input:AddChargesInput!){addCharges(input:$input){orders{...OrderRow __typename}userErrors{code field message __typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:328321bb2891d054c70b87e497dcd904f022180f2b0bb0c7f1256d0d28b34c13')
export const AdjustStockDocument: Document<AdjustStockMutation, AdjustStockMutationVariables> = /*#__PURE__*/ document("mutation AdjustStock($input:AdjustInventoryInput!){adjustInventory(input:$input){items{...StockRow __typename}userErrors{code field message __typename}__typename}}fragment StockRow on InventoryItem{id sku title onHand onHold allocated available updatedAt version customer{id name __typename}warehouse{id code timeZone __typename}listings{sellerSku quantity status message pushedQuantity pushedAt confirmedQuantity confirmedAt connection{id name __typename}__typename}__typename}", 'sha256:0defff18447cadecbe5bac27e9bf91ea20b6da4e20ca6fa947580903c70de59e')
export const BeginAuthorizationDocument: Document<BeginAuthorizationMutation, BeginAuthorizationMutationVariables> = /*#__PURE__*/ document("mutation BeginAuthorization($input:BeginAuthorizationInput!){beginAuthorization(input:$input){authorizationUrl expiresAt userErrors{code field message __typename}__typename}}", 'sha256:0b6d0db8cb40a686f96584d08ce55b33c035a86bddd41f526e05fb60657b7051')
export const CancelOrdersDocument: Document<CancelOrdersMutation, CancelOrdersMutationVariables> = /*#__PURE__*/ document("mutation CancelOrders($input:CancelOrdersInput!){cancelOrders(input:$input){orders{...OrderRow __typename}userErrors{code field message __typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:73ec0f90ce13349cec2ff8b460df232d58fb761d6491fa0a1f59a4127d44696e')
export const CarriersDocument: Document<CarriersQuery, CarriersQueryVariables> = /*#__PURE__*/ document("query Carriers{carriers{code name scacs services __typename}}", 'sha256:88e05ef28dd132be42d53dd61c0af9021cbe6a9d87e8b87a9075da510d9935bd')
export const ChoicesDocument: Document<ChoicesQuery, ChoicesQueryVariables> = /*#__PURE__*/ document("query Choices($first:Int=100){connections(first:$first){nodes{id name status marketplace{id name currencyCode __typename}customer{id name __typename}warehouse{id code __typename}__typename}__typename}customers(first:$first){nodes{id name __typename}__typename}}", 'sha256:2c4281302fbab64e5975e456777cce9f704465db283ad2121b12341c74b5ecc9')
export const ConnectionChoicesDocument: Document<ConnectionChoicesQuery, ConnectionChoicesQueryVariables> = /*#__PURE__*/ document("query ConnectionChoices($first:Int=100){customers(first:$first){nodes{id name __typename}__typename}warehouses{id code name __typename}marketplaces{id name countryCode region __typename}}", 'sha256:d9235c512c626c3d2c8dc92728812b67f78c5112f5e3f28b601c510b00e10e88')
export const ConnectionPageDocument: Document<ConnectionPageQuery, ConnectionPageQueryVariables> = /*#__PURE__*/ document("query ConnectionPage($id:ID!){connection(id:$id){...ConnectionDetail __typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:14da69315c406052af5ee8152bee3c2969ff2ad7efa192b9ffbfd0023d5b552f')
export const ConnectionPeopleDocument: Document<ConnectionPeopleQuery, ConnectionPeopleQueryVariables> = /*#__PURE__*/ document("query ConnectionPeople($id:ID!){connection(id:$id){id onboarding{agreement{status provider sentAt signedAt signerName signerEmail documentUrl documentSha256 statusReason __typename}__typename}notificationContacts{id email active topics frequency timeZone disabledReason __typename}webhooks{id url active failingSince disabledReason topics __typename}__typename}}", 'sha256:1ea69c4c2289c3c273fb574a7afa66f519063ad9d29f854ef48de2f4f252c163')
export const ConnectionsPageDocument: Document<ConnectionsPageQuery, ConnectionsPageQueryVariables> = /*#__PURE__*/ document("query ConnectionsPage($filter:ConnectionFilter$first:Int$after:String){connections(filter:$filter first:$first after:$after){nodes{...ConnectionRow __typename}pageInfo{endCursor hasNextPage __typename}__typename}}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:0946ac8eef9b5d1fb75f9ba21b43882ae1416f4c80a50b2539cda3923b2842ea')
export const CorrectTrackingDocument: Document<CorrectTrackingMutation, CorrectTrackingMutationVariables> = /*#__PURE__*/ document("mutation CorrectTracking($input:CorrectTrackingInput!){correctTracking(input:$input){shipment{...ShipmentDetail __typename}userErrors{code field message __typename}__typename}}fragment ShipmentDetail on Shipment{id shippedAt shippedBy weight{value unit __typename}lines{quantity orderLine{id sellerSku warehouseSku title __typename}__typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}tracking{status attempts lastAttemptAt nextAttemptAt acceptedAt code message marketplaceMessage field trackingUrl __typename}__typename}", 'sha256:3a68ef6b9ba017a4b7cdb9f9ce250d461db777d177a8ebe719fb2341f13b8ee5')
export const CreateSetupLinkDocument: Document<CreateSetupLinkMutation, CreateSetupLinkMutationVariables> = /*#__PURE__*/ document("mutation CreateSetupLink($input:CreateSetupLinkInput!){createSetupLink(input:$input){url setupLink{id expiresAt __typename}userErrors{code field message __typename}__typename}}", 'sha256:3019f6367a189a4829de2f3358a01854773e482e60f732b7b41e81778f06c51b')
export const DashboardDocument: Document<DashboardQuery, DashboardQueryVariables> = /*#__PURE__*/ document("query Dashboard($now:DateTime!$today:DateTime!$tomorrow:DateTime!){open:orders(first:1 filter:{statuses:[OPEN]}){totalCount __typename}dueToday:orders(first:1 filter:{statuses:[OPEN]shipByBefore:$tomorrow}){totalCount __typename}late:orders(first:1 filter:{statuses:[OPEN]shipByBefore:$now}){totalCount __typename}held:orders(first:1 filter:{statuses:[OPEN]onHold:true}){totalCount __typename}cancelRequested:orders(first:1 filter:{statuses:[OPEN]cancelRequested:true}){totalCount __typename}ordersIn:orders(first:1 filter:{importedFrom:$today}){totalCount __typename}shipped:shipments(first:1 filter:{shippedFrom:$today}){totalCount __typename}rejected:shipments(first:1 filter:{trackingStatuses:[REJECTED]}){totalCount __typename}failures:importFailures(first:1 filter:{states:[OPEN]}){totalCount __typename}urgent:orders(first:8 filter:{statuses:[OPEN]}orderBy:SHIP_BY_ASC){nodes{...OrderRow __typename}__typename}connections(first:100){nodes{...ConnectionRow __typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:3fccd51952fa5895d7ae659b4e13f981109c1ca372a0466d93fad0f0b8bf4203')
export const DayHourDocument: Document<DayHourQuery, DayHourQueryVariables> = /*#__PURE__*/ document("query DayHour($from:DateTime!$before:DateTime!){orders(first:1 filter:{importedFrom:$from importedBefore:$before}){totalCount __typename}shipments(first:1 filter:{shippedFrom:$from shippedBefore:$before}){totalCount __typename}}", 'sha256:0e4048f371679a1316e6f0ca6f550e99f9b9b50d530550a55d62ff00bbdbfba1')
export const DisconnectConnectionDocument: Document<DisconnectConnectionMutation, DisconnectConnectionMutationVariables> = /*#__PURE__*/ document("mutation DisconnectConnection($input:ConnectionIdInput!){disconnectConnection(input:$input){connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:24f8005ee4fb585e5e6520b0de33b1d76473a3f9ccf043ee081dd075559a5eec')
export const DismissFailuresDocument: Document<DismissFailuresMutation, DismissFailuresMutationVariables> = /*#__PURE__*/ document("mutation DismissFailures($input:DismissImportFailuresInput!){dismissImportFailures(input:$input){dismissed{id state detail __typename}userErrors{code field message __typename}__typename}}", 'sha256:6c2709fd71679b580c4edcfb762466b3252a4983a4daea562fde8810ec3b814c')
export const EventsDocument: Document<EventsSubscription, EventsSubscriptionVariables> = /*#__PURE__*/ document("subscription Events($filter:EventFilter$after:EventCursor){events(filter:$filter after:$after){...EventFields __typename}}fragment EventFields on Event{__typename id cursor type occurredAt summary connection{id name __typename}customer{id name __typename}...on OrderEvent{order{...OrderRow __typename}__typename}...on ShipmentEvent{shipment{id order{...OrderRow __typename}__typename}__typename}...on ImportFailureEvent{failure{id number code message __typename}__typename}...on ImportEvent{jobRun{id kind status found imported updated unchanged skipped failed __typename}__typename}...on InventoryEvent{quantity inventoryItem{id sku available __typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:3ef65aaf78a88798d9b0f86ebc269703a5ff38decbb283ff5017da5947f7c86c')
export const FailureDocument: Document<FailureQuery, FailureQueryVariables> = /*#__PURE__*/ document("query Failure($id:ID!){node(id:$id){...on ImportFailure{id number code message detail state attempts firstFailedAt lastFailedAt connection{id name marketplace{id __typename}__typename}order{id number __typename}__typename}__typename}}", 'sha256:2f29459392411f4c8214f87b5260c7ea77b8bfb6a34360b478bec303b2fea139')
export const FailuresDocument: Document<FailuresQuery, FailuresQueryVariables> = /*#__PURE__*/ document("query Failures($filter:ImportFailureFilter$first:Int$after:String){importFailures(filter:$filter first:$first after:$after){nodes{id number code message detail state attempts firstFailedAt lastFailedAt connection{id name marketplace{id __typename}__typename}order{id number __typename}__typename}pageInfo{endCursor hasNextPage __typename}__typename}}", 'sha256:430529934448335566a9d4f5b96beb8f4e54d6319c58cccd551af6175a40d72e')
export const GoLiveDocument: Document<GoLiveMutation, GoLiveMutationVariables> = /*#__PURE__*/ document("mutation GoLive($input:ConnectionIdInput!){goLive(input:$input){connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:6535d6068ed77c184a3a6d480903d7ebc141835d51dd023efe51905a56886b81')
export const HeadDocument: Document<HeadQuery, HeadQueryVariables> = /*#__PURE__*/ document("query Head{eventCursor}", 'sha256:53336c857135125667b1b7fb0d28e07a3ce8a55fef0ba184562198083c1409da')
export const HoldOrdersDocument: Document<HoldOrdersMutation, HoldOrdersMutationVariables> = /*#__PURE__*/ document("mutation HoldOrders($input:HoldOrdersInput!){holdOrders(input:$input){orders{...OrderRow __typename}userErrors{code field message __typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:065a0efa0f547728dfaeacb1e16c28a2530aa7f79e4fde89ef27262c96b974bb')
export const ImportOrderDocument: Document<ImportOrderMutation, ImportOrderMutationVariables> = /*#__PURE__*/ document("mutation ImportOrder($input:ImportOrderInput!){importOrder(input:$input){trace{state skipReason marketplaceStatus firstSeenAt lastSeenAt order{id number status shipments{id tracking{status message __typename}__typename}__typename}failure{id code message detail state __typename}lastRun{id kind status startedAt errorMessage __typename}__typename}userErrors{code field message __typename}__typename}}", 'sha256:8ac68ed104f1169c54aed4a70cede264157dd7fa3f160bb5f53d06ad00059bc7')
export const MapServicesDocument: Document<MapServicesMutation, MapServicesMutationVariables> = /*#__PURE__*/ document("mutation MapServices($input:MapShippingServicesInput!){mapShippingServices(input:$input){mappings{marketplaceService carrier scac service __typename}unblocks userErrors{code field message __typename}__typename}}", 'sha256:f8ac49e3696d740e43d1a4393787e64f055b2bee22eb1f3aa7e0a7e2a15a902e')
export const MapSkusDocument: Document<MapSkusMutation, MapSkusMutationVariables> = /*#__PURE__*/ document("mutation MapSkus($input:MapSkusInput!){mapSkus(input:$input){mappings{id sellerSku warehouseSku unitsPerItem __typename}unblocks userErrors{code field message __typename}__typename}}", 'sha256:d706bdef549cec39557dc1a6bf856e9eeff2945abcdacc601235137b870f4e60')
export const MovementsDocument: Document<MovementsQuery, MovementsQueryVariables> = /*#__PURE__*/ document("query Movements($id:ID!$after:String){inventoryItem(id:$id){id movements(first:50 after:$after){nodes{id at by kind quantity reason reference __typename}pageInfo{endCursor hasNextPage __typename}__typename}__typename}}", 'sha256:2cdf0e04bb3d40ed08c71408d85eb9c79c3d5d7fa4974f9c2d368021a81a83d6')
export const OrderHistoryDocument: Document<OrderHistoryQuery, OrderHistoryQueryVariables> = /*#__PURE__*/ document("query OrderHistory($id:ID!$first:Int$after:EventCursor){order(id:$id){id history(first:$first after:$after){nodes{id type occurredAt summary __typename}pageInfo{endCursor hasNextPage __typename}__typename}__typename}}", 'sha256:2e73e6d7d9256aa36ff7c23086cac775367a2297e9226cb95f68d5759cc1c2ac')
export const OrderPageDocument: Document<OrderPageQuery, OrderPageQueryVariables> = /*#__PURE__*/ document("query OrderPage($id:ID!){order(id:$id){...OrderDetail __typename}}fragment OrderDetail on Order{...OrderRow deliverBy updatedAt shipTo{name company line1 line2 line3 city region postalCode countryCode phone redacted __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled unitPrice{amount currencyCode __typename}gift{message wrapping __typename}inventoryItem{id onHand available __typename}__typename}charges{id kind code description amount{amount currencyCode __typename}addedAt addedBy __typename}shipments{...ShipmentDetail __typename}supportedActions{action allowed reason __typename}__typename}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}fragment ShipmentDetail on Shipment{id shippedAt shippedBy weight{value unit __typename}lines{quantity orderLine{id sellerSku warehouseSku title __typename}__typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}tracking{status attempts lastAttemptAt nextAttemptAt acceptedAt code message marketplaceMessage field trackingUrl __typename}__typename}", 'sha256:a885195487cc46784a65f97011c7d2d95cba31ee5de74ed288254b0bb0742539')
export const OrderWatchDocument: Document<OrderWatchSubscription, OrderWatchSubscriptionVariables> = /*#__PURE__*/ document("subscription OrderWatch($id:ID!){order(id:$id){...OrderDetail __typename}}fragment OrderDetail on Order{...OrderRow deliverBy updatedAt shipTo{name company line1 line2 line3 city region postalCode countryCode phone redacted __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled unitPrice{amount currencyCode __typename}gift{message wrapping __typename}inventoryItem{id onHand available __typename}__typename}charges{id kind code description amount{amount currencyCode __typename}addedAt addedBy __typename}shipments{...ShipmentDetail __typename}supportedActions{action allowed reason __typename}__typename}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}fragment ShipmentDetail on Shipment{id shippedAt shippedBy weight{value unit __typename}lines{quantity orderLine{id sellerSku warehouseSku title __typename}__typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}tracking{status attempts lastAttemptAt nextAttemptAt acceptedAt code message marketplaceMessage field trackingUrl __typename}__typename}", 'sha256:c2cdb533e4bdf25e48baebc6ba27113d04a99b4ac5baa7ca71aea0c690b29635')
export const OrdersAskedDocument: Document<OrdersAskedQuery, OrdersAskedQueryVariables> = /*#__PURE__*/ document("query OrdersAsked($filter:OrderFilter!){orders(filter:$filter first:5){nodes{...OrderRow __typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:6c51e50a0604c2cadf642ae3a15af18ea0e634d7293e82fed381fcaccaf08524')
export const OrdersByIdsDocument: Document<OrdersByIdsQuery, OrdersByIdsQueryVariables> = /*#__PURE__*/ document("query OrdersByIds($ids:[ID!]!){nodes(ids:$ids){...OrderRow __typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:32fc821d6ffcf4390108df06820dc473b0375513938c85c43d3e2aa49cd40e42')
export const OrdersCountDocument: Document<OrdersCountQuery, OrdersCountQueryVariables> = /*#__PURE__*/ document("query OrdersCount($filter:OrderFilter){orders(filter:$filter first:1){totalCount __typename}}", 'sha256:120c70e5a5281df07c7adff35d441aa3e2a1ed8af6aff0b1a74c9e81d3301e83')
export const OrdersPageDocument: Document<OrdersPageQuery, OrdersPageQueryVariables> = /*#__PURE__*/ document("query OrdersPage($filter:OrderFilter$orderBy:OrderOrder$first:Int$after:String){orders(filter:$filter orderBy:$orderBy first:$first after:$after){nodes{...OrderRow __typename}pageInfo{endCursor hasNextPage __typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:2b799dbefca7cb9b03cec960c211f02f39adb02870f345d2d142bfb040f3a482')
export const PauseConnectionDocument: Document<PauseConnectionMutation, PauseConnectionMutationVariables> = /*#__PURE__*/ document("mutation PauseConnection($input:PauseConnectionInput!){pauseConnection(input:$input){connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:86245607840c00785fc0bb81c6e36dd0e12a98f53c284aa64cedddedf0dc14ed')
export const PreviewShippingDocument: Document<PreviewShippingQuery, PreviewShippingQueryVariables> = /*#__PURE__*/ document("query PreviewShipping($input:ShipAndCloseInput!){shipAndClosePreview(input:$input){userErrors{code field message __typename}results{orderId wouldClose marketplaceCarrierCode routing{carrier scac service trackingNumber __typename}additionalCharges{code amount{amount currencyCode __typename}__typename}totalCharges{amount currencyCode __typename}userErrors{code field message __typename}warnings{code field message __typename}__typename}__typename}}", 'sha256:a2ae587def832cbeebfd06b202b0ea67c24205baa9288ac2179ff4bc9566e6fd')
export const ProvideCredentialsDocument: Document<ProvideCredentialsMutation, ProvideCredentialsMutationVariables> = /*#__PURE__*/ document("mutation ProvideCredentials($input:ProvideCredentialsInput!){provideCredentials(input:$input){connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:da08b9e120afb410d1790b6eef7579f6b18bc98713cec5222b1b74ab8ce96291')
export const ReceiveStockDocument: Document<ReceiveStockMutation, ReceiveStockMutationVariables> = /*#__PURE__*/ document("mutation ReceiveStock($input:ReceiveInventoryInput!){receiveInventory(input:$input){items{...StockRow __typename}userErrors{code field message __typename}__typename}}fragment StockRow on InventoryItem{id sku title onHand onHold allocated available updatedAt version customer{id name __typename}warehouse{id code timeZone __typename}listings{sellerSku quantity status message pushedQuantity pushedAt confirmedQuantity confirmedAt connection{id name __typename}__typename}__typename}", 'sha256:fe330eb09ff06b5619980c2fb7a027afe79500fea59de2f15ba99521be9ad92a')
export const ReleaseOrdersDocument: Document<ReleaseOrdersMutation, ReleaseOrdersMutationVariables> = /*#__PURE__*/ document("mutation ReleaseOrders($input:OrderIdsInput!){releaseOrders(input:$input){orders{...OrderRow __typename}userErrors{code field message __typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:c7ebd6f274742431b6ad221c37ab79f461b93388219af1fe480c86a3ff3294d1')
export const RequestConnectionsDocument: Document<RequestConnectionsMutation, RequestConnectionsMutationVariables> = /*#__PURE__*/ document("mutation RequestConnections($input:RequestConnectionsInput!){requestConnections(input:$input){connections{id name __typename}userErrors{code field message __typename}__typename}}", 'sha256:2454bb4b5beb0e0e9a31675bd22ab88d17b0f5605a45657e4f9cb4ee2d7d5db6')
export const ResumeConnectionDocument: Document<ResumeConnectionMutation, ResumeConnectionMutationVariables> = /*#__PURE__*/ document("mutation ResumeConnection($input:ConnectionIdInput!){resumeConnection(input:$input){connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:80d069a78fa75175b6b6ec62ad40be23081e1fa201ab946edcaa8d55622b932c')
export const RetryImportsDocument: Document<RetryImportsMutation, RetryImportsMutationVariables> = /*#__PURE__*/ document("mutation RetryImports($input:RetryImportsInput!){retryImports(input:$input){resolved{id number state order{id number __typename}__typename}stillFailing{id number code message state __typename}userErrors{code field message __typename}__typename}}", 'sha256:db8a94527a76a6aba7f325eb56c00b451aea642ab9f6673dc706da14c38840b1')
export const RetryTrackingDocument: Document<RetryTrackingMutation, RetryTrackingMutationVariables> = /*#__PURE__*/ document("mutation RetryTracking($input:ShipmentIdsInput!){retryTracking(input:$input){shipments{...ShipmentDetail __typename}userErrors{code field message __typename}__typename}}fragment ShipmentDetail on Shipment{id shippedAt shippedBy weight{value unit __typename}lines{quantity orderLine{id sellerSku warehouseSku title __typename}__typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}tracking{status attempts lastAttemptAt nextAttemptAt acceptedAt code message marketplaceMessage field trackingUrl __typename}__typename}", 'sha256:52eaad13c4217b9695ee3415da73301d51b9a38aa043795f882451a5000da254')
export const RunJobDocument: Document<RunJobMutation, RunJobMutationVariables> = /*#__PURE__*/ document("mutation RunJob($input:RunJobNowInput!){runJobNow(input:$input){jobRun{id status __typename}userErrors{code field message __typename}__typename}}", 'sha256:9eda0074490a339480c3c24072696eecc4528635273453006a8df65519cb5cea')
export const RunsDocument: Document<RunsQuery, RunsQueryVariables> = /*#__PURE__*/ document("query Runs($filter:JobRunFilter$first:Int$after:String){jobRuns(filter:$filter first:$first after:$after){nodes{id kind status trigger startedAt finishedAt found imported updated unchanged skipped failed sent accepted rejected calls errorCode errorMessage windowFrom windowTo connection{id name __typename}__typename}pageInfo{endCursor hasNextPage __typename}__typename}}", 'sha256:d18a163376925b93280f7b2abec486f04cb48c80f3f45ee839301834acb609c1')
export const SendAgreementDocument: Document<SendAgreementMutation, SendAgreementMutationVariables> = /*#__PURE__*/ document("mutation SendAgreement($input:SendAgreementInput!){sendAgreement(input:$input){connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:f8b95c29ab22b9f99cb0741a9d7568b4fd212ccc7138791266f2a445a77bdf39')
export const SetStockRuleDocument: Document<SetStockRuleMutation, SetStockRuleMutationVariables> = /*#__PURE__*/ document("mutation SetStockRule($input:SetInventoryRuleInput!){setInventoryRule(input:$input){items{...StockRow __typename}userErrors{code field message __typename}__typename}}fragment StockRow on InventoryItem{id sku title onHand onHold allocated available updatedAt version customer{id name __typename}warehouse{id code timeZone __typename}listings{sellerSku quantity status message pushedQuantity pushedAt confirmedQuantity confirmedAt connection{id name __typename}__typename}__typename}", 'sha256:5442bbc619b26f2b2d6bc8e7eee8ce0a2a0a160fb1256265f138d351564acacc')
export const ShipAndCloseDocument: Document<ShipAndCloseMutation, ShipAndCloseMutationVariables> = /*#__PURE__*/ document("mutation ShipAndClose($input:ShipAndCloseInput!){shipAndClose(input:$input){closed failed userErrors{code field message __typename}results{orderId order{...OrderRow __typename}charges{id code kind amount{amount currencyCode __typename}__typename}userErrors{code field message __typename}warnings{code field message __typename}__typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:5a145f41108d54c728f46d3403e87541920e0769198854acfd54d8c47bf4f54c')
export const ShipmentOrderDocument: Document<ShipmentOrderQuery, ShipmentOrderQueryVariables> = /*#__PURE__*/ document("query ShipmentOrder($id:ID!){shipment(id:$id){id order{id __typename}__typename}}", 'sha256:f11d2ad61f99bf18a6cd4951f9c732abea165a666db966a40a91fd5a140f6f8f')
export const SignAgreementDocument: Document<SignAgreementMutation, SignAgreementMutationVariables> = /*#__PURE__*/ document("mutation SignAgreement($input:SignAgreementInput!){signAgreement(input:$input){connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:eca573730445eeed364c577ac30e8385ee96e6704bcab42d7aa0d291a4e71c3c')
export const StockItemDocument: Document<StockItemQuery, StockItemQueryVariables> = /*#__PURE__*/ document("query StockItem($id:ID!){inventoryItem(id:$id){...StockRow listings{sellerSku quantity status message pushedQuantity pushedAt confirmedQuantity confirmedAt connection{id name __typename}explanation{label change result __typename}__typename}__typename}}fragment StockRow on InventoryItem{id sku title onHand onHold allocated available updatedAt version customer{id name __typename}warehouse{id code timeZone __typename}listings{sellerSku quantity status message pushedQuantity pushedAt confirmedQuantity confirmedAt connection{id name __typename}__typename}__typename}", 'sha256:ea44033ff2d5389b19247f2c31778da7631a2433a8379ece384ead503d1741ba')
export const StockPageDocument: Document<StockPageQuery, StockPageQueryVariables> = /*#__PURE__*/ document("query StockPage($filter:InventoryFilter$orderBy:InventoryOrder$first:Int$after:String){inventory(filter:$filter orderBy:$orderBy first:$first after:$after){nodes{...StockRow __typename}pageInfo{endCursor hasNextPage __typename}__typename}}fragment StockRow on InventoryItem{id sku title onHand onHold allocated available updatedAt version customer{id name __typename}warehouse{id code timeZone __typename}listings{sellerSku quantity status message pushedQuantity pushedAt confirmedQuantity confirmedAt connection{id name __typename}__typename}__typename}", 'sha256:63421108ce95060332925dddb16f08c2d02549976f903c86c0a47bdc355c37e7')
export const TestConnectionDocument: Document<TestConnectionMutation, TestConnectionMutationVariables> = /*#__PURE__*/ document("mutation TestConnection($input:ConnectionIdInput!){testConnection(input:$input){checks{name passed message __typename}connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:d30e06678f8d04ecf27478ccafb9399b8fc29f330b2585c199ad5b310a2dc813')
export const TraceDocument: Document<TraceQuery, TraceQueryVariables> = /*#__PURE__*/ document("query Trace($connectionId:ID!$number:String!){orderTrace(connectionId:$connectionId number:$number){state skipReason marketplaceStatus firstSeenAt lastSeenAt order{id number status shipments{id tracking{status message __typename}__typename}__typename}failure{id code message detail state __typename}lastRun{id kind status startedAt errorMessage __typename}__typename}}", 'sha256:b9338ff6e4626c393d47b550d17df33596bbcb5f284714d8b457a85d599a8ad6')
export const UpdateRoutingDocument: Document<UpdateRoutingMutation, UpdateRoutingMutationVariables> = /*#__PURE__*/ document("mutation UpdateRouting($input:UpdateRoutingInput!){updateRouting(input:$input){orders{...OrderRow __typename}userErrors{code field message __typename}__typename}}fragment OrderRow on Order{id number version status cancelRequested marketplaceStatus shippingService purchasedAt importedAt shipBy closedAt units total{amount currencyCode __typename}chargesTotal{amount currencyCode __typename}connection{id name __typename}customer{id name __typename}marketplace{id name __typename}warehouse{id code timeZone __typename}shipTo{name company city region postalCode countryCode redacted __typename}holds{reason note placedAt placedBy __typename}routing{carrier scac service trackingNumber billOfLading loadNumber trailerNumber sealNumber __typename}lines{id lineNumber sellerSku warehouseSku title quantity quantityShipped quantityCancelled __typename}shipments{id routing{trackingNumber __typename}tracking{status __typename}__typename}__typename}", 'sha256:c330bfff99232c5cdc80d80506bce07007bf567cba279461841c89efe6c0dd62')
export const UpdateSettingsDocument: Document<UpdateSettingsMutation, UpdateSettingsMutationVariables> = /*#__PURE__*/ document("mutation UpdateSettings($input:UpdateConnectionSettingsInput!){updateConnectionSettings(input:$input){connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:1deb31eedb131bf7c228a2412a34b96051da7f2726f81529386079d49bb34631')
export const ViewerDocument: Document<ViewerQuery, ViewerQueryVariables> = /*#__PURE__*/ document("query Viewer{viewer{name role customers{id name __typename}__typename}warehouses{id code name timeZone __typename}}", 'sha256:9439b46392ffd770e32faef01520c03e7398fafbea77aa7e5a950451a269c37a')
export const VoidAgreementDocument: Document<VoidAgreementMutation, VoidAgreementMutationVariables> = /*#__PURE__*/ document("mutation VoidAgreement($input:VoidAgreementInput!){voidAgreement(input:$input){connection{...ConnectionDetail __typename}userErrors{code field message __typename}__typename}}fragment ConnectionDetail on Connection{...ConnectionRow createdAt marketplace{id name sellerPortalUrl developerName legacyDeveloperAccount authorizationSteps __typename}supportedActions{action allowed reason __typename}onboarding{stage overdue dueAt turnaroundHours steps{stage title doneAt doneBy waitingFor __typename}__typename}settings{importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes inventoryBuffer inventoryPercent unknownSku unknownShippingService importFrom __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt authorizationExpiresAt applicationSecretExpiresAt lastOrderImport{id status startedAt finishedAt found imported updated unchanged skipped failed errorMessage __typename}lastTrackingUpdate{id status startedAt finishedAt sent accepted rejected errorMessage __typename}lastInventorySync{id status startedAt finishedAt sent accepted rejected errorMessage __typename}quotas{operation available burst ratePerSecond throttledUntil __typename}__typename}__typename}fragment ConnectionRow on Connection{id name status statusReason merchantId version marketplace{id name __typename}customer{id name __typename}warehouse{id code timeZone __typename}health{importLagSeconds openImportFailures pendingTracking rejectedTracking nextOrderImportAt authorizationExpiresAt __typename}onboarding{stage overdue dueAt __typename}__typename}", 'sha256:78847507d5ea96f55a8fc0fac682575d228711f7b8ed2b50760173292856ef20')