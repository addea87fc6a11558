import fc from 'fast-check'
import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, test } from 'vitest'
import { type AgreementFacts, renderAgreement, renderSigned, sha256, type Signature, unshowable } from '../../src/agreements/document.ts'
import { problemsOf } from '../../src/agreements/template.ts'

const facts: AgreementFacts = {
  customer: 'Harbor & Kiln <Ceramics>', warehouse: 'Riverside *3PL*', warehouseAddress: '1 Dock Road, Reno, NV, 89501, US', marketplaces: ['amazon.com', 'amazon.ca', 'amazon.com.mx'],
  signer: { name: 'Ada Smith', email: 'ada@merchant.example' }, date: new Date('2026-11-27T03:00:00Z'), timeZone: 'America/Chicago',
}
const pagesOf = async (pdf: Uint8Array): Promise<string[]> => (await extractText(await getDocumentProxy(Uint8Array.from(pdf)), { mergePages: false })).text
/** Lines break where they like. */
const wordsOf = async (pdf: Uint8Array): Promise<string> => (await pagesOf(pdf)).join(' ').replace(/\s+/g, ' ')
const unspaced = (text: string): string => text.replace(/\s/g, '')
const signature = (documentSha256: string, more: Partial<Signature> = {}): Signature => ({
  name: 'Ada Smith', signature: 'ADA Smith', consent: 'I agree, and may.', at: new Date('2026-11-27T05:06:07.089Z'), from: '2001:db8::7', with: 'Mozilla/5.0 (X11; Linux x86_64)', documentSha256, timeZone: 'America/Chicago', ...more,
})

