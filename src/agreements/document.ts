// Agreements as PDF: what is signed, and what was signed with the certificate of its signature behind it.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { PDFDocument } from '@cantoo/pdf-lib'
import { marked, type Token, type Tokens } from 'marked'
import Pdf from 'pdfkit'
import { builtInTemplate, filled } from './template.ts'

export interface AgreementFacts {
  customer: string
  warehouse: string
  /** On one line. */
  warehouseAddress: string
  /** Names, e.g. amazon.com. */
  marketplaces: readonly string[]
  signer: { name: string; email: string }
  date: Date
  /** Of the warehouse. */
  timeZone: string
}

/** How the built-in signature was given. */
export interface Signature {
  /** Who was asked to sign, and the name as it was typed. */
  name: string
  signature: string
  /** The words that were agreed to beside it. */
  consent: string
  at: Date
  /** Network address and browser; null where there was none to see. */
  from: string | null
  with: string | null
  /** Of the document without this certificate, byte for byte. */
  documentSha256: string
  timeZone: string
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const fontFile = (name: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)
/** Latin, Greek, Cyrillic and more; no font that is fit to ship has Chinese, Japanese and Korean too. */
const fonts = { text: 'DejaVuSerif', bold: 'DejaVuSerif-Bold', italic: 'DejaVuSerif-Italic' } as const
type Font = keyof typeof fonts
let loaded: Promise<Record<Font, Buffer>> | undefined
const fontData = (): Promise<Record<Font, Buffer>> =>
  (loaded ??= Promise.all(Object.entries(fonts).map(async ([font, name]) => [font, await readFile(fontFile(name))] as const)).then((all) => Object.fromEntries(all) as Record<Font, Buffer>))

const MARGIN = 68
const SIZE = { 1: 19, 2: 12.5, 3: 11, text: 10, small: 8.5 } as const

async function newPdf(title: string, at: Date): Promise<{ pdf: PDFKit.PDFDocument; bytes: Promise<Uint8Array> }> {
  const data = await fontData()
  const pdf = new Pdf({ size: 'A4', margins: { top: MARGIN, bottom: MARGIN + 10, left: MARGIN, right: MARGIN }, bufferPages: true, lang: 'en', displayTitle: true, info: { Title: title, Creator: 'Cartage', Producer: 'Cartage', CreationDate: at, ModDate: at } })
  for (const font of Object.keys(fonts) as Font[]) pdf.registerFont(font, data[font])
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  return { pdf, bytes: new Promise((resolve, reject) => pdf.on('end', () => resolve(Buffer.concat(chunks))).on('error', reject)) }
}

/** Characters of a text that a document cannot show, each once. */
export async function unshowable(text: string): Promise<string[]> {
  const { pdf } = await newPdf('', new Date(0))
  const { font } = (pdf.font('text') as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } })._font
  return [...new Set([...text].filter((character) => !/\s/.test(character) && !font.hasGlyphForCodePoint(character.codePointAt(0)!)))]
}

/** The agreement to sign. @param template Markdown; null: the built-in one */
export async function renderAgreement(facts: AgreementFacts, template: string | null): Promise<{ title: string; pdf: Uint8Array }> {
  const date = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: facts.timeZone }).format(facts.date)
  const text = filled(template ?? builtInTemplate, {
    customer: facts.customer, warehouse: facts.warehouse, warehouseAddress: facts.warehouseAddress, marketplaces: listed(facts.marketplaces), signer: facts.signer.name, date,
  })
  const tokens = marked.lexer(text)
  const heading = tokens.find((token): token is Tokens.Heading => token.type === 'heading' && token['depth'] === 1)
  const title = heading === undefined ? 'Agreement' : plain(heading.tokens)
  const { pdf, bytes } = await newPdf(title, facts.date)
  for (const token of tokens) block(pdf, token)
  signatureBlock(pdf, facts)
  numberPages(pdf, title)
  pdf.end()
  return { title, pdf: await bytes }
}

/** The same document with one page more: who signed it, how, when and from where. */
export async function renderSigned(document: Uint8Array, signature: Signature): Promise<Uint8Array> {
  const { pdf, bytes } = await newPdf('Certificate of signature', signature.at)
  pdf.font('bold').fontSize(SIZE[1]).text('Certificate of signature').moveDown(0.8)
  pdf.font('text').fontSize(SIZE.text).text('The agreement on the pages before this one was signed electronically. Its file without this page has the SHA-256 that stands here, so that anybody can tell that nothing was changed since.').moveDown(1.2)
  const local = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'long', timeZone: signature.timeZone }).format(signature.at)
  const facts: [string, string][] = [
    ['Signer', signature.name], ['Signed as', signature.signature], ['Consent', signature.consent], ['Time', `${signature.at.toISOString()} (UTC)\n${local}`],
    ['Network address', signature.from ?? 'not known'], ['Browser or program', signature.with ?? 'not known'], ['SHA-256 of the agreement', signature.documentSha256],
  ]
  for (const [label, value] of facts) {
    pdf.font('bold').fontSize(SIZE.small).fillColor('#59636e').text(label)
    pdf.font('text').fontSize(SIZE.text).fillColor('black').text(shown(value)).moveDown(0.7)
  }
  pdf.end()
  const [original, certificate] = await Promise.all([PDFDocument.load(document, { updateMetadata: false }), bytes.then((loadable) => PDFDocument.load(loadable))])
  for (const page of await original.copyPages(certificate, certificate.getPageIndices())) original.addPage(page)
  return original.save()
}

