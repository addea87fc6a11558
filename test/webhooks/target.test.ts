import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressOf, Networks, refuseAddresses, refuseUrl } from '../../src/webhooks/target.ts'

const none = new Networks([])
/** As the verb looks at a URL whose host is an address. */
const codes = (text: string, networks = none): string[] => {
  const url = new URL(text)
  const wrong = refuseUrl(url, 'url')
  if (wrong.length > 0) return wrong.map(({ code }) => code)
  return refuseAddresses(url, [addressOf(url)!], networks, 'url').map(({ code }) => code)
}

describe('a network that is not public is never reached', () => {
  test.each([
    '127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '192.0.2.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255',
    '[::1]', '[::]', '[fc00::1]', '[fd12::1]', '[fe80::1]', '[ff02::1]', '[::ffff:127.0.0.1]', '[::ffff:10.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[2001:db8::1]',
    // However it is written.
    '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0x7f.1',
  ])('%s', (host) => {
    expect(codes(`https://${host}/hook`)).toEqual(['ADDRESS_NOT_PUBLIC'])
  })

  test('of the IPv4 address of any private network, whichever way it is written', () => {
    const octet = fc.integer({ min: 0, max: 255 })
    const inside = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127, 0), octet, octet, octet), fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet), fc.tuple(fc.constant(169), fc.constant(254), octet, octet), fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    )
    fc.assert(fc.property(inside, fc.constantFrom('dotted', 'number', 'hex', 'mapped'), ([a, b, c, d], way) => {
      const whole = ((a * 256 + b) * 256 + c) * 256 + d
      const host = { dotted: `${a}.${b}.${c}.${d}`, number: String(whole), hex: `0x${whole.toString(16)}`, mapped: `[::ffff:${a}.${b}.${c}.${d}]` }[way]
      expect(codes(`https://${host}/`)).toEqual(['ADDRESS_NOT_PUBLIC'])
    }))
  })
})

test('public ones are reached by https alone; those that the configuration names by http too', () => {
  const allowed = new Networks(['10.1.0.0/16', 'fd12::/16'])
  expect(codes('https://93.184.215.14/hook?token=1')).toEqual([])
  expect(codes('https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/')).toEqual([])
  expect(codes('http://93.184.215.14/')).toEqual(['INVALID'])
  expect(['http://10.1.2.3/', 'https://10.1.2.3/', 'http://[fd12::1]/', 'http://[::ffff:10.1.2.3]/'].map((url) => codes(url, allowed))).toEqual([[], [], [], []])
  expect(codes('http://10.2.0.1/', allowed)).toEqual(['ADDRESS_NOT_PUBLIC'])
})

test('of several addresses of a name each must be allowed', () => {
  expect(refuseAddresses(new URL('https://hooks.example/'), ['93.184.215.14', '10.0.0.1'], none, 'url')).toMatchObject([{ code: 'ADDRESS_NOT_PUBLIC', field: ['url'] }])
})

test.each(['ftp://hooks.example/', 'javascript:alert(1)', 'https://ada:secret@hooks.example/', `https://hooks.example/${'x'.repeat(2000)}`])('%s is no URL of a webhook', (url) => {
  expect(refuseUrl(new URL(url), 'url')).toMatchObject([{ code: 'INVALID', field: ['url'] }])
})