describe('an agreement', () => {
  test('says who agrees with whom, about what and when, with every section of it, and where to sign', async () => {
    const { title, pdf } = await renderAgreement(facts, null)
    const text = await wordsOf(pdf)
    expect(title).toBe('Fulfillment and marketplace connection agreement')
    for (const words of [
      'Harbor & Kiln <Ceramics>', 'Riverside *3PL*', '1 Dock Road, Reno, NV, 89501, US', 'of November 26, 2026', 'For Harbor & Kiln <Ceramics>: Ada Smith',
      '1. What it is about', '3. What the Warehouse does', '9. Electronic signature', 'removed 30 days after delivery', '/sig1/', '/date1/', 'page 1 of 2', 'page 2 of 2',
    ]) expect(text).toContain(words)
    expect(unspaced(text)).toContain('amazon.com,amazon.ca,andamazon.com.mx')
    expect(text).not.toMatch(/\{\{|\}\}|\*\*|&amp;|undefined/)
  })

  test('is named by its title, and holds no e-mail address', async () => {
    const { pdf } = await renderAgreement(facts, null)
    const { info } = await (await getDocumentProxy(Uint8Array.from(pdf))).getMetadata()
    expect(info).toMatchObject({ Title: 'Fulfillment and marketplace connection agreement', Creator: 'Cartage' })
    expect(await wordsOf(pdf)).not.toContain(facts.signer.email)
  })

  test('of the operator’s own text keeps its headings, lists, emphasis and breaks', async () => {
    const template = '# Our *own* agreement\n\nBetween {{ warehouse }} and **{{customer}}**.\n\n1. First of {{marketplaces}}\n2. Second\n   - within\n\n> Quoted & shown\n\n---\n\n## Last\n\nOne\\\nTwo'
    const { title, pdf } = await renderAgreement(facts, template)
    const text = await wordsOf(pdf)
    expect(title).toBe('Our own agreement')
    for (const words of ['Between Riverside *3PL* and Harbor & Kiln <Ceramics>.', '1. First of amazon.com', '2. Second', '• within', 'Quoted & shown', 'Last', 'One Two', 'page 1 of 1']) expect(text).toContain(words)
  })

  test('of the same is the same to the byte; of anything else it is not', async () => {
    const [one, again] = await Promise.all([renderAgreement(facts, null), renderAgreement({ ...facts }, null)])
    expect(sha256(one.pdf)).toBe(sha256(again.pdf))
    const others = await Promise.all([
      { customer: 'Harbor & Kiln' }, { warehouse: 'Lakeside' }, { warehouseAddress: '2 Dock Road' }, { marketplaces: ['amazon.com'] }, { signer: { ...facts.signer, name: 'Eve' } }, { date: new Date('2026-11-28T12:00:00Z') },
    ].map(async (other) => sha256((await renderAgreement({ ...facts, ...other }, null)).pdf)))
    expect(new Set([sha256(one.pdf), ...others]).size).toBe(others.length + 1)
  })

  test('shows names as they are, whatever they hold: none is Markdown, a place to fill in, or markup', async () => {
    const characters = [...'abZ09 *_`#[](){}<>&;:!|~\\^+-=.,/$%"\'@éßłΩЖ']
    const aName = fc.array(fc.constantFrom(...characters, '{{signer}}', '&amp;', '<b>', '](x)', '**', 'www.a.example', 'x@a.example', 'http://a.example'), { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join('').replace(/\s+/g, ' ').trim()).filter((name) => name !== '')
    await fc.assert(fc.asyncProperty(aName, aName, async (customer, warehouse) => {
      const text = unspaced(await wordsOf((await renderAgreement({ ...facts, customer, warehouse }, '# {{customer}}\n\nBetween **{{warehouse}}** and {{customer}}, of {{date}}.')).pdf))
      expect(text).toContain(unspaced(`Between${warehouse}and${customer},ofNovember26,2026.`))
      expect(text.startsWith(unspaced(customer))).toBe(true)
    }), { numRuns: 40 })
  })

  test('cannot show every script: which characters it cannot is said, each once', async () => {
    expect(await unshowable('Ada Smith-Ødegård, Ευριπίδης & Жанна (Łódź)')).toEqual([])
    expect(await unshowable('山田 太郎山')).toEqual(['山', '田', '太', '郎'])
    expect(await unshowable('Ada 𝒜🪴')).toContain('🪴')
  })
})

describe('a template', () => {
  test.each([
    ['# Agreement with {{customer}}', []],
    ['Agreement with {{customer}}', [/no heading of the first level/]],
    ['## Agreement\n\n{{ client }} and {{client}} and {{}}', [/names \{\{client\}\}: there are \{\{customer\}\}/, /names \{\{\}\}/, /no heading/]],
  ])('%j', (template, problems) => {
    const found = problemsOf(template)
    expect(found).toHaveLength(problems.length)
    for (const [index, problem] of problems.entries()) expect(found[index]).toMatch(problem)
  })
})

describe('a signed agreement', () => {
  const made = renderAgreement(facts, null).then(async ({ pdf }) => ({ pdf, hash: sha256(pdf), signed: await renderSigned(pdf, signature(sha256(pdf))) }))

  test('is the agreement, page for page, and then who signed it, as what, when, from where, with what, and its hash', async () => {
    const { pdf, hash, signed } = await made
    const [before, after] = await Promise.all([pagesOf(pdf), pagesOf(signed)])
    expect(after.slice(0, -1)).toEqual(before)
    const certificate = after.at(-1)!.replace(/\s+/g, ' ')
    for (const words of ['Certificate of signature', 'Signer Ada Smith', 'Signed as ADA Smith', 'I agree, and may.', '2026-11-27T05:06:07.089Z (UTC)', 'November 26, 2026', '11:06:07', 'CST', '2001:db8::7', 'Mozilla/5.0 (X11; Linux x86_64)', hash]) expect(certificate).toContain(words)
  })

  test('of the same is the same to the byte', async () => {
    const { pdf, hash, signed } = await made
    expect(sha256(await renderSigned(pdf, signature(hash)))).toBe(sha256(signed))
    expect(sha256(await renderSigned(pdf, signature(hash, { signature: 'Ada Smith' })))).not.toBe(sha256(signed))
  })

  test('says so where an address or a program was not to be seen, and shows what programs call themselves without its control characters', async () => {
    const { pdf, hash } = await made
    expect((await pagesOf(await renderSigned(pdf, signature(hash, { from: null, with: null })))).at(-1)!.match(/not known/g)).toHaveLength(2)
    const odd = (await pagesOf(await renderSigned(pdf, signature(hash, { with: `curl\u0007\u001b[31m/8 ${'x'.repeat(5000)}` })))).at(-1)!
    expect(odd).toMatch(/curl +\[31m\/8 x/)
    expect(odd).toContain(hash)
  })
})
