// What a contact may be. Pure.
import { refuseEmail } from '../connections/survey.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { isTimeZone } from '../kit/time-zone.ts'
import type { Frequency } from './due.ts'
import { type Topic, topics as order } from './topics.ts'

export interface ContactInput {
  email: string
  topics: readonly Topic[]
  frequency?: Frequency | null
  /** The warehouse's if left out. */
  timeZone?: string | null
}

/** Of one connection. */
export const MOST_CONTACTS = 50

/** `path` is where it stands in the input. */
export function refuseContact({ email, topics, timeZone }: ContactInput, ...path: (string | number)[]): Refusal[] {
  const at = path.map(String)
  return [
    ...refuseEmail(email.trim(), ...at, 'email'),
    ...(topics.length === 0 ? [refusal('REQUIRED', 'name at least one topic', ...at, 'topics')] : []),
    ...(timeZone == null || isTimeZone(timeZone.trim()) ? [] : [refusal('INVALID', 'timeZone must be an IANA name such as "America/Chicago"', ...at, 'timeZone')]),
  ]
}

/** Each once, the weightiest first. */
export const sorted = (topics: readonly Topic[]): Topic[] => order.filter((topic) => topics.includes(topic))

/** Of several that are given together: too many, malformed, or twice the same address. */
export function refuseContacts(contacts: readonly ContactInput[], field: string): Refusal[] {
  if (contacts.length > MOST_CONTACTS) return [refusal('TOO_MANY', `at most ${MOST_CONTACTS} contacts`, field)]
  const addresses = contacts.map(({ email }) => email.trim().toLowerCase())
  return contacts.flatMap((contact, index) => [
    ...refuseContact(contact, field, index),
    ...(addresses.indexOf(addresses[index]!) < index ? [refusal('TAKEN', 'that address is given twice', field, index, 'email')] : []),
  ])
}
