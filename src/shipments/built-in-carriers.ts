// The carriers that we know of ourselves. Data; where the numbers' forms come from stands in tracking-numbers.ts.
import type { Carrier } from './carriers.ts'
import {
  checked, fedexCheckDigit, formed, gs1CheckDigit, luhnCheckDigit, mod3736CheckCharacter, mod7, type NumberScheme, s10, upsCheckDigit,
} from './tracking-numbers.ts'

const usps: NumberScheme[] = [
  // Intelligent Mail package barcode, with or without the 420 + ZIP (+ 4) before it.
  checked(/^(?:420\d{5}(?:\d{4})?)?(9[1-5]\d{19}|9[1-5]\d{23})(\d)$/, gs1CheckDigit),
  checked(/^(\d{19})(\d)$/, gs1CheckDigit),
  // The 20 digits of older labels stand for the 22 with the application identifier 91.
  checked(/^(\d{19})(\d)$/, (digits) => gs1CheckDigit(`91${digits}`)),
  s10('US'),
]

const fedex: NumberScheme[] = [
  checked(/^(\d{11})(\d)$/, fedexCheckDigit),
  checked(/^(\d{14})(\d)$/, gs1CheckDigit),
  checked(/^\d{2}(\d{15})(\d)$/, gs1CheckDigit),
  formed(/^\d{20}$/),
  checked(/^96\d{5}(\d{14})(\d)$/, gs1CheckDigit),
  checked(/^(?:[0-8]\d{19}|96\d{18})(\d{13})(\d)$/, fedexCheckDigit),
]

// OnTrac and LaserShip are one company since 2021: either name may stand on either label.
const lasership: NumberScheme[] = [formed(/^L[AIEHNX][1-3]?\d{7,8}$/), formed(/^1LS[0-9A-Z]{12}$/), formed(/^1LS7\d{12}-1$/)]
const ontrac: NumberScheme[] = [
  checked(/^C(\d{13})(\d)$/, (digits) => upsCheckDigit(`4${digits}`)),
  checked(/^D(\d{13})(\d)$/, (digits) => upsCheckDigit(`5${digits}`)),
  ...lasership,
]

const dpd: NumberScheme[] = [formed(/^\d{14}$/), checked(/^(\d{14})([0-9A-Z])$/, mod3736CheckCharacter), checked(/^(\d{27})([0-9A-Z])$/, mod3736CheckCharacter)]

const dhl: NumberScheme[] = [
  checked(/^(\d{9,10})(\d)$/, (digits) => Number(BigInt(digits) % 7n)),
  formed(/^J[A-Z]{2,3}\d{9,20}$/),
  formed(/^JD\d{16,20}$/),
  formed(/^\d{12}$/),
  checked(/^(\d{19})(\d)$/, gs1CheckDigit),
]

const carrier = (code: string, name: string, rest: Partial<Omit<Carrier, 'code' | 'name'>> = {}): Carrier => ({
  code, name, scacs: [], services: [], schemes: [], trackingUrl: null, ...rest,
})

