// How large a document may be (docs/limits.md). It is found out before validation, of which some rules take the square of what they are given.
import { type DocumentNode, type FragmentDefinitionNode, GraphQLError, Kind, type SelectionSetNode, visit } from 'graphql'
import { BadRequest } from '../kit/errors.ts'

export const limits = {
  /** Of a document. */
  tokens: 5_000,
  operations: 50,
  fragments: 100,
  aliases: 100,
  directives: 100,
  /** Levels of lists and objects within a literal of the document, and within the variables. */
  valueDepth: 20,
  /** Of an operation or a fragment, with what it spreads, as often as that is spread. */
  depth: 15,
  fields: 1_000,
  repeatedFields: 300,
  spreads: 500,
} as const

/** What a document beyond them is refused with. */
export const limitCodes = [
  'DOCUMENT_TOO_LARGE', 'OPERATION_TOO_DEEP', 'VALUE_TOO_DEEP',
  'TOO_MANY_DEFINED_OPERATIONS', 'TOO_MANY_FRAGMENTS', 'TOO_MANY_ALIASES', 'TOO_MANY_DIRECTIVES', 'TOO_MANY_FIELDS', 'TOO_MANY_REPEATED_FIELDS',
] as const

export const exceeded = (code: (typeof limitCodes)[number], message: string): GraphQLError => new GraphQLError(message, { extensions: { code } })

/**
 * Answers how many nodes the document has, which tells what memory it takes.
 * @throws GraphQLError with one of `limitCodes`
 */
export function checkLimits(document: DocumentNode): number {
  const nodes = checkWritten(document)
  const fragments = new Map(document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])))
  for (const one of document.definitions) {
    if ('selectionSet' in one) checkSpread(one.selectionSet, fragments)
  }
  return nodes
}

/** The document as it is written. */
function checkWritten(document: DocumentNode): number {
  const count = { nodes: 0, operations: 0, fragments: 0, aliases: 0, directives: 0, valueDepth: 0 }
  const one = (what: 'operations' | 'fragments' | 'aliases' | 'directives', code: (typeof limitCodes)[number]): void => {
    if (++count[what] > limits[what]) throw exceeded(code, `The document has more than ${limits[what]} ${what}`)
  }
  visit(document, {
    enter(node) {
      count.nodes++
      if (node.kind === Kind.FIELD && node.alias !== undefined) one('aliases', 'TOO_MANY_ALIASES')
      if (node.kind === Kind.STRING && unwritable.test(node.value)) throw new GraphQLError(`a text ${UNWRITABLE}`, { nodes: [node], extensions: { code: 'BAD_USER_INPUT' } })
      if (node.kind === Kind.DIRECTIVE) one('directives', 'TOO_MANY_DIRECTIVES')
      if (node.kind === Kind.OPERATION_DEFINITION) one('operations', 'TOO_MANY_DEFINED_OPERATIONS')
      if (node.kind === Kind.FRAGMENT_DEFINITION) one('fragments', 'TOO_MANY_FRAGMENTS')
      if ((node.kind === Kind.LIST || node.kind === Kind.OBJECT) && ++count.valueDepth > limits.valueDepth) {
        throw exceeded('VALUE_TOO_DEEP', `A value of the document is more than ${limits.valueDepth} levels deep`)
      }
    },
    leave(node) {
      if (node.kind === Kind.LIST || node.kind === Kind.OBJECT) count.valueDepth--
    },
  })
  return count.nodes
}

/** The fragments that are being spread, the innermost first: one that spreads itself is validation's finding, and must not keep us here. */
interface Within {
  fragment: string
  outer: Within | null
}
interface Body {
  selections: SelectionSetNode
  within: Within | null
}

/** What an operation or fragment selects once its fragments are spread and the fields of one name are merged. It stops at the first limit. */
function checkSpread(selections: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): void {
  const count = { fields: 0, repeatedFields: 0, spreads: 0 }
  const one = (what: keyof typeof count, code: (typeof limitCodes)[number], words: string): void => {
    if (++count[what] > limits[what]) throw exceeded(code, `The operation has more than ${limits[what]} ${words}`)
  }
  /** By the name in the answer: what is selected below it, by every field of that name. */
  const gather = ({ selections, within }: Body, into: Map<string, { introspection: boolean; bodies: Body[] }>): void => {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        one('fields', 'TOO_MANY_FIELDS', 'fields, aliases and spread fragments counted as often as they stand')
        const name = (selection.alias ?? selection.name).value
        const known = into.get(name)
        if (known !== undefined) one('repeatedFields', 'TOO_MANY_REPEATED_FIELDS', 'fields that stand in the same place under the same name')
        const field = known ?? { introspection: selection.name.value.startsWith('__'), bodies: [] }
        if (known === undefined) into.set(name, field)
        if (selection.selectionSet !== undefined) field.bodies.push({ selections: selection.selectionSet, within })
      } else {
        one('spreads', 'TOO_MANY_FRAGMENTS', 'fragments to spread, each counted as often as it stands')
        if (selection.kind === Kind.INLINE_FRAGMENT) gather({ selections: selection.selectionSet, within }, into)
        else {
          const fragment = selection.name.value
          const body = fragments.get(fragment)?.selectionSet
          if (body !== undefined && !isWithin(fragment, within)) gather({ selections: body, within: { fragment, outer: within } }, into)
        }
      }
    }
  }
  const descend = (bodies: readonly Body[], depth: number): void => {
    if (depth > limits.depth) throw exceeded('OPERATION_TOO_DEEP', `The operation is more than ${limits.depth} fields deep`)
    const fields = new Map<string, { introspection: boolean; bodies: Body[] }>()
    for (const body of bodies) gather(body, fields)
    for (const field of fields.values()) {
      // Introspection has rules of its own for its depth: its types wrap each other.
      if (field.bodies.length > 0) descend(field.bodies, field.introspection ? Number.NEGATIVE_INFINITY : depth + 1)
    }
  }
  descend([{ selections, within: null }], 1)
}

function isWithin(fragment: string, within: Within | null): boolean {
  for (let at = within; at !== null; at = at.outer) if (at.fragment === fragment) return true
  return false
}

/** @throws GraphQLError VALUE_TOO_DEEP, or BAD_USER_INPUT where a text has what the database does not take */
export function checkVariables(variables: unknown): void {
  // The variables themselves are an object, around the first level of their values.
  if (isDeeper(variables, limits.valueDepth + 1)) throw exceeded('VALUE_TOO_DEEP', `A value of the variables is more than ${limits.valueDepth} levels deep`)
  const field = pathOfUnwritable(variables, [])
  if (field !== null) throw new GraphQLError(UNWRITABLE, { originalError: new BadRequest(UNWRITABLE, ...field) })
}

/** What no text of PostgreSQL can have, and none is meant to: NUL, and half of a pair of UTF-16. */
const unwritable = /[\0\p{Cs}]/u
const UNWRITABLE = 'holds a NUL character or an unpaired surrogate'

function pathOfUnwritable(value: unknown, path: readonly string[]): readonly string[] | null {
  if (typeof value === 'string') return unwritable.test(value) ? path : null
  if (typeof value !== 'object' || value === null) return null
  for (const [name, inner] of Object.entries(value)) {
    const found = pathOfUnwritable(inner, [...path, name])
    if (found !== null) return found
  }
  return null
}

const isDeeper = (value: unknown, than: number): boolean =>
  typeof value === 'object' && value !== null && (than === 0 || Object.values(value).some((inner) => isDeeper(inner, than - 1)))
