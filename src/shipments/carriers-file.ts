// Carriers of one's own, as docs/carriers.md describes the file. Pure: what was read goes in, a table or every problem comes out.
import { z } from 'zod'
import { builtInCarriers } from './built-in-carriers.ts'
import { type Carrier, Carriers } from './carriers.ts'
import { schemeOf } from './number-patterns.ts'
import { type CheckDigitName, checkDigits } from './tracking-numbers.ts'

export interface ConfiguredCarriers {
  carriers: Carriers
  /** Our code -> Amazon's, where the file says so. */
  amazonCarrierCodes: Readonly<Record<string, string>>
}

// oxlint-disable-next-line no-control-regex -- what it looks for are control characters
const printable = /^[^\u0000-\u001f\u007f-\u009f]*$/
const line = (most: number) =>
  z.string('must be text').trim().min(1, 'must not be blank').max(most, `must have at most ${most} characters`).regex(printable, 'must not contain control characters')

const pattern = z
  .strictObject({ pattern: z.string('must be text'), checkDigit: z.enum(Object.keys(checkDigits) as [CheckDigitName, ...CheckDigitName[]], `must be one of ${Object.keys(checkDigits).join(', ')}`).optional() })
  .transform(({ pattern: text, checkDigit }, context) => {
    const read = schemeOf(text, checkDigit ?? null)
    if ('scheme' in read) return read.scheme
    context.addIssue({ code: 'custom', path: ['pattern'], message: read.problem })
    return z.NEVER
  })

const trackingUrl = z.string('must be text').max(500, 'must have at most 500 characters').refine(
  (url) => url.split('%s').length === 2 && hostOf(url, 'a') !== null && hostOf(url, 'a') === hostOf(url, 'b'),
  'must be an https URL with one %s for the tracking number, after its host',
)

/** Null where that is no address of HTTPS without a user's name in it. */
function hostOf(template: string, number: string): string | null {
  const address = template.replace('%s', number)
  const url = URL.canParse(address) ? new URL(address) : null
  return url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '' ? null : url.host
}

const list = <Element extends z.ZodType>(element: Element, most: number) => z.array(element, 'must be a list').max(most, `must have at most ${most} entries`)

const code = z.string('must be text').regex(/^[A-Z0-9_]{1,40}$/, 'must be 1 to 40 capital letters, digits and underscores')
const given = z.strictObject({
  code,
  name: line(100).optional(),
  scacs: list(z.string('must be text').regex(/^[A-Z]{2,4}$/, 'must be 2 to 4 capital letters'), 50).optional(),
  services: list(line(100), 100).optional(),
  trackingNumbers: list(pattern, 50).optional(),
  trackingUrl: trackingUrl.nullable().optional(),
  amazonCarrierCode: line(100).optional(),
})
const removal = z.strictObject({ code, remove: z.literal(true, 'must be true, or left out') })
type Given = z.infer<typeof given>

const file = z.strictObject({ carriers: list(z.unknown(), 500) })

/** The built-in carriers alone. */
export const builtIn: ConfiguredCarriers = { carriers: new Carriers(builtInCarriers), amazonCarrierCodes: {} }

/**
 * The built-in carriers, changed as the file says: an entry of a new code adds a carrier; one of a built-in code changes what it
 * names of that one, and leaves the rest; `remove` takes it out. Or every problem of the file, each with its path in it.
 */
export function readCarriers(content: unknown): ConfiguredCarriers | { problems: string[] } {
  const read = file.safeParse(content)
  if (!read.success) return { problems: wordsOf(read.error, []) }
  const problems: string[] = []
  const table = new Map(builtInCarriers.map((carrier) => [carrier.code, carrier]))
  const amazonCarrierCodes: Record<string, string> = {}
  const places = new Map<string, number>()
  for (const [index, entry] of read.data.carriers.entries()) {
    const removes = typeof entry === 'object' && entry !== null && 'remove' in entry
    const parsed = removes ? removal.safeParse(entry) : given.safeParse(entry)
    if (!parsed.success) {
      problems.push(...wordsOf(parsed.error, ['carriers', index]))
      continue
    }
    const its = parsed.data
    const earlier = places.get(its.code)
    if (earlier !== undefined) problems.push(`carriers.${index}.code: ${its.code} stands in carriers.${earlier} already`)
    else places.set(its.code, index)
    if ('remove' in its) {
      if (!table.delete(its.code) && earlier === undefined) problems.push(`carriers.${index}.code: there is no built-in carrier ${its.code} to remove`)
      continue
    }
    const carrier = changed(table.get(its.code), its)
    if (carrier === null) problems.push(`carriers.${index}.name: is required of a carrier that is not built in`)
    else table.set(its.code, carrier)
    if (its.amazonCarrierCode !== undefined) amazonCarrierCodes[its.code] = its.amazonCarrierCode
  }
  const all = [...table.values()]
  problems.push(...sharedNames(all, places))
  return problems.length > 0 ? { problems } : { carriers: new Carriers(all), amazonCarrierCodes }
}

/** Null where it is new and has no name. */
function changed(present: Carrier | undefined, its: Given): Carrier | null {
  const name = its.name ?? present?.name
  if (name === undefined) return null
  return {
    code: its.code, name,
    scacs: its.scacs ?? present?.scacs ?? [],
    services: its.services ?? present?.services ?? [],
    schemes: its.trackingNumbers ?? present?.schemes ?? [],
    trackingUrl: its.trackingUrl === undefined ? (present?.trackingUrl ?? null) : its.trackingUrl,
  }
}

/** A word that means two carriers would be taken for the one or the other by chance. */
function sharedNames(all: readonly Carrier[], places: ReadonlyMap<string, number>): string[] {
  const owners = new Map(all.map((carrier) => [carrier.code, carrier.code]))
  const problems: string[] = []
  for (const carrier of all) {
    const word = carrier.name.toUpperCase()
    const owner = owners.get(word) ?? carrier.code
    owners.set(word, owner)
    if (owner === carrier.code) continue
    // One of the two is of the file: the built-in ones differ.
    const ofFile = places.has(carrier.code) ? carrier.code : owner
    problems.push(`carriers.${places.get(ofFile) ?? 0}.${ofFile === carrier.code ? 'name' : 'code'}: ${carrier.name} means ${ofFile === carrier.code ? owner : carrier.code} as well; change that one, or remove it`)
  }
  return problems
}

function wordsOf(error: z.ZodError, path: readonly (string | number)[]): string[] {
  return error.issues.map((issue) => {
    const at = [...path, ...issue.path].map(String).join('.')
    return at === '' ? `the file: ${words(issue)}` : `${at}: ${words(issue)}`
  })
}

function words(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has no field ${issue.keys.join(', ')}`
  if (issue.code === 'invalid_type' && issue.expected === 'object') return 'must be an object'
  return issue.message
}
