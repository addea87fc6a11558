import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitsCarrier } from '../../src/shipments/carriers.ts'
import { builtIn } from '../../src/shipments/carriers-file.ts'
import { fedexCheckDigit, gs1CheckDigit, luhnCheckDigit, mod3736CheckCharacter, mod7CheckDigit, s10CheckDigit, upsCheckDigit } from '../../src/shipments/tracking-numbers.ts'

const { carriers } = builtIn

// Published examples (jkeen/tracking_number_data, and the UPU's RB123456785GB), without their spaces.
const genuine: Record<string, string[]> = {
  UPS: ['1Z5R89390357567127', '1Z879E930346834440', '1Z410E7W0392751591', '1Z8V92A70367203024', 'K1506235620', 'J4603636537'],
  USPS: [
    '9400111206206406260787', '9400111201080805483016', '9405803699300124287899', '420787459400111206206406260787', '9505511069605048600624', '4201002334249200190132607600833457',
    '4201028200009261290113185417468510', '03071790000523483741', '71123456789123456787', '71969010756003077385', '9101123456789000000013', 'RB123456785US',
  ],
  FEDEX: [
    '986578788855', '477179081230', '799531274483', '041441760228964', '568283610012000', '568283610012734', '9611020987654312345672', '000123450000000027',
    '1001921334250001000300779017972697', '9622001900000000000000776632517510',
  ],
  DHL: ['3318810025', '73891051146', '8487135506', 'JJD0099999999', 'JVGL0999999990'],
  DHL_ECOMMERCE: ['GM2951173225174494', '60120172242323'],
  ONTRAC: ['C11031500001879', 'C10999911320231', 'D10011354453707', 'D10011345983010'],
  LASERSHIP: ['LX17635036', '1LS717793482164', '1LS7119013618127-1', '1LSCXVE0058631Y'],
  AMZL: ['TBA000000000000', 'TBM502887274000', 'C1004444443'],
  CANADA_POST: ['0073938000549297', '7035114477138472', '4002847016405018', 'RB123456785CA'],
  PUROLATOR: ['320595463938', '320606146993', '287809468872', 'KYV009956937'],
  ROYAL_MAIL: ['RB123456785GB'],
  DPD: ['008182709980000020033350276C', '008182709980000020045327276N', '09980000020033F', '09980000020034D'],
  YODEL: ['JJD0002257639032011', 'JD0002242617644732'],
  YUN_EXPRESS: ['YT2229521272164446'],
  AUSTRALIA_POST: ['RB123456785AU'],
  JAPAN_POST: ['RB123456785JP'],
}
const wrong: Record<string, string[]> = {
  UPS: ['2Z5R89390357567127', 'K1506235622', '9400111206206406260787'],
  USPS: ['03071790000523483742', '9101123456789000000014', 'RB123456786US', 'RB123456785GB'],
  FEDEX: ['996578788855', '568283610012732', '9600000000000000000001', '9622001560001234567100794808390595'],
  DHL: ['3318810010', '3318810034'],
  ONTRAC: ['C10000000000000', 'C11031500001889', 'D10011345983012'],
  CANADA_POST: ['0073938000549292', '7035114477138471'],
  PUROLATOR: ['320595463939', '287809468875'],
  DPD: ['008182709980000020033350276A', '09980000020033D'],
  ROYAL_MAIL: ['RB123456786GB'],
}

