import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql'
import { loadExisting, type Scope } from '../auth/scope.ts'
import { Connection, ConnectionPayload, connectionPayload } from '../connections/connection.types.ts'
import type { ConnectionRow } from '../connections/connections.store.ts'
import { Customer } from '../customers/customer.types.ts'
import { customerById, type CustomerRow } from '../customers/customers.store.ts'
import { Warehouse } from '../customers/warehouse.types.ts'
import { warehouseById, type WarehouseRow } from '../customers/warehouses.store.ts'
import type { NodeSource } from '../graphql/node.ts'
import { Derived, Joined, Takes } from '../graphql/reads.ts'
import { URLScalar } from '../graphql/scalars.ts'
import { minutes, shifted } from '../kit/clock.ts'
import { toId } from '../kit/ids.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { createSetupLink } from './create-setup-link.ts'
import { type OnboardingProcess, stateOf } from './look-after-onboarding.ts'
import { onboardingOfConnection, type OnboardingRow } from './onboarding.store.ts'
import {
  Agreement, CreateSetupLinkInput, CreateSetupLinkPayload, Onboarding, RequestConnectionsInput, RequestConnectionsPayload, RevokeSetupLinkInput, RevokeSetupLinkPayload,
  SendAgreementInput, SetupLink, type SetupLinkState, SetupLinkStatus, SignAgreementInput, VoidAgreementInput,
} from './onboarding.types.ts'
import { requestConnections } from './request-connections.ts'
import { revokeSetupLink } from './revoke-setup-link.ts'
import { sendAgreement } from './send-agreement.ts'
import { setupLinkById, type SetupLinkRow, setupLinksOfCustomer } from './setup-links.store.ts'
import { signAgreement } from './sign-agreement.ts'
import { voidAgreement } from './void-agreement.ts'

export interface OnboardingResolverProcess extends OnboardingProcess {
  channels: Channels
  turnaroundHours: number
}

/** How long a document's address is good for. */
const DOCUMENT_GOOD_FOR = minutes(15)

/** A connection's steps, its agreement, and links for merchants without an account. */
@Resolver(() => Connection)
export class OnboardingResolver {
  readonly #process: OnboardingResolverProcess

  constructor(process: OnboardingResolverProcess) {
    this.#process = process
  }

