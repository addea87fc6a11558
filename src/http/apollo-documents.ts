// Apollo's pipeline over HTTP reads documents as every transport does: through its document store, its persisted queries and its hooks.
import type { ApolloServerOptions, ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, parse } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import type { Documents, MeasuredCost, Reading } from './documents.ts'
import { hashOfId } from './persisted-documents.ts'

type Seams = Required<Pick<ApolloServerOptions<Scope>, 'documentStore' | 'persistedQueries'>>

/** Apollo puts a prefix of its own before a hash. */
const hashIn = (key: string): string => hashOfId(key.slice(key.lastIndexOf(':') + 1))

/** What Apollo is given in place of a document that is refused, so that it neither parses nor validates that: the plugin then refuses it. */
const placeholder = parse('{ __typename }')

export function documentSeams(documents: Documents): Seams {
  const { persisted } = documents
  return {
    documentStore: {
      async get(key) {
        const reading = documents.known(hashIn(key))
        return reading !== undefined && 'document' in reading ? reading.document : placeholder
      },
      async set() {},
      async delete() {},
    },
    persistedQueries: {
      ttl: null,
      cache: {
        get: async (key) => persisted.find(hashIn(key)),
        set: async (key, source) => persisted.register(hashIn(key), source),
        async delete() {},
      },
    },
  }
}

/** Reads before Apollo would, refuses what is too large, invalid, untrusted or dear, and tells each answer's cost. */
export function readDocuments(documents: Documents): ApolloServerPlugin<Scope> {
  return {
    async requestDidStart() {
      let reading: Reading | undefined
      let cost: MeasuredCost | undefined
      return {
        async didResolveSource({ source, queryHash }) {
          reading = documents.read(source, hashOfId(queryHash)) // as it was sent, in any spelling
        },
        async didResolveOperation({ document, operation, request, contextValue: { actor } }) {
          if (reading === undefined) return
          if ('errors' in reading) throw refusal(reading.errors)
          if (document !== reading.document) throw new Error('the document was pushed out of memory between two hooks')
          if (operation === undefined) return // execution says so
          const forbidden = reading.forbidden(operation, actor.role)
          if (forbidden.length > 0) throw refusal(forbidden, 403)
          try {
            cost = documents.measure(reading, operation, request.variables)
          } catch (error) {
            if (!(error instanceof GraphQLError)) throw error
            cost = error.extensions['cost'] as MeasuredCost | undefined
            throw refusal([error])
          }
        },
        async willSendResponse({ response: { body } }) {
          if (cost !== undefined && body?.kind === 'single') body.singleResult.extensions = { ...body.singleResult.extensions, cost }
        },
      }
    },
  }
}

// A hook may throw one error, and a document may have several.
function refusal(errors: readonly GraphQLError[], status = 400): GraphQLError {
  return new GraphQLError(errors[0]!.message, { originalError: new AggregateError(errors), extensions: { http: { status } } })
}

/** The errors that a plugin threw as one. */
export const separate = (error: GraphQLError): readonly GraphQLError[] =>
  error.originalError instanceof AggregateError ? (error.originalError.errors as GraphQLError[]) : [error]