describe('tracking numbers', () => {
  it.each(Object.entries(genuine))('takes published numbers of %s', (code, numbers) => {
    for (const number of numbers) expect([number, fitsCarrier(carriers.find(code)!, number), fitsCarrier(carriers.find(code)!, number.toLowerCase())]).toEqual([number, true, true])
  })

  it.each(Object.entries(wrong))('sees through wrong numbers of %s', (code, numbers) => {
    for (const number of numbers) expect([number, fitsCarrier(carriers.find(code)!, number)]).toEqual([number, false])
  })

  const digits = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
  const makers: [string, string, fc.Arbitrary<{ body: string; check: string; suffix: string }>][] = [
    ['UPS', '1Z', fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'), minLength: 15, maxLength: 15 }).map((body) => ({ body: `1Z${body}`, check: String(upsCheckDigit(body)), suffix: '' }))],
    ['USPS', 'IMpb', digits(18).map((rest) => ({ body: `940${rest}`, check: String(gs1CheckDigit(`940${rest}`)), suffix: '' }))],
    ['USPS', 'S10', digits(8).map((body) => ({ body: `EA${body}`, check: String(s10CheckDigit(body)), suffix: 'US' }))],
    ['FEDEX', '12', digits(11).map((body) => ({ body, check: String(fedexCheckDigit(body)), suffix: '' }))],
    ['FEDEX', '15', digits(14).map((body) => ({ body, check: String(gs1CheckDigit(body)), suffix: '' }))],
    ['CANADA_POST', '16', digits(15).map((body) => ({ body, check: String(gs1CheckDigit(body)), suffix: '' }))],
    ['PUROLATOR', '12', digits(10).map((rest) => ({ body: `3${rest}`, check: String(luhnCheckDigit(`3${rest}`)), suffix: '' }))],
    ['YAMATO', '12', digits(11).map((body) => ({ body, check: String(mod7CheckDigit(body)), suffix: '' }))],
    ['SAGAWA', '12', digits(11).map((body) => ({ body, check: String(mod7CheckDigit(body)), suffix: '' }))],
    ['DPD', '15', digits(14).map((body) => ({ body, check: mod3736CheckCharacter(body), suffix: '' }))],
  ]
  it.each(makers)('%s %s: its check digit fits and no other does', (code, _, numbers) => {
    const carrier = carriers.find(code)!
    fc.assert(fc.property(numbers, ({ body, check, suffix }) => {
      expect(fitsCarrier(carrier, body + check + suffix)).toBe(true)
      for (const other of '0123456789'.replace(check, '')) expect(fitsCarrier(carrier, body + other + suffix)).toBe(false)
    }), { numRuns: 60 })
  })

  it('sees any single mistyped digit of a FedEx Ground number', () => {
    fc.assert(fc.property(digits(14), fc.nat(14), fc.integer({ min: 1, max: 9 }), (body, at, by) => {
      const number = body + gs1CheckDigit(body)
      const mistyped = number.slice(0, at) + ((Number(number[at]) + by) % 10) + number.slice(at + 1)
      expect(fitsCarrier(carriers.find('FEDEX')!, mistyped)).toBe(false)
    }))
  })
})

describe('carriers', () => {
  it('are found by code or name, whatever the case', () => {
    for (const carrier of carriers.all) {
      expect(carriers.find(carrier.code.toLowerCase())).toBe(carrier)
      expect(carriers.find(` ${carrier.name.toUpperCase()} `)).toBe(carrier)
    }
    expect(carriers.find('Pony Express')).toBeNull()
    expect(carriers.nameOf('Pony Express')).toBe('Pony Express')
    expect(carriers.nameOf('UPS')).toBe('UPS')
  })

  it('have codes of their own, SCACs of 2 to 4 letters, and templates that hold the number', () => {
    expect(new Set(carriers.all.map(({ code }) => code)).size).toBe(carriers.all.length)
    for (const { scacs, trackingUrl: template } of carriers.all) {
      for (const scac of scacs) expect(scac).toMatch(/^[A-Z]{2,4}$/)
      if (template !== null) expect([template.split('%s').length, URL.canParse(template.replace('%s', 'x'))]).toEqual([2, true])
    }
    expect(carriers.trackingUrl('UPS', '1Z5R89390357567127')).toBe('https://www.ups.com/track?tracknum=1Z5R89390357567127')
    expect(carriers.trackingUrl('Pony Express', '1')).toBeNull()
    expect(carriers.trackingUrl('UPS', null)).toBeNull()
  })
})