function block(pdf: PDFKit.PDFDocument, token: Token): void {
  switch (token.type) {
    case 'heading': {
      const { depth, tokens } = token as Tokens.Heading
      pdf.moveDown(depth === 1 ? 0 : 0.7)
      if (pdf.y > pdf.page.height - MARGIN - 80) pdf.addPage() // a heading does not stand alone at a page's end
      pdf.font('bold').fontSize(SIZE[depth === 1 ? 1 : depth === 2 ? 2 : 3]).text(plain(tokens)).moveDown(depth === 1 ? 0.7 : 0.35)
      return
    }
    case 'list': {
      const { items, ordered, start } = token as Tokens.List
      for (const [index, item] of items.entries()) {
        const { y } = pdf
        pdf.font('text').fontSize(SIZE.text).text(ordered ? `${Number(start || 1) + index}.` : '\u2022', MARGIN + 6, y, { lineBreak: false })
        pdf.x = MARGIN + 24
        pdf.y = y
        const [first] = item.tokens
        inline(pdf, first !== undefined && 'tokens' in first ? (first.tokens ?? []) : item.tokens)
        for (const nested of item.tokens.slice(1)) block(pdf, nested)
        pdf.x = MARGIN
        pdf.moveDown(0.25)
      }
      pdf.moveDown(0.3)
      return
    }
    case 'paragraph':
      inline(pdf, (token as Tokens.Paragraph).tokens)
      pdf.moveDown(0.6)
      return
    case 'blockquote':
      pdf.x = MARGIN + 18
      for (const inner of (token as Tokens.Blockquote).tokens) block(pdf, inner)
      pdf.x = MARGIN
      return
    case 'hr':
      pdf.moveDown(0.4).moveTo(MARGIN, pdf.y).lineTo(pdf.page.width - MARGIN, pdf.y).lineWidth(0.5).stroke('#b5bcc4').moveDown(0.6)
      return
    case 'space':
      return
    default:
      pdf.font('text').fontSize(SIZE.text).text(plain([token])).moveDown(0.6)
  }
}

/** A paragraph with its emphasis. */
function inline(pdf: PDFKit.PDFDocument, tokens: readonly Token[]): void {
  const runs = spans(tokens, 'text')
  pdf.fontSize(SIZE.text)
  for (const [index, { text, font }] of runs.entries()) pdf.font(font).text(text, { continued: index < runs.length - 1, lineGap: 2 })
}

function spans(tokens: readonly Token[], font: Font): { text: string; font: Font }[] {
  return tokens.flatMap((token) => {
    if (token.type === 'strong') return spans(token.tokens ?? [], 'bold')
    if (token.type === 'em') return spans(token.tokens ?? [], 'italic')
    if (token.type === 'br') return [{ text: '\n', font }]
    return 'tokens' in token && token.tokens !== undefined && token.tokens.length > 0 ? spans(token.tokens, font) : [{ text: textOf(token), font }]
  })
}

const plain = (tokens: readonly Token[]): string => spans(tokens, 'text').map(({ text }) => text).join('')

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
const textOf = (token: Token): string => ('text' in token && typeof token.text === 'string' ? token.text : token.raw).replace(/\s+/g, ' ').replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity]!)

/** Where hands and DocuSign sign: the anchors are text that nobody sees. */
function signatureBlock(pdf: PDFKit.PDFDocument, { customer, warehouse, signer }: AgreementFacts): void {
  if (pdf.y > pdf.page.height - MARGIN - 150) pdf.addPage()
  pdf.moveDown(1.5)
  const { y } = pdf
  const half = (pdf.page.width - 2 * MARGIN - 30) / 2
  const line = (x: number, label: string, anchors: string): void => {
    pdf.font('text').fontSize(SIZE.small).fillColor('white').text(anchors, x, y + 24, { width: half, lineBreak: false })
    pdf.moveTo(x, y + 42).lineTo(x + half, y + 42).lineWidth(0.5).stroke('#59636e')
    pdf.fillColor('black').text(label, x, y + 47, { width: half })
  }
  line(MARGIN, `For ${customer}: ${signer.name}`, '/sig1/          /date1/')
  line(MARGIN + half + 30, `For ${warehouse}`, ' ')
}

function numberPages(pdf: PDFKit.PDFDocument, title: string): void {
  const { start, count } = pdf.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page)
    const { bottom } = pdf.page.margins
    pdf.page.margins.bottom = 0 // else writing down there begins a page
    pdf.font('text').fontSize(SIZE.small).fillColor('#59636e').text(`${title}  \u2013  page ${page - start + 1} of ${count}`, MARGIN, pdf.page.height - MARGIN + 14, { width: pdf.page.width - 2 * MARGIN, align: 'center', lineBreak: false })
    pdf.page.margins.bottom = bottom
  }
}

const listed = (names: readonly string[]): string => new Intl.ListFormat('en').format(names)
/** Programs call themselves what they like. */
const shown = (text: string): string => text.replace(/[^\P{Cc}\n]/gu, ' ').slice(0, 1000)
