// How carriers number their parcels, and how the number checks itself. Pure. Algorithms and examples: jkeen/tracking_number_data;
// S10: Universal Postal Union standard S10; mod 7: the "7DR" check digit of the Japanese carriers.

/** Whether a number, in upper case, is well formed by one scheme of a carrier. */
export type NumberScheme = (number: string) => boolean

const digit = (character: string): number => character.charCodeAt(0) - 48

/** Digits from the right are weighed 3, 1, 3, 1, ...; GS1 General Specifications 7.9, also USPS and FedEx Ground. */
export function gs1CheckDigit(digits: string): number {
  let sum = 0
  for (let index = 0; index < digits.length; index++) sum += digit(digits[digits.length - 1 - index]!) * (index % 2 === 0 ? 3 : 1)
  return (10 - (sum % 10)) % 10
}

/** UPS: characters weighed 1, 2, 1, 2, ... from the left; a letter counts as its ASCII code - 63, modulo 10. */
export function upsCheckDigit(characters: string): number {
  let sum = 0
  for (const [index, character] of [...characters].entries()) {
    const value = character <= '9' ? digit(character) : (character.charCodeAt(0) - 63) % 10
    sum += value * (index % 2 === 0 ? 1 : 2)
  }
  return (10 - (sum % 10)) % 10
}

/** FedEx Express: weights 1, 3, 7 from the right, modulo 11; 10 counts as 0. */
export function fedexCheckDigit(digits: string): number {
  let sum = 0
  for (let index = 0; index < digits.length; index++) sum += digit(digits[digits.length - 1 - index]!) * [1, 3, 7][index % 3]!
  return (sum % 11) % 10
}

export const mod7CheckDigit = (digits: string): number => Number(BigInt(digits) % 7n)

/** ISO/IEC 7812-1, annex B. */
export function luhnCheckDigit(digits: string): number {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const doubled = digit(digits[digits.length - 1 - index]!) * (index % 2 === 0 ? 2 : 1)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return (10 - (sum % 10)) % 10
}

/** Of the eight digits of an S10 item. */
export function s10CheckDigit(digits: string): number {
  const sum = [8, 6, 4, 2, 3, 5, 9, 7].reduce((total, weight, index) => total + weight * digit(digits[index]!), 0)
  const check = 11 - (sum % 11)
  return check === 10 ? 0 : check === 11 ? 5 : check
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** ISO/IEC 7064 MOD 37,36. */
export function mod3736CheckCharacter(characters: string): string {
  let product = 36
  for (const character of characters) {
    const sum = (product + alphabet.indexOf(character)) % 36 || 36
    product = (sum * 2) % 37
  }
  return alphabet[(37 - product) % 36]!
}

/** The check digits by name, and what may be summed up: digits, or letters as well; `length` where it is fixed. */
export const checkDigits = {
  gs1: { of: 'digits', length: null, compute: gs1CheckDigit },
  luhn: { of: 'digits', length: null, compute: luhnCheckDigit },
  mod7: { of: 'digits', length: null, compute: mod7CheckDigit },
  fedex: { of: 'digits', length: null, compute: fedexCheckDigit },
  s10: { of: 'digits', length: 8, compute: s10CheckDigit },
  ups: { of: 'characters', length: null, compute: upsCheckDigit },
  'mod37-36': { of: 'characters', length: null, compute: mod3736CheckCharacter },
} as const satisfies Record<string, { of: 'digits' | 'characters'; length: number | null; compute: (characters: string) => number | string }>
export type CheckDigitName = keyof typeof checkDigits

/** A scheme of which nothing but the form is known. */
export const formed = (pattern: RegExp): NumberScheme => (number) => pattern.test(number)

/** A scheme whose pattern has two groups: what is summed up, and the check digit. */
export const checked = (pattern: RegExp, checkDigit: (characters: string) => number | string): NumberScheme => (number) => {
  const parts = pattern.exec(number)
  return parts !== null && String(checkDigit(parts[1]!)) === parts[2]
}

export const s10 = (...countries: string[]): NumberScheme => checked(new RegExp(`^[A-Z]{2}(\\d{8})(\\d)(?:${countries.join('|')})$`), s10CheckDigit)

export const mod7 = (length: number): NumberScheme => checked(new RegExp(`^(\\d{${length - 1}})(\\d)$`), mod7CheckDigit)
