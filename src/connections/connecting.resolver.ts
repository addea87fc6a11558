import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { beginAuthorization } from './begin-authorization.ts'
import {
  BeginAuthorizationInput, BeginAuthorizationPayload, ProvideCredentialsInput, TestConnectionPayload,
} from './connecting.types.ts'
import { ConnectionIdInput, ConnectionPayload, connectionPayload } from './connection.types.ts'
import { disconnectConnection, type Disconnecting } from './disconnect-connection.ts'
import { goLive } from './go-live.ts'
import { provideCredentials } from './provide-credentials.ts'
import { testConnection } from './test-connection.ts'

export interface ConnectingProcess {
  channels: Channels
  sealer: Sealer
  publicUrl: () => string
  disconnecting: Disconnecting
  agreementNeeded: boolean
}

/** A connection's authorization, its test, and how it begins and ends to work. */
@Resolver()
export class ConnectingResolver {
  readonly #process: ConnectingProcess

  constructor(process: ConnectingProcess) {
    this.#process = process
  }

  @Mutation(() => BeginAuthorizationPayload, {
    description: "Starts the marketplace's own consent flow; the seller opens the URL, and its callback finishes the authorization. Also renews one.",
  })
  async beginAuthorization(@Arg('input', () => BeginAuthorizationInput) input: BeginAuthorizationInput, @Ctx() scope: Scope): Promise<BeginAuthorizationPayload> {
    const result = await beginAuthorization(scope, this.#process, input)
    return 'refusals' in result ? { authorizationUrl: null, expiresAt: null, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Mutation(() => ConnectionPayload, { description: 'Stores credentials that the seller copied by hand (merchant ID and refresh token), after testing them. Also renews.' })
  async provideCredentials(@Arg('input', () => ProvideCredentialsInput) input: ProvideCredentialsInput, @Ctx() scope: Scope): Promise<ConnectionPayload> {
    return connectionPayload(await provideCredentials(scope, this.#process, input))
  }

  @Mutation(() => TestConnectionPayload, { description: "Tries the connection's account out at the marketplace, and changes nothing there." })
  async testConnection(@Arg('input', () => ConnectionIdInput) input: ConnectionIdInput, @Ctx() scope: Scope): Promise<TestConnectionPayload> {
    const result = await testConnection(scope, this.#process, input)
    return 'refusals' in result ? { connection: null, checks: [], userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Mutation(() => ConnectionPayload, { description: 'Sets a connection to work whose merchant has signed and authorized, and which passed its test: its first import comes at once.' })
  async goLive(@Arg('input', () => ConnectionIdInput) input: ConnectionIdInput, @Ctx() scope: Scope): Promise<ConnectionPayload> {
    return connectionPayload(await goLive(scope, this.#process, input))
  }

  @Mutation(() => ConnectionPayload, { description: 'Ends the connection and destroys its credentials; its orders stay.' })
  async disconnectConnection(@Arg('input', () => ConnectionIdInput) input: ConnectionIdInput, @Ctx() scope: Scope): Promise<ConnectionPayload> {
    return connectionPayload(await disconnectConnection(scope, this.#process.disconnecting, input))
  }
}
