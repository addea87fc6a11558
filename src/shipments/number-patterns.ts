// Patterns of tracking numbers that people write into a file. Pure. They are a small part of regular expressions, chosen so that none
// of them can take long, whatever the number: no alternatives, no repetition without an end, no group that repeats, and one part of
// varying length at most. So to match is to try at most 50 lengths of that part, each in one pass over at most 50 characters.
import { type CheckDigitName, checkDigits, checked, formed, type NumberScheme } from './tracking-numbers.ts'

const LONGEST_PATTERN = 200
/** Of a tracking number, as routing.ts takes it. */
const LONGEST_NUMBER = 50

/** One kind of character, so many times. */
interface Part {
  /** Such characters can stand there. */
  allows: { digits: boolean; letters: boolean; hyphen: boolean }
  least: number
  most: number
  /** 0: outside of parentheses. */
  group: number
}

const digit = { digits: true, letters: false, hyphen: false }
const token = /\\d|\[(?:[0-9A-Z](?:-[0-9A-Z])?)+\]|[0-9A-Z-]/y
const times = /\?|\{(\d{1,2})(?:,(\d{1,2}))?\}/y

/**
 * A scheme of the pattern, whose check digit (if it has one) fits; or what is wrong, in words. `checkDigit` wants the pattern to have
 * two pairs of parentheses: around what is summed up, and around the check digit.
 */
export function schemeOf(pattern: string, checkDigit: CheckDigitName | null): { scheme: NumberScheme } | { problem: string } {
  if (pattern.length > LONGEST_PATTERN) return { problem: `must have at most ${LONGEST_PATTERN} characters` }
  const parts = partsOf(pattern)
  if (typeof parts === 'string') return { problem: parts }
  const most = parts.reduce((sum, part) => sum + part.most, 0)
  if (most === 0) return { problem: 'must fit at least one character' }
  if (most > LONGEST_NUMBER) return { problem: `must fit at most ${LONGEST_NUMBER} characters, as many as a tracking number has, not ${most}` }
  if (parts.filter((part) => part.least < part.most).length > 1) return { problem: 'must have one part of varying length at most: write several patterns instead' }
  const groups = Math.max(0, ...parts.map((part) => part.group))
  const whole = new RegExp(`^${pattern}$`)
  if (checkDigit === null) return groups === 0 ? { scheme: formed(whole) } : { problem: 'has parentheses, which only a checkDigit gives a meaning' }
  if (groups !== 2) return { problem: 'must have two pairs of parentheses: around what is summed up, and around the check digit' }
  const problem = misfit(checkDigit, parts.filter((part) => part.group === 1), parts.filter((part) => part.group === 2))
  return problem === null ? { scheme: checked(whole, checkDigits[checkDigit].compute) } : { problem }
}

/** Why the check digit cannot be computed of what the parentheses hold. */
function misfit(name: CheckDigitName, summed: readonly Part[], check: readonly Part[]): string | null {
  const { of, length } = checkDigits[name]
  const [least, most] = [summed.reduce((sum, part) => sum + part.least, 0), summed.reduce((sum, part) => sum + part.most, 0)]
  if (least === 0) return 'must sum up at least one character'
  if (summed.some(({ allows }) => allows.hyphen || (of === 'digits' && allows.letters))) return `must sum up ${of === 'digits' ? 'digits' : 'digits and capital letters'} alone for ${name}`
  if (length !== null && (least !== length || most !== length)) return `must sum up ${length} digits for ${name}`
  return check.length === 1 && check[0]!.least === 1 && check[0]!.most === 1 ? null : 'must have one character as the check digit'
}

function partsOf(pattern: string): Part[] | string {
  const parts: Part[] = []
  let group = 0
  let opened = 0
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at]!
    if (character === '(' || character === ')') {
      if ((character === '(') !== (group === 0)) return 'must not have parentheses within parentheses, or without their like'
      if (character === ')' && parts.at(-1)?.group !== group) return 'must not have empty parentheses'
      group = character === '(' ? ++opened : 0
      at++
      continue
    }
    token.lastIndex = at
    const found = token.exec(pattern)?.[0]
    if (found === undefined) return `cannot be read from ${JSON.stringify(pattern.slice(at, at + 10))} on: only capital letters, digits, hyphens, \\d, [A-Z0-9], {n}, {n,m}, ? and parentheses`
    at += found.length
    const allows = allowed(found)
    if (allows === null) return `has the range ${found}, which runs backwards or from digits to letters`
    times.lastIndex = at
    const often = times.exec(pattern)
    at += often?.[0].length ?? 0
    const [least, most] = often === null ? [1, 1] : often[0] === '?' ? [0, 1] : [Number(often[1]), Number(often[2] ?? often[1])]
    if (least > most) return `has ${often?.[0] ?? ''}, which runs backwards`
    parts.push({ allows, least, most, group })
  }
  return group === 0 ? parts : 'must not have parentheses within parentheses, or without their like'
}

/** Null for a range that is none. */
function allowed(found: string): Part['allows'] | null {
  if (found === '\\d') return digit
  const characters = found.startsWith('[') ? found.slice(1, -1) : found
  for (const [, from, to] of characters.matchAll(/(.)-(.)/g)) if (from! > to! || isDigit(from!) !== isDigit(to!)) return null
  const ends = characters.length === 1 ? characters : characters.replaceAll('-', '')
  return { digits: [...ends].some(isDigit), letters: /[A-Z]/.test(ends), hyphen: ends === '-' }
}

const isDigit = (character: string): boolean => character >= '0' && character <= '9'