  @Mutation(() => RequestConnectionsPayload, {
    description: "The integration survey. Starts a connection's onboarding; one connection for each marketplace asked for, all of them or none.",
  })
  async requestConnections(@Arg('input', () => RequestConnectionsInput) input: RequestConnectionsInput, @Ctx() scope: Scope): Promise<RequestConnectionsPayload> {
    const result = await requestConnections(scope, this.#process, input)
    return 'refusals' in result ? { connections: [], userErrors: result.refusals } : { connections: result.connections, userErrors: [] }
  }

  @Mutation(() => ConnectionPayload, { description: 'Has the agreement signed, for the connection and the others of its survey: by a link that is mailed to the signer, or at the signature provider.' })
  async sendAgreement(@Arg('input', () => SendAgreementInput) input: SendAgreementInput, @Ctx() scope: Scope): Promise<ConnectionPayload> {
    return connectionPayload(await sendAgreement(scope, this.#process, input))
  }

  @Mutation(() => ConnectionPayload, { description: "Signs the built-in agreement. With an e-signature provider configured, the provider's callback does this instead." })
  async signAgreement(@Arg('input', () => SignAgreementInput) input: SignAgreementInput, @Ctx() scope: Scope): Promise<ConnectionPayload> {
    return connectionPayload(await signAgreement(scope, this.#process, input))
  }

  @Mutation(() => ConnectionPayload, { description: 'Withdraws an agreement that is not signed yet, for every connection that it was made for.' })
  async voidAgreement(@Arg('input', () => VoidAgreementInput) input: VoidAgreementInput, @Ctx() scope: Scope): Promise<ConnectionPayload> {
    return connectionPayload(await voidAgreement(scope, this.#process, input))
  }

  @Mutation(() => CreateSetupLinkPayload, { description: 'A link for a merchant without an account: it opens once, and is good for the survey, the signature and the authorization of their own connections.' })
  async createSetupLink(@Arg('input', () => CreateSetupLinkInput) input: CreateSetupLinkInput, @Ctx() scope: Scope): Promise<CreateSetupLinkPayload> {
    const result = await createSetupLink(scope, this.#process, input)
    return 'refusals' in result ? { setupLink: null, url: null, userErrors: result.refusals } : { setupLink: result.link, url: result.url, userErrors: [] }
  }

  @Mutation(() => RevokeSetupLinkPayload, { description: 'Takes a set-up link back, with any other that the same person had for the same, and ends what goes on with it. Nobody is sent another by itself.' })
  async revokeSetupLink(@Arg('input', () => RevokeSetupLinkInput) input: RevokeSetupLinkInput, @Ctx() scope: Scope): Promise<RevokeSetupLinkPayload> {
    const result = await revokeSetupLink(scope, input)
    return 'refusals' in result ? { setupLink: null, userErrors: result.refusals } : { setupLink: result.link, userErrors: [] }
  }

  @FieldResolver(() => Onboarding, { description: 'Its way from survey to live.' })
  @Takes<ConnectionRow, 'id'>('id')
  async onboarding(@Root() { id }: Pick<ConnectionRow, 'id'>, @Ctx() scope: Scope): Promise<Onboarding & { row: OnboardingRow }> {
    const row = await loadExisting(scope, onboardingOfConnection, id)
    return { ...stateOf(row, this.#process, scope.clock()), turnaroundHours: row.turnaroundHours, row }
  }
}

@Resolver(() => Onboarding)
export class OnboardingAgreementResolver {
  @FieldResolver(() => Agreement, { nullable: true, description: 'What the merchant agrees to; null where none was made yet.' })
  agreement(@Root() { row }: { row: OnboardingRow }): (Agreement & { agreementId: string }) | null {
    const { agreementId, provider, agreementStatus: status, agreementReason: statusReason, signerName, signerEmail, sentAt, signedAt, documentSha256 } = row
    if (agreementId === null) return null
    return { agreementId, provider: provider!, status: status!, statusReason, signerName, signerEmail, sentAt, signedAt, documentSha256 }
  }
}

@Resolver(() => Agreement)
export class AgreementsResolver {
  readonly #process: Pick<OnboardingProcess, 'signer' | 'publicUrl'>

  constructor(process: Pick<OnboardingProcess, 'signer' | 'publicUrl'>) {
    this.#process = process
  }

  @FieldResolver(() => URLScalar, { nullable: true, description: 'The PDF, signed where it is signed; the address is good for 15 minutes, for whoever has it.' })
  async documentUrl(@Root() { agreementId }: { agreementId: string }, @Ctx() scope: Scope): Promise<string> {
    return `${this.#process.publicUrl()}/agreements/${await this.#process.signer.sign('document', agreementId, shifted(scope.clock(), DOCUMENT_GOOD_FOR))}`
  }
}

@Resolver(() => SetupLink)
export class SetupLinksResolver {
  @Derived<SetupLinkRow, 'id'>(() => ID, ['id'], ({ id }) => toId('SetupLink', id))
  declare id: string

  @FieldResolver(() => SetupLinkStatus, { description: 'What it is good for.' })
  status(@Root() { revokedAt, usedAt, expiresAt }: SetupLinkRow, @Ctx() scope: Scope): SetupLinkState {
    return revokedAt !== null ? 'REVOKED' : expiresAt <= scope.clock() ? 'EXPIRED' : usedAt !== null ? 'USED' : 'OPEN'
  }

  @Joined<SetupLinkRow, CustomerRow>(() => Customer, customerById, 'customerId', { description: 'The merchant that it is for.' })
  declare customer: CustomerRow

  @Joined<SetupLinkRow, WarehouseRow>(() => Warehouse, warehouseById, 'warehouseId', { nullable: true, description: 'The warehouse that will ship their orders.' })
  declare warehouse: WarehouseRow
}

@Resolver(() => Customer)
export class CustomerSetupLinksResolver {
  @Joined<CustomerRow, SetupLinkRow[]>(() => [SetupLink], setupLinksOfCustomer, 'id', { description: 'Links for people of theirs without an account, the newest first.' })
  declare setupLinks: SetupLinkRow[]
}

export const setupLinkNodes: NodeSource[] = [{ type: 'SetupLink', read: (scope, id) => setupLinkById(scope.db.pool, scope, id) }]
