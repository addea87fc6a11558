import type { Place } from '../graphql/source.ts'
import type { Position } from './read.ts'

/** A position in the log as text that sorts as the log does: 20 digits of xid8, 19 of bigint. */
export const placeOf = ({ xid, id }: Position): Place => `${xid.padStart(20, '0')}.${id.padStart(19, '0')}`

/** PostgreSQL takes an xid8 with a leading zero for octal. */
export function positionAt(place: Place): Position {
  const [xid, id] = place.split('.')
  return { xid: unpadded(xid!), id: unpadded(id!) }
}

/** What comes right after a place, for bounds that exclude. */
export function rightAfter(place: Place): Position {
  const { xid, id } = positionAt(place)
  return { xid, id: String(BigInt(id) + 1n) }
}

const unpadded = (digits: string): string => digits.replace(/^0+(?=\d)/, '')
