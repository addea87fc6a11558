// `cartage/client`: what a front end needs to ask and to act. It imports nothing; `cartage/client/subscribe` wants graphql-ws.
export type { Document } from './document.ts'
export { type AnsweredError, GatewayError } from './gateway-error.ts'
export { type Client, type ClientOptions, createClient, type Gateway, type RequestOptions } from './request.ts'
export * from './generated/documents.ts'
