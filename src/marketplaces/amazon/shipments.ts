import type { ConfirmShipmentRequest } from '@sp-api-sdk/orders-api-v0'
import { type ChannelAccount, ChannelError, type Marketplace, type ShipmentConfirmation } from '../channel.ts'
import { OTHER_CARRIER } from './carriers.ts'
import { advised, shipmentAdvice } from './rejections.ts'
import type { SpApiClient } from './sp-api/client.ts'

/** The body of POST /orders/v0/orders/{orderId}/shipmentConfirmation, which has no successor in v2026-01-01. */
export function confirmationBody(marketplaceId: string, confirmation: ShipmentConfirmation): ConfirmShipmentRequest {
  const { packageReference, carrier, carrierCode, service, trackingNumber, shippedAt, lines } = confirmation
  return {
    marketplaceId,
    packageDetail: {
      // A positive integer, but as text: since January 2026 Amazon refuses a JSON number.
      packageReferenceId: packageReference,
      carrierCode,
      ...(carrierCode === OTHER_CARRIER ? { carrierName: carrier } : {}),
      shippingMethod: service,
      trackingNumber,
      shipDate: shippedAt.toISOString(),
      orderItems: lines.map(({ itemId, quantity }) => ({ orderItemId: itemId, quantity })),
    },
  }
}

/**
 * A repeated call edits the package of the same reference, so retries are safe. What fails in the end without `notSent` may have
 * been taken: read the order back before it is called failed.
 */
export async function confirmShipment(
  client: SpApiClient,
  account: ChannelAccount,
  marketplace: Marketplace,
  confirmation: ShipmentConfirmation,
  signal: AbortSignal,
): Promise<void> {
  const payload = confirmationBody(marketplace.id, confirmation)
  try {
    await client.call({
      operation: 'confirmShipment',
      account,
      region: marketplace.region,
      signal,
      shipBy: confirmation.shipBy,
      send: (apis, options) => apis.ordersV0.confirmShipment({ orderId: confirmation.orderNumber, payload }, options),
    })
  } catch (error) {
    const refused = advised(error, shipmentAdvice)
    if (!(refused instanceof ChannelError) || !knowsThePackage(refused)) throw refused
    const { kind, message, code, httpStatus, requestId, advice } = refused
    throw new ChannelError(kind, message, { code, httpStatus, requestId, advice, notSent: false })
  }
}

/** Amazon answers so to a package that it holds already and no longer lets be edited. */
const knowsThePackage = (error: ChannelError): boolean =>
  error.kind === 'rejected' && /PackageToUpdateNotFound/.test(`${error.code} ${error.message}`)
