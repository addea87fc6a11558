/**
 * An operation, with the types of its data and variables. `String(document)` is its text; `hash`, where there is one, is
 * `sha256:` and the SHA-256 of that text in hex. What graphql-codegen makes with `documentMode: string` fits as well.
 */
export interface Document<Data, Variables> {
  toString(): string
  readonly hash?: string
  /** Bears the types alone: there is no such function. */
  readonly __apiType?: (variables: Variables) => Data
}

/** Of a generated operation. */
export const document = <Data, Variables>(text: string, hash: string): Document<Data, Variables> => ({ toString: () => text, hash })

/** What a request or a subscription may leave out: variables, where the operation needs none. */
export type Rest<Variables, Options> = Record<string, never> extends Variables ? [variables?: Variables, options?: Options] : [variables: Variables, options?: Options]

/** As the GraphQL over HTTP draft has a document by its id. @throws TypeError where it has none. */
export function hashOf(document: Document<unknown, never>): string {
  const hash = document.hash ?? (document as { __meta__?: { hash?: string } }).__meta__?.hash
  if (hash === undefined) throw new TypeError('A trusted document bears the hash that its manifest knows it by; this one has none')
  return hash
}
