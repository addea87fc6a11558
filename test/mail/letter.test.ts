import { createElement as h } from 'react'
import { expect, test } from 'vitest'
import { Entries, Facts, Letter, Paragraph, Part, Quote } from '../../src/mail/letter.tsx'
import { renderMail } from '../../src/mail/render.ts'

const url = 'https://gateway.example/open/ord_01jbn2v9x6e0q8zq8zq8zq8zq8'
const letter = h(Letter, {
  preview: 'Beside the subject', heading: '3 orders could not be imported', action: { label: 'Map the SKU', url },
  footer: 'You get this as you asked for it.', unsubscribe: { label: 'Have no more of these mails', url: 'https://gateway.example/unsubscribe/x.y.z' },
  children: [
    h(Paragraph, { key: 1, children: 'The item MUG & CO <red> has no mapping.' }),
    h(Facts, { key: 2, facts: [{ label: 'Connection', value: 'Cedar on amazon.com' }, { label: 'Orders', value: '3' }] }),
    h(Quote, { key: 3, children: 'The value provided for SKU is invalid.' }),
    h(Part, { key: 4, title: 'Which', children: h(Entries, { entries: [{ title: 'Order 1', url }, { title: 'Order 2', detail: 'ships by March 4' }], more: 'And one other.' }) }),
  ],
})

test('a letter reads well in plain text, with every link in it', () => {
  expect(renderMail(letter).text).toBe(`3 orders could not be imported

The item MUG & CO <red> has no mapping.

Connection   Cedar on amazon.com
Orders       3

> The value provided for SKU is invalid.


Which

* Order 1 ${url}
* Order 2
  ships by March 4

And one other.

Map the SKU ${url}

${'-'.repeat(78)}

You get this as you asked for it.

Have no more of these mails https://gateway.example/unsubscribe/x.y.z`)
})

test('in HTML all is escaped, colours of the dark are there, and nothing is fetched from anywhere', () => {
  const { html } = renderMail(letter)
  expect(html).toContain('MUG &amp; CO &lt;red&gt;')
  expect(html).toContain('prefers-color-scheme:dark')
  expect(html).not.toMatch(/<script|<img|<link|@import|url\(|src=/)
  expect([...html.matchAll(/href="([^"]+)"/g)].map(([, link]) => link)).toEqual([url, url, 'https://gateway.example/unsubscribe/x.y.z'])
})
