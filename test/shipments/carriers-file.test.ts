import { readFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtInCarriers } from '../../src/shipments/built-in-carriers.ts'
import { fitsCarrier } from '../../src/shipments/carriers.ts'
import { type ConfiguredCarriers, readCarriers } from '../../src/shipments/carriers-file.ts'
import { schemeOf } from '../../src/shipments/number-patterns.ts'
import { checkDigits } from '../../src/shipments/tracking-numbers.ts'

const pony = {
  code: 'PONY', name: 'Pony Express', scacs: ['PONX', 'PNY'], services: ['Saddle'], trackingUrl: 'https://pony.example/track?n=%s', amazonCarrierCode: 'Pony',
  trackingNumbers: [{ pattern: 'PX(\\d{9})(\\d)', checkDigit: 'mod7' }, { pattern: '[A-F]{2}-\\d{4,6}' }],
}
function read(...carriers: unknown[]): ConfiguredCarriers {
  const result = readCarriers({ carriers })
  if ('problems' in result) throw new Error(result.problems.join('\n'))
  return result
}
function problems(content: unknown): string[] {
  const result = readCarriers(content)
  return 'problems' in result ? result.problems : []
}

describe('the file of carriers', () => {
  it('adds one that is found by code and name, with its numbers, its page and its name at Amazon', () => {
    const { carriers, amazonCarrierCodes } = read(pony)
    const found = carriers.find('pony express')!
    expect(found).toMatchObject({ code: 'PONY', scacs: ['PONX', 'PNY'], services: ['Saddle'] })
    expect(['PX1234567891', 'px1234567891', 'AF-12345', 'AF-123456', 'PX1234567892', 'AG-12345', 'AF-1234567', 'xAF-12345'].map((number) => fitsCarrier(found, number))).toEqual([
      true, true, true, true, false, false, false, false,
    ])
    expect(carriers.trackingUrl('PONY', 'a$&b')).toBe('https://pony.example/track?n=a%24%26b')
    expect(amazonCarrierCodes).toEqual({ PONY: 'Pony' })
    expect(carriers.all).toHaveLength(builtInCarriers.length + 1)
  })

  it('changes what it names of a built-in one and leaves the rest, and removes what it is told to', () => {
    const { carriers, amazonCarrierCodes } = read({ code: 'UPS', scacs: ['UPSN', 'UPST'], trackingUrl: null, amazonCarrierCode: 'UPS2' }, { code: 'TNT', remove: true })
    const ups = carriers.find('UPS')!
    expect([ups.name, ups.scacs, ups.trackingUrl, fitsCarrier(ups, '1Z5R89390357567127'), fitsCarrier(ups, '1Z5R89390357567128')]).toEqual(['UPS', ['UPSN', 'UPST'], null, true, false])
    expect([carriers.find('TNT'), amazonCarrierCodes]).toEqual([null, { UPS: 'UPS2' }])
    expect(carriers.all).toHaveLength(builtInCarriers.length - 1)
    expect(read().carriers.all).toEqual(builtInCarriers)
  })

  it('reads the example of its page', async () => {
    const page = await readFile(path.join(import.meta.dirname, '../../docs/carriers.md'), 'utf8')
    const { carriers, amazonCarrierCodes } = read(...(JSON.parse(/```json\n(.*?)```/s.exec(page)![1]!) as { carriers: unknown[] }).carriers)
    expect(fitsCarrier(carriers.find('Harbor Courier')!, 'HC1234567891')).toBe(true)
    expect([carriers.find('TNT'), amazonCarrierCodes]).toEqual([null, { HARBOR_COURIER: 'Harbor Courier', UPS: 'UPS' }])
    for (const name of Object.keys(checkDigits)) expect(page).toContain(`| \`${name}\` |`)
  })

  it('tells every problem at once, each with its place', () => {
    expect(problems({
      carriers: [
        { ...pony, code: 'pony', scacs: ['PONX', 'P1'], services: [' '] },
        { code: 'NEW' },
        { ...pony, trackingUrl: 'http://pony.example/%s', trackingNumbers: [{ pattern: '(\\d+)(\\d)', checkDigit: 'mod7' }, { pattern: '\\d{9}', checkDigit: 'mod8' }], color: 'bay' },
        { code: 'NOWHERE', remove: true }, { code: 'UPS', remove: false }, { code: 'UPS', name: 'usps' }, { code: 'UPS', scacs: [] }, 'UPS', { code: 'GREY', name: 'Ups' },
      ],
    })).toEqual([
      'carriers.0.code: must be 1 to 40 capital letters, digits and underscores',
      'carriers.0.scacs.1: must be 2 to 4 capital letters',
      'carriers.0.services.0: must not be blank',
      'carriers.1.name: is required of a carrier that is not built in',
      expect.stringMatching(/^carriers\.2\.trackingNumbers\.0\.pattern: cannot be read from "\+\)/),
      'carriers.2.trackingNumbers.1.checkDigit: must be one of gs1, luhn, mod7, fedex, s10, ups, mod37-36',
      'carriers.2.trackingUrl: must be an https URL with one %s for the tracking number, after its host',
      'carriers.2: has no field color',
      'carriers.3.code: there is no built-in carrier NOWHERE to remove',
      'carriers.4.remove: must be true, or left out',
      'carriers.6.code: UPS stands in carriers.5 already',
      'carriers.7: must be an object',
      'carriers.5.name: usps means USPS as well; change that one, or remove it',
      'carriers.8.name: Ups means UPS as well; change that one, or remove it',
    ])
  })

  it.each([
    [null, ['the file: must be an object']], [{}, ['carriers: must be a list']], [{ carriers: [], more: 1 }, ['the file: has no field more']],
    [{ carriers: [{ ...pony, trackingUrl: 'https://%s.example/' }] }, [expect.stringContaining('carriers.0.trackingUrl')]],
    [{ carriers: [{ ...pony, trackingUrl: 'https://me:secret@pony.example/%s' }] }, [expect.stringContaining('carriers.0.trackingUrl')]],
  ])('refuses %j', (content, expected) => expect(problems(content)).toEqual(expected))
})

describe('patterns of tracking numbers', () => {
  const problem = (pattern: string, checkDigit: keyof typeof checkDigits | null = null): string | null => {
    const result = schemeOf(pattern, checkDigit)
    return 'problem' in result ? result.problem : null
  }

  it.each(['\\d*', '\\d+', '\\d{1,}', '(\\d{2}){3}', 'A|B', '.', '\\w', '[^A]', '[\\d]', '^A', 'A$', '(?=A)A', '(A)\\1', 'a', 'A B', '[9-0]', '[0-Z]', 'A{2,1}', '((A)B)', '(A', 'A)', '()', '(A)', '', 'A{0}', '\\d{51}', '\\d{1,30}A\\d{1,30}', 'A?\\d?'])(
    'does not take %s', (pattern) => expect(problem(pattern)).toEqual(expect.any(String)),
  )

  it('wants what is summed up to be what the check digit is of', () => {
    expect(problem('(\\d{9})(\\d)', 'luhn')).toBeNull()
    expect(problem('([A-Z]\\d{8})(\\d)', 'luhn')).toMatch(/digits alone for luhn/)
    expect(problem('([A-Z]\\d{8})(\\d)', 'ups')).toBeNull()
    expect(problem('(\\d{4}-\\d{4})(\\d)', 'ups')).toMatch(/digits and capital letters alone/)
    expect(problem('(\\d{9})\\d', 'luhn')).toMatch(/two pairs of parentheses/)
    expect(problem('(\\d{9})(\\d{2})', 'luhn')).toMatch(/one character/)
    expect(problem('(\\d?)(\\d)', 'luhn')).toMatch(/at least one/)
    expect([problem('[A-Z]{2}(\\d{8})(\\d)GB', 's10'), problem('(\\d{7})(\\d)', 's10')]).toEqual([null, 'must sum up 8 digits for s10'])
  })

  it('whatever pattern it takes: fits what it describes, whole and in capitals, and is quick with anything at all', () => {
    const part = fc.record({
      characters: fc.constantFrom(['\\d', '0123456789'], ['[A-Z]', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'], ['[A-C7]', 'ABC7'], ['X', 'X'], ['-', '-']),
      times: fc.integer({ min: 1, max: 8 }),
    })
    const varying = fc.record({ at: fc.nat(4), most: fc.integer({ min: 0, max: 9 }) })
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), varying, fc.infiniteStream(fc.nat()), fc.string({ unit: fc.constantFrom(...'0AX-'), minLength: 50, maxLength: 50 }), (parts, { at, most }, dice, other) => {
      const varies = at % parts.length
      const pattern = parts.map(({ characters, times }, index) => `${characters[0]}{${times}${index === varies ? `,${times + most}` : ''}}`).join('')
      const result = schemeOf(pattern, null)
      if ('problem' in result) return void expect(result.problem).toMatch(/at most 50 characters/)
      const pick = (letters: string): string => letters[dice.next().value! % letters.length]!
      const number = parts.map(({ characters, times }, index) => Array.from({ length: times + (index === varies ? dice.next().value! % (most + 1) : 0) }, () => pick(characters[1]!)).join('')).join('')
      expect(result.scheme(number)).toBe(true)
      expect([result.scheme(`${number}_`), result.scheme(`_${number}`)]).toEqual([false, false])
      const before = performance.now()
      result.scheme(other)
      expect(performance.now() - before).toBeLessThan(1000)
    }))
  })

  it('knows a check digit by each of its names', () => {
    const bodies = { digits: '12345678', characters: 'AB345678' }
    for (const name of Object.keys(checkDigits) as (keyof typeof checkDigits)[]) {
      const { of, compute } = checkDigits[name]
      const result = schemeOf(of === 'digits' ? '(\\d{8})([0-9A-Z])' : '([0-9A-Z]{8})([0-9A-Z])', name)
      if ('problem' in result) throw new Error(result.problem)
      const check = String(compute(bodies[of]))
      expect([...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((character) => result.scheme(bodies[of] + character))).toEqual([check])
    }
  })
})
