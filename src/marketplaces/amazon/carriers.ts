/**
 * Our carrier codes (shipments/carriers.ts) -> Amazon's `carrierCode` of confirmShipment. The API takes free text; these are the
 * names of Amazon's published enumeration (the order fulfillment feed's schema and its later additions). A carrier that is not in it
 * goes as "Other" with its name in `carrierName`, which Amazon always takes.
 */
const carrierCodes: Record<string, string> = {
  UPS: 'UPS',
  UPS_MAIL_INNOVATIONS: 'UPS Mail Innovations',
  USPS: 'USPS',
  FEDEX: 'FedEx',
  FEDEX_SMARTPOST: 'FedEx SmartPost',
  DHL: 'DHL',
  DHL_ECOMMERCE: 'DHL eCommerce',
  ONTRAC: 'OnTrac',
  LASERSHIP: 'Lasership',
  OSM: 'OSM',
  AMZL: 'Amazon Shipping',
  CANADA_POST: 'Canada Post',
  PUROLATOR: 'PUROLATOR',
  ROYAL_MAIL: 'Royal Mail',
  PARCELFORCE: 'Parcelforce',
  YODEL: 'Yodel',
  DPD: 'DPD',
  GLS: 'GLS',
  TNT: 'TNT',
  DEUTSCHE_POST: 'Deutsche Post',
  HERMES: 'Hermes Logistik Gruppe',
  CHRONOPOST: 'Chronopost',
  LA_POSTE: 'La Poste',
  CORREOS: 'Correos',
  SEUR: 'Seur',
  MRW: 'MRW',
  NACEX: 'Nacex',
  POSTE_ITALIANE: 'Poste Italiane',
  SDA: 'SDA',
  CORREIOS: 'Correios',
  AUSTRALIA_POST: 'Australia Post',
  TOLL: 'Toll Global Express',
  JAPAN_POST: 'Japan Post',
  YAMATO: 'YAMATO',
  SAGAWA: 'SAGAWA',
  NITTSU: 'NITTSU',
  ARAMEX: 'Aramex',
  BLUE_DART: 'BlueDart',
  DELHIVERY: 'Delhivery',
  DTDC: 'DTDC',
  INDIA_POST: 'India Post',
  SF_EXPRESS: 'SF Express',
  CHINA_POST: 'China Post',
  YUN_EXPRESS: 'Yun Express',
  '4PX': '4PX',
}

export const OTHER_CARRIER = 'Other'

/** `overrides` by our code win: Amazon's list changes without notice. */
export function amazonCarrierCode(carrier: string, overrides: Record<string, string> = {}): string {
  const code = carrier.trim().toUpperCase()
  if (Object.hasOwn(overrides, code)) return overrides[code]!
  return Object.hasOwn(carrierCodes, code) ? carrierCodes[code]! : OTHER_CARRIER
}
