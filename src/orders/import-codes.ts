/** Why a sighted order is not for the warehouse. */
export const skipReasons = ['PAYMENT_PENDING', 'FULFILLED_BY_MARKETPLACE', 'ALREADY_SHIPPED', 'CANCELLED', 'BEFORE_IMPORT_FROM', 'UNFULFILLABLE'] as const
export type SkipReason = (typeof skipReasons)[number]

/** Why an order could not be imported. */
export const importFailureCodes = [
  'SKU_UNMAPPED', 'SHIPPING_SERVICE_UNMAPPED', 'ADDRESS_MISSING', 'ADDRESS_INVALID', 'ITEM_WITHOUT_SKU', 'CURRENCY_UNKNOWN', 'MARKETPLACE_DATA_INVALID', 'INTERNAL',
] as const
export type ImportFailureCode = (typeof importFailureCodes)[number]

export const importFailureStates = ['OPEN', 'RESOLVED', 'DISMISSED'] as const
export type ImportFailureState = (typeof importFailureStates)[number]
