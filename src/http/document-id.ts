import type { FastifyRequest } from 'fastify'
import { hashOfId } from './persisted-documents.ts'

/**
 * `documentId` of the GraphQL over HTTP draft, said as Apollo knows it: as its extension `persistedQuery`. What is no such request is
 * left as it stands, for Apollo to refuse.
 */
export function translateDocumentId(request: FastifyRequest): void {
  if (request.method === 'GET') translateUrl(request)
  else if (isRecord(request.body)) request.body = translated(request.body)
}

function translateUrl({ raw }: FastifyRequest): void {
  const url = new URL(raw.url ?? '', 'http://gateway')
  const id = url.searchParams.get('documentId')
  if (id === null || url.searchParams.has('extensions')) return
  url.searchParams.set('extensions', JSON.stringify(extensionOf(id)))
  raw.url = `${url.pathname}?${url.searchParams}`
}

function translated(body: Record<string, unknown>): Record<string, unknown> {
  const { documentId, extensions } = body
  if (typeof documentId !== 'string' || (extensions != null && !isRecord(extensions))) return body
  return { ...body, extensions: { ...extensions, ...extensionOf(documentId) } }
}

const extensionOf = (id: string): object => ({ persistedQuery: { version: 1, sha256Hash: hashOfId(id) } })

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
