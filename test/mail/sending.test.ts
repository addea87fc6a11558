import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PATIENCE, type Refused, refusalOf, refusedAddress, retryAt, serverUrl } from '../../src/mail/sending.ts'

const at = (command: string, response: string): Refused['kind'] =>
  refusalOf({ code: 'EENVELOPE', command, response, responseCode: Number(response.slice(0, 3)) }, 'ada.lovelace@merchant.example').kind

test.each([
  ['550 5.1.1 <ada.lovelace@merchant.example>: Recipient address rejected: User unknown in relay recipient table'],
  ['550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 https://support.example/'],
  ['550 No such user here'],
  ['550 5.5.0 Requested action not taken: mailbox unavailable'],
  ['550 5.4.1 Recipient address rejected: Access denied'],
  ['550 5.2.1 The account is disabled and blocked'],
  ['550 5.7.1 You may not write to this group'],
  ['551 User not local'],
  ['553 Mailbox name not allowed'],
  ['556 5.1.10 Domain takes no mail'],
  ['521 Host takes no mail'],
  ['501 Bad recipient address syntax'],
])('a bounce: %s', (response) => expect(at('RCPT TO', response)).toBe('recipient'))

test.each([
  ['554 5.7.1 <ada.lovelace@merchant.example>: Relay access denied'],
  ['550 5.7.1 Unable to relay'],
  ['550 Relaying denied'],
  ['530 5.7.0 Must issue a STARTTLS command first'],
  ['530 Authentication required'],
  ['550 5.7.57 Client not authenticated to send mail'],
  ['554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using zen.blocklist.example'],
  ['550 5.7.26 Unauthenticated mail is not accepted due to the DMARC policy'],
  ['550 5.7.23 The SPF check failed'],
  ['550 Sender verify failed'],
  ['553 5.1.8 Domain of sender address does not exist'],
  ['503 5.5.1 Need MAIL first'],
  ['550 5.2.3 Message length exceeds an administrative limit'],
])('refused for what we are, which is no bounce: %s', (response) => expect(at('RCPT TO', response)).toBe('refused'))

test.each([['552 Mailbox full'], ['550 5.2.2 Over quota'], ['450 4.2.1 Try later'], ['451 4.7.1 Greylisted'], ['452 4.2.2 Full']])('put off: %s', (response) => expect(at('RCPT TO', response)).toBe('later'))

test('what is answered to all but RCPT TO is of no recipient', () => {
  for (const command of ['MAIL FROM', 'DATA', 'CONN', 'EHLO', '']) expect(at(command, '550 5.1.1 No such user')).toBe('refused')
})

test('silence, names and passwords, and 421 are of the server', () => {
  for (const code of ['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ETLS', 'EABORT', 'EPROTOCOL', undefined]) expect(refusalOf({ ...(code && { code }) }, 'a@b').kind).toBe('server')
  expect(refusalOf({ code: 'EAUTH', responseCode: 535, response: '535 5.7.8 no' }, 'a@b').kind).toBe('server')
  expect(at('RCPT TO', '421 4.7.0 Too many connections')).toBe('server')
})

test('a server’s words are kept without the address, or its name', () => {
  const local = fc.stringMatching(/^[a-z][a-z0-9.+_-]{2,20}$/)
  const domain = fc.stringMatching(/^[a-z]{3,10}\.example$/)
  const frame = fc.constantFrom((a: string) => `550 5.1.1 <${a}>: unknown`, (a: string) => `550 ${a} is not here`, (a: string) => `550 <${a.split('@')[0]}> unknown`, (a: string) => `550 mailbox ${a.toUpperCase()}\r\n gone`)
  fc.assert(fc.property(local, domain, frame, (name, host, say) => {
    fc.pre(!/^(unknown|mailbox|not|here|gone|address)$/.test(name))
    const { error } = refusalOf({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: say(`${name}@${host}`) }, `${name}@${host}`)
    expect(error.toLowerCase().split(/[\s<>:]+/)).not.toContain(name)
    expect(error).not.toContain('@')
    expect(error).toMatch(/^550 /)
  }))
})

test('nobody else’s address is kept either, and no line ends', () => {
  fc.assert(fc.property(fc.string(), (said) => {
    const { error } = refusalOf({ code: 'EMESSAGE', responseCode: 554, response: `554 ${said} eve@evil.example\r\n${said}` }, 'ada@merchant.example')
    expect(error).not.toMatch(/eve@|[\r\n\0]/)
    expect(error.length).toBeLessThanOrEqual(200)
  }))
})

test('only what can stand in a command as it is is an address', () => {
  for (const good of ['ada@merchant.example', 'root@localhost', 'ünï@bücher.example', 'a+b_c.d@x.y', "o'hara@x.example"]) expect(refusedAddress(good)).toBeNull()
  fc.assert(fc.property(fc.string(), fc.constantFrom('\r', '\n', ' ', '<', '>', ',', ';', '"', '\0', '@', '(', '\t'), fc.string(), (before, bad, after) => {
    expect(refusedAddress(`a${before}${bad}${after}@merchant.example`)).toMatchObject({ kind: 'recipient' })
  }))
})

test('tries come ever more rarely, for three days', () => {
  const queued = new Date('2026-03-01T00:00:00Z')
  let now = queued
  let [tries, before] = [1, 0]
  for (let next = retryAt(tries, queued, now); next !== null; next = retryAt(++tries, queued, now)) {
    const wait = next.getTime() - now.getTime()
    expect(wait).toBeGreaterThanOrEqual(before)
    ;[now, before] = [next, wait]
  }
  expect(PATIENCE - (now.getTime() - queued.getTime())).toBeLessThan(6 * 3_600_000)
  expect(tries).toBeLessThan(25)
})

test('a server’s URL keeps its name, password and settings of TLS, and nothing that would log addresses or lift limits', () => {
  expect(serverUrl('smtp://us%40er:p%2Fw@mail.example:587?requireTLS=true&logger=true&debug=true&pool=false&socketTimeout=0&tls.rejectUnauthorized=false&logger=1'))
    .toBe('smtp://us%40er:p%2Fw@mail.example:587?requireTLS=true&tls.rejectUnauthorized=false')
})
