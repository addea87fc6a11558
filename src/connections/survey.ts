// What an integration survey may say. Pure.
import { days, minutes, shifted } from '../kit/clock.ts'
import { type Refusal, refusal } from '../kit/errors.ts'

/** Trimmed; what was left out or blank is null. */
export interface SurveyAnswers {
  contactName: string
  contactEmail: string
  /** As the merchant gave it; the authorization must be of the same. */
  merchantId: string | null
  expectedOrdersPerDay: number | null
  notes: string | null
  importFrom: Date | null
}

export const LONGEST_MERCHANT_ID = 50
const LONGEST_NAME = 200
const LONGEST_EMAIL = 254
const LONGEST_NOTES = 4000
const MOST_ORDERS = 1_000_000
/** Marketplaces keep orders so long. */
const KEPT_DAYS = 730
const CLOCK_TOLERANCE = minutes(5)

const email = /^[^\s@<>"]{1,64}@[^\s@<>"]+\.[^\s@<>".]+$/

export function refuseSurvey(answers: SurveyAnswers, now: Date): Refusal[] {
  const { contactName, contactEmail, expectedOrdersPerDay: expected, importFrom } = answers
  const tooLong = (field: 'contactName' | 'merchantId' | 'notes', most: number): Refusal[] =>
    (answers[field]?.length ?? 0) > most ? [refusal('INVALID', `${field} must have at most ${most} characters`, field)] : []
  return [
    ...(contactName === '' ? [refusal('REQUIRED', 'contactName must not be blank', 'contactName')] : tooLong('contactName', LONGEST_NAME)),
    ...refuseEmail(contactEmail, 'contactEmail'),
    ...tooLong('merchantId', LONGEST_MERCHANT_ID),
    ...(expected !== null && (expected < 0 || expected > MOST_ORDERS) ? [refusal('INVALID', `expectedOrdersPerDay must be from 0 to ${MOST_ORDERS}`, 'expectedOrdersPerDay')] : []),
    ...tooLong('notes', LONGEST_NOTES),
    ...(importFrom === null ? [] : refuseImportFrom(importFrom, now)),
  ]
}

/** Of an address, trimmed; `field` is where it stands in the input. */
export function refuseEmail(address: string, ...field: string[]): Refusal[] {
  const name = field.at(-1)!
  if (address === '') return [refusal('REQUIRED', `${name} must not be blank`, ...field)]
  return address.length > LONGEST_EMAIL || !email.test(address) ? [refusal('INVALID', `${name} must be an e-mail address such as ada@example.com`, ...field)] : []
}

function refuseImportFrom(importFrom: Date, now: Date): Refusal[] {
  if (importFrom > shifted(now, CLOCK_TOLERANCE)) return [refusal('INVALID', 'importFrom must not be in the future', 'importFrom')]
  return importFrom < shifted(now, -days(KEPT_DAYS)) ? [refusal('INVALID', 'importFrom must be within two years: marketplaces keep no older orders', 'importFrom')] : []
}