export const builtInCarriers: readonly Carrier[] = [
  carrier('UPS', 'UPS', {
    scacs: ['UPSN', 'UPSS', 'UPSC', 'UPGF'],
    services: ['Ground', '3 Day Select', '2nd Day Air', '2nd Day Air A.M.', 'Next Day Air Saver', 'Next Day Air', 'Next Day Air Early', 'SurePost', 'Standard', 'Worldwide Saver', 'Worldwide Expedited'],
    schemes: [checked(/^1Z([0-9A-Z]{15})(\d)$/, upsCheckDigit), checked(/^[AHJKTV](\d{9})(\d)$/, upsCheckDigit)],
    trackingUrl: 'https://www.ups.com/track?tracknum=%s',
  }),
  carrier('UPS_MAIL_INNOVATIONS', 'UPS Mail Innovations', { scacs: ['UPSN', 'UPSS'], services: ['Expedited', 'Priority'], schemes: [...usps, formed(/^MI[0-9A-Z]{10,30}$/)], trackingUrl: 'https://www.ups.com/track?tracknum=%s' }),
  carrier('USPS', 'USPS', {
    scacs: ['USPS'],
    services: ['Ground Advantage', 'Priority Mail', 'Priority Mail Express', 'First-Class Mail', 'Media Mail', 'Parcel Select', 'Priority Mail International', 'First-Class Package International'],
    schemes: usps,
    trackingUrl: 'https://tools.usps.com/go/TrackConfirmAction?tLabels=%s',
  }),
  carrier('FEDEX', 'FedEx', {
    scacs: ['FDEG', 'FDE', 'FDEN', 'FEDX', 'FXFE', 'FXNL', 'FXSP', 'FDCC'],
    services: ['Ground', 'Home Delivery', 'Express Saver', '2Day', '2Day A.M.', 'Standard Overnight', 'Priority Overnight', 'First Overnight', 'Ground Economy', 'International Economy', 'International Priority', 'Freight Economy', 'Freight Priority'],
    schemes: fedex,
    trackingUrl: 'https://www.fedex.com/fedextrack/?trknbr=%s',
  }),
  carrier('FEDEX_SMARTPOST', 'FedEx SmartPost', { scacs: ['FXSP', 'FDEG'], services: ['Ground Economy'], schemes: [...fedex, ...usps], trackingUrl: 'https://www.fedex.com/fedextrack/?trknbr=%s' }),
  carrier('DHL', 'DHL', {
    scacs: ['DHLC', 'DHLA', 'DHLE'],
    services: ['Express Worldwide', 'Express 12:00', 'Express 9:00', 'Economy Select', 'Paket'],
    schemes: dhl,
    trackingUrl: 'https://www.dhl.com/en/express/tracking.html?brand=DHL&AWB=%s',
  }),
  carrier('DHL_ECOMMERCE', 'DHL eCommerce', {
    services: ['SmartMail Parcel Ground', 'SmartMail Parcel Plus', 'SmartMail Expedited'],
    schemes: [formed(/^(?:GM|LX|RX|UV|CN|SG|TH|IN|HK|MY)[0-9A-Z]{10,39}$/), formed(/^\d{14}$/), ...usps],
    trackingUrl: 'https://webtrack.dhlecs.com/orders?trackingNumber=%s',
  }),
  carrier('ONTRAC', 'OnTrac', { services: ['Ground', 'Sunrise', 'Gold'], schemes: ontrac, trackingUrl: 'https://www.ontrac.com/tracking/?number=%s' }),
  carrier('LASERSHIP', 'LaserShip', { services: ['Next Day', 'Ground'], schemes: ontrac, trackingUrl: 'https://www.ontrac.com/tracking/?number=%s' }),
  carrier('OSM', 'OSM Worldwide', { services: ['Parcel Select'], schemes: usps, trackingUrl: 'https://www.osmworldwide.com/tracking/?trackingNumbers=%s' }),
  carrier('AMZL', 'Amazon Logistics', { scacs: ['AMZL'], services: ['Amazon Shipping Ground', 'Standard'], schemes: [formed(/^TB[A-Z]\d{12}$/), formed(/^[AFCQ][A-Z]?\d{10}$/)], trackingUrl: 'https://track.amazon.com/tracking/%s' }),
  carrier('CANADA_POST', 'Canada Post', {
    services: ['Regular Parcel', 'Expedited Parcel', 'Xpresspost', 'Priority'],
    schemes: [checked(/^(\d{15})(\d)$/, gs1CheckDigit), s10('CA')],
    trackingUrl: 'https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor=%s',
  }),
  carrier('PUROLATOR', 'Purolator', {
    scacs: ['PRLA'],
    services: ['Ground', 'Express', 'Express 9AM', 'Express 10:30AM'],
    schemes: [checked(/^([0-5]\d{10})(\d)$/, luhnCheckDigit), formed(/^[A-Z]{3}\d{9}$/)],
    trackingUrl: 'https://www.purolator.com/en/shipping/tracker?searchValue=%s',
  }),
  carrier('ROYAL_MAIL', 'Royal Mail', {
    services: ['Tracked 24', 'Tracked 48', 'Special Delivery Guaranteed', '1st Class Signed For', 'International Tracked'],
    schemes: [s10('GB'), formed(/^(?=.*\d)[0-9A-Z]{21}$/)],
    trackingUrl: 'https://www.royalmail.com/track-your-item#/tracking-results/%s',
  }),
  carrier('PARCELFORCE', 'Parcelforce Worldwide', { services: ['express24', 'express48'], schemes: [s10('GB'), formed(/^(?:PB[A-Z]{2}\d{10}|[A-Z]{2}\d{7})$/)], trackingUrl: 'https://www.parcelforce.com/track-trace?trackNumber=%s' }),
  carrier('EVRI', 'Evri', { services: ['Standard', 'Next Day'], schemes: [formed(/^(?=.*\d)[0-9A-Z]{16}$/)], trackingUrl: 'https://www.evri.com/track/parcel/%s' }),
  carrier('HERMES', 'Hermes', { services: ['Standard'], schemes: [formed(/^(?=.*\d)[0-9A-Z]{14,16}$/), formed(/^H\d{19}$/), formed(/^\d{20}$/)], trackingUrl: 'https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#%s' }),
  carrier('YODEL', 'Yodel', { services: ['Xpress 24', 'Xpress 48'], schemes: [formed(/^JJ?D\d{16}$/)], trackingUrl: 'https://www.yodel.co.uk/tracking/%s' }),
  carrier('DPD', 'DPD', { services: ['Classic', 'Next Day', 'Express 10:00', 'Express 12:00'], schemes: dpd, trackingUrl: 'https://www.dpdgroup.com/nl/mydpd/my-parcels/track?lang=en&parcelNumber=%s' }),
  carrier('GLS', 'GLS', { services: ['BusinessParcel', 'EuroBusinessParcel', 'ExpressParcel'], schemes: [formed(/^\d{11,12}$/), formed(/^(?=.*\d)[0-9A-Z]{8}$/)], trackingUrl: 'https://gls-group.com/track/%s' }),
  carrier('TNT', 'TNT', { services: ['Express', 'Economy Express'], schemes: [formed(/^\d{9}$/), s10('WW')], trackingUrl: 'https://www.tnt.com/express/en_gb/site/shipping-tools/tracking.html?searchType=con&cons=%s' }),
  carrier('DEUTSCHE_POST', 'Deutsche Post', { services: ['Warensendung', 'Großbrief'], schemes: [s10('DE'), formed(/^A[0-9A-F]{19}$/)], trackingUrl: 'https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode=%s' }),
  carrier('CHRONOPOST', 'Chronopost', { services: ['Chrono 13', 'Chrono 18'], schemes: [s10('FR'), ...dpd], trackingUrl: 'https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT=%s' }),
  carrier('LA_POSTE', 'La Poste', { services: ['Colissimo', 'Lettre suivie'], schemes: [s10('FR'), formed(/^[0-9][0-9A-Z]{12,14}$/)], trackingUrl: 'https://www.laposte.fr/outils/suivre-vos-envois?code=%s' }),
  carrier('CORREOS', 'Correos', { services: ['Paq Estándar', 'Paq Premium'], schemes: [s10('ES'), formed(/^P[A-Z][0-9A-Z]{21}$/)], trackingUrl: 'https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number=%s' }),
  carrier('SEUR', 'SEUR'),
  carrier('MRW', 'MRW'),
  carrier('NACEX', 'Nacex'),
  carrier('POSTE_ITALIANE', 'Poste Italiane', { schemes: [s10('IT'), formed(/^[0-9A-Z]{13}$/)], trackingUrl: 'https://www.poste.it/cerca/index.html#/risultati-spedizioni/%s' }),
  carrier('SDA', 'SDA'),
  carrier('CORREIOS', 'Correios', { services: ['PAC', 'SEDEX'], schemes: [s10('BR')] }),
  carrier('AUSTRALIA_POST', 'Australia Post', {
    services: ['Parcel Post', 'Express Post'],
    schemes: [s10('AU'), formed(/^(?=.*\d)[0-9A-Z]{12}$/), formed(/^(?=.*\d)[0-9A-Z]{18,23}$/)],
    trackingUrl: 'https://auspost.com.au/mypost/track/details/%s',
  }),
  carrier('TOLL', 'Toll'),
  carrier('JAPAN_POST', 'Japan Post', {
    services: ['Yu-Pack', 'Letter Pack Plus', 'Yu-Packet', 'EMS'],
    schemes: [mod7(12), formed(/^\d{13}$/), s10('JP')],
    trackingUrl: 'https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1=%s&locale=en',
  }),
  carrier('YAMATO', 'Yamato Transport', { services: ['TA-Q-BIN', 'Nekopos'], schemes: [mod7(12)], trackingUrl: 'https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id=%s' }),
  carrier('SAGAWA', 'Sagawa Express', { services: ['Hikyaku Express'], schemes: [mod7(12)], trackingUrl: 'https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo=%s' }),
  carrier('NITTSU', 'Nippon Express'),
  carrier('ARAMEX', 'Aramex', { schemes: [formed(/^\d{10,12}$/)], trackingUrl: 'https://www.aramex.com/track/results?ShipmentNumber=%s' }),
  carrier('BLUE_DART', 'Blue Dart'),
  carrier('DELHIVERY', 'Delhivery'),
  carrier('DTDC', 'DTDC'),
  carrier('INDIA_POST', 'India Post', { schemes: [s10('IN')] }),
  carrier('SF_EXPRESS', 'SF Express', { schemes: [formed(/^SF\d{12,13}$/), formed(/^\d{12}$/)] }),
  carrier('CHINA_POST', 'China Post', { schemes: [s10('CN')] }),
  carrier('YUN_EXPRESS', 'YunExpress', { schemes: [formed(/^YT\d{16}$/)], trackingUrl: 'https://www.yuntrack.com/parcelTracking?id=%s' }),
  carrier('4PX', '4PX'),
]
