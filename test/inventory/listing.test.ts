import { describe, expect, it } from 'vitest'
import { listingMessage, type ListingState, listingStatus, strays } from '../../src/inventory/listing.ts'

const told = new Date('2026-03-01T10:00:00Z')
const soon = new Date('2026-03-01T10:05:00Z')
const dayLater = new Date('2026-03-02T10:00:00Z')
const fresh: ListingState = {
  excluded: false, fulfilledBy: 'MERCHANT', pushedQuantity: null, pushedAt: null, readQuantity: null, readAt: null, mismatches: 0, recordedStatus: null, message: null,
}
const pushed = (pushedQuantity: number, more: Partial<ListingState> = {}): ListingState => ({ ...fresh, pushedQuantity, pushedAt: told, recordedStatus: 'IN_STEP', ...more })

describe('how a listing stands', () => {
  it('follows from what the marketplace took', () => {
    expect(listingStatus(5, fresh)).toBe('NEVER_PUSHED')
    expect(listingStatus(5, pushed(5))).toBe('IN_STEP')
    expect(listingStatus(5, pushed(4))).toBe('BEHIND')
    expect(listingStatus(5, pushed(4, { recordedStatus: 'REJECTED' }))).toBe('REJECTED')
    expect(listingStatus(5, { ...fresh, recordedStatus: 'REJECTED' })).toBe('REJECTED')
    // What it refused is not what it should be told any more: it has the right one.
    expect(listingStatus(4, pushed(4, { recordedStatus: 'REJECTED' }))).toBe('IN_STEP')
  })

  it('is excluded by a rule, and where the marketplace ships it, whatever else', () => {
    expect(listingStatus(5, pushed(5, { excluded: true }))).toBe('EXCLUDED')
    expect(listingMessage(5, pushed(5, { excluded: true }))).toContain('rule')
    expect(listingStatus(5, { ...fresh, fulfilledBy: 'MARKETPLACE', recordedStatus: 'REJECTED' })).toBe('EXCLUDED')
    expect(listingMessage(5, { ...fresh, fulfilledBy: 'MARKETPLACE', recordedStatus: 'REJECTED' })).toContain('its own warehouse')
  })

  it('strays with more on offer than was told at once, with less after a day, and never by what was read before', () => {
    expect(strays(pushed(5, { readQuantity: 6, readAt: soon }))).toBe(true)
    expect(strays(pushed(5, { readQuantity: 5, readAt: dayLater }))).toBe(false)
    expect(strays(pushed(5, { readQuantity: 4, readAt: soon }))).toBe(false)
    expect(strays(pushed(5, { readQuantity: 4, readAt: dayLater }))).toBe(true)
    expect(strays(pushed(5, { readQuantity: null, readAt: dayLater }))).toBe(true)
    expect(strays(pushed(5, { readQuantity: 6, readAt: told }))).toBe(false)
    expect(listingStatus(5, pushed(5, { readQuantity: 6, readAt: soon }))).toBe('BEHIND')
  })

  it('has words for people only where something is amiss', () => {
    expect(listingMessage(5, pushed(5))).toBeNull()
    expect(listingMessage(5, pushed(4))).toBeNull()
    expect(listingMessage(5, pushed(4, { recordedStatus: 'REJECTED', message: 'no' }))).toBe('no')
    expect(listingMessage(5, pushed(4, { message: 'The submission 7 failed.' }))).toBe('The submission 7 failed.')
    expect(listingMessage(5, pushed(5, { readQuantity: 9, readAt: soon, mismatches: 1 }))).toContain('took 5, yet offers 9')
    expect(listingMessage(5, pushed(5, { mismatches: 3 }))).toContain('3 times in a row')
  })
})
