// A plugin of graphql-codegen: the operations as the client kit carries them, each a text and its SHA-256, and, into a .json file, the
// manifest of these texts that a gateway may be told to trust. In place of the client preset's, whose hash is of another text than the
// one that is sent: here one hash serves trusted documents and automatic persisted queries alike, and nothing is imported.
import { createHash } from 'node:crypto'
import { Kind, print, stripIgnoredCharacters, visit } from 'graphql'

const suffixes = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }

export function plugin(_schema, documents, _config, { outputFile }) {
  const definitions = documents.flatMap(({ document }) => document.definitions)
  const fragments = new Map(definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]))
  const operations = definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((operation) => {
      const text = stripIgnoredCharacters([operation, ...spreadIn(operation, fragments)].map(print).join('\n'))
      return { name: operation.name.value, type: `${operation.name.value}${suffixes[operation.operation]}`, text, hash: `sha256:${createHash('sha256').update(text).digest('hex')}` }
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  if (outputFile.endsWith('.json')) return `${JSON.stringify(Object.fromEntries(operations.map(({ hash, text }) => [hash, text])), null, 2)}\n`
  return {
    prepend: ["import { type Document, document } from '../document.ts'"],
    content: operations.map(({ name, type, text, hash }) => `export const ${name}Document: Document<${type}, ${type}Variables> = /*#__PURE__*/ document(${JSON.stringify(text)}, '${hash}')`).join('\n'),
  }
}

/** The fragments that an operation needs, and those that they need. */
function spreadIn(node, fragments, found = new Set()) {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value)
      if (found.has(fragment)) return
      found.add(fragment)
      spreadIn(fragment, fragments, found)
    },
  })
  return found
}
