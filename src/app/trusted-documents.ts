import { readFile } from 'node:fs/promises'
import type { GraphQLSchema } from 'graphql'
import { type Config, ConfigError } from '../config/env.ts'
import { Documents } from '../http/documents.ts'
import { hashOf, hashOfId, type TrustedDocuments } from '../http/persisted-documents.ts'

/**
 * The documents of the manifests that TRUSTED_DOCUMENTS names: JSON objects of SHA-256 (with or without `sha256:` before it) and text,
 * as GraphQL Code Generator's client preset writes them.
 * @throws ConfigError with every problem of every file
 */
export async function loadTrustedDocuments({ trustedDocuments, introspection, maxCost }: Pick<Config, 'trustedDocuments' | 'introspection' | 'maxCost'>, schema: GraphQLSchema): Promise<TrustedDocuments> {
  const trusted = new Map<string, string>()
  const problems: string[] = []
  const documents = new Documents(schema, { introspection, maxCost, trusted: new Map(), trustedOnly: false, mayUse: () => true })
  for (const file of trustedDocuments) {
    for (const [id, text] of await entriesOf(file, problems)) {
      const problem = problemOf(id, text, documents)
      if (problem === null) trusted.set(hashOfId(id), text as string)
      else problems.push(`TRUSTED_DOCUMENTS ${file}: ${id.slice(0, 80)} ${problem}`)
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return trusted
}

function problemOf(id: string, text: unknown, documents: Documents): string | null {
  if (typeof text !== 'string') return 'is not the text of a document'
  const hash = hashOf(text)
  if (hashOfId(id) !== hash) return 'is not the SHA-256 of its text, in hexadecimal'
  const reading = documents.read(text, hash)
  return 'errors' in reading ? reading.errors.map((error) => error.message).join('; ') : null
}

async function entriesOf(file: string, problems: string[]): Promise<[id: string, text: unknown][]> {
  let content: string
  try {
    content = await readFile(file, 'utf8')
  } catch (error) {
    problems.push(`TRUSTED_DOCUMENTS ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
    return []
  }
  try {
    const manifest: unknown = JSON.parse(content.replace(/^\uFEFF/, ''))
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) return Object.entries(manifest)
    problems.push(`TRUSTED_DOCUMENTS ${file} is not a JSON object of SHA-256 and text`)
  } catch (error) {
    problems.push(`TRUSTED_DOCUMENTS ${file} is not JSON: ${(error as SyntaxError).message}`)
  }
  return []
}
