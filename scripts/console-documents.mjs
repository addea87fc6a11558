// A plugin of graphql-codegen: the console's operations, as the client kit's. Each selection asks for `__typename`, by which the console's
// cache knows objects: the text that is sent is the text whose hash is known.
import { Kind, visit } from 'graphql'
import { plugin as clientDocuments } from './client-documents.mjs'

const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }

export function plugin(schema, documents, config, info) {
  const named = documents.map(({ document, ...rest }) => ({ ...rest, document: visit(document, { SelectionSet: { leave: withTypename } }) }))
  const made = clientDocuments(schema, named, config, info)
  if (typeof made === 'string') return made
  return {
    prepend: ["import { type Document, document } from '../../src/client/document.ts'"],
    content: made.content,
  }
}

function withTypename(node, _key, parent) {
  if (parent?.kind === Kind.OPERATION_DEFINITION || node.selections.some((one) => one.kind === Kind.FIELD && one.name.value === '__typename')) return undefined
  return { ...node, selections: [...node.selections, typename] }
}
