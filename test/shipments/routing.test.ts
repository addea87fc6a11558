import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Carriers } from '../../src/shipments/carriers.ts'
import { builtIn } from '../../src/shipments/carriers-file.ts'
import { isComplete, mergeRouting, noRouting, refuseIncomplete, refuseMalformed, routingFields, type RoutingInput, warnCarrier, warnTrackingNumber } from '../../src/shipments/routing.ts'

const { carriers } = builtIn
const own = ['orders', 2, 'routing']
const routing = fc.record(Object.fromEntries(routingFields.map((field) => [field, fc.option(fc.constantFrom('', '  ', 'a', 'b', ' c '))])), { requiredKeys: [] }) as fc.Arbitrary<RoutingInput>
const given = (value: string | null | undefined): string | null => value?.trim() || null
const merged = (input: RoutingInput) => mergeRouting(carriers, { routing: input, path: own })
const codes = (refusals: { code: string; field?: string[] }[]): string[] => refusals.map(({ code, field }) => `${code} ${field?.join('.')}`)

describe('routing', () => {
  it("takes each field from the order's input, else the shared input, else the order itself; blank is not given", () => {
    fc.assert(fc.property(routing, routing, routing, (first, second, third) => {
      const result = mergeRouting(carriers, { routing: first, path: own }, { routing: second, path: ['routing'] }, { routing: third, path: own })
      for (const field of routingFields) {
        const expected = given(first[field]) ?? given(second[field]) ?? given(third[field])
        expect(result.routing[field]).toBe(field === 'scac' ? (expected?.toUpperCase() ?? null) : expected)
        if (given(first[field]) === null && given(second[field]) !== null) expect(result.pathOf(field)).toEqual(['routing', field])
      }
    }))
  })

  it('names each missing field where the caller would give it', () => {
    expect(codes(refuseIncomplete(noRouting, own))).toEqual([
      'CARRIER_REQUIRED orders.2.routing.carrier', 'SCAC_REQUIRED orders.2.routing.scac', 'SERVICE_REQUIRED orders.2.routing.service', 'TRACKING_NUMBER_REQUIRED orders.2.routing.trackingNumber',
    ])
    fc.assert(fc.property(routing, (input) => {
      const whole = merged(input).routing
      expect(refuseIncomplete(whole, own).length === 0).toBe(isComplete(whole))
    }))
  })

  it('takes every SCAC of a known carrier, in any case, and refuses every other', () => {
    for (const { code, name, scacs } of carriers.all.filter((one) => one.scacs.length > 0)) {
      for (const scac of scacs) expect(refuseMalformed(merged({ carrier: name.toLowerCase(), scac: scac.toLowerCase() }), own)).toEqual([])
      expect(codes(refuseMalformed(merged({ carrier: code, scac: 'QQQQ' }), own))).toEqual(['SCAC_MISMATCH orders.2.routing.scac'])
    }
  })

  it('an unknown carrier is a warning, and its SCAC needs only its form', () => {
    const pony = merged({ carrier: 'Pony Express', scac: 'ponx' })
    expect(refuseMalformed(pony, own)).toEqual([])
    expect(codes(warnCarrier(pony, own))).toEqual(['CARRIER_UNKNOWN orders.2.routing.carrier'])
    expect(warnTrackingNumber(pony.known, '1', () => own)).toEqual([])
    for (const scac of ['X', 'TOOLONG', 'A1', '12']) expect(codes(refuseMalformed(merged({ carrier: 'Pony Express', scac }), own))).toEqual(['INVALID orders.2.routing.scac'])
  })

  it.each(['1Z 999', '1Z\t9', '1Z_9', 'é', 'x'.repeat(51), '1Z\n9', '#1'])('refuses the tracking number %j as malformed', (trackingNumber) => {
    expect(codes(refuseMalformed(merged({ trackingNumber }), own))).toEqual(['TRACKING_NUMBER_MALFORMED orders.2.routing.trackingNumber'])
  })

  it("warns of a number that is not the carrier's, where the number came from", () => {
    expect(codes(warnTrackingNumber(carriers.find('UPS'), '1Z5R89390357567128', () => ['routing', 'trackingNumber']))).toEqual(['TRACKING_NUMBER_MALFORMED routing.trackingNumber'])
    expect(warnTrackingNumber(carriers.find('UPS'), '1Z5R89390357567127', () => own)).toEqual([])
    expect(warnTrackingNumber(null, 'whatever', () => own)).toEqual([])
  })

  it('refuses control characters and endless values', () => {
    expect(codes(refuseMalformed(merged({ service: 'Gro\u0000und', billOfLading: 'x'.repeat(101) }), own))).toEqual(['INVALID orders.2.routing.service', 'INVALID orders.2.routing.billOfLading'])
  })

  it('knows a carrier by its code from then on', () => {
    expect(merged({ carrier: 'royal mail' }).routing.carrier).toBe('ROYAL_MAIL')
    expect(merged({ carrier: ' Pony Express ' }).routing.carrier).toBe('Pony Express')
    const input = { carrier: 'Royal Mail' }
    expect(merged(input).known).toBe(carriers.find('ROYAL_MAIL'))
    expect(mergeRouting(new Carriers([]), { routing: input, path: own })).toMatchObject({ known: null, routing: { carrier: 'Royal Mail' } })
  })
})
