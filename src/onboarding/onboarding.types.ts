import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Connection } from '../connections/connection.types.ts'
import type { ConnectionRow } from '../connections/connections.store.ts'
import { DateTime, EmailAddress } from '../graphql/scalars.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import { NotificationContactInput } from '../notifications/notification.types.ts'
import type { AgreementStatus as Status, OnboardingStage as Stage, Step } from './onboarding.ts'
import type { SetupLinkRow } from './setup-links.store.ts'

export const OnboardingStage = enumOf('OnboardingStage', ['SURVEY', 'AGREEMENT', 'AUTHORIZATION', 'SETUP', 'LIVE'], 'A step of a connection from survey to live.', {
  SURVEY: 'What the merchant asks for.',
  AGREEMENT: 'Sent, and signed.',
  AUTHORIZATION: "The seller's consent at the marketplace, or credentials copied by hand.",
  SETUP: 'The warehouse tests the account and maps what is sold.',
  LIVE: 'Its jobs run.',
})
export const AgreementStatus = enumOf('AgreementStatus', ['NOT_SENT', 'SENT', 'SIGNED', 'DECLINED', 'VOIDED'], 'What has become of an agreement.', {
  NOT_SENT: 'Made, and being handed to whoever has it signed.',
  SENT: 'It waits for its signature.',
  SIGNED: 'Signed, and kept.',
  DECLINED: 'The signer will not sign it.',
  VOIDED: 'Withdrawn before it was signed.',
})

@ObjectType({ simpleResolvers: true, description: 'A step of onboarding: steps are done in whatever order they come.' })
export class OnboardingStep implements Step {
  @Field(() => OnboardingStage, { description: 'Which one.' })
  stage!: Stage

  @Field(() => String, { description: 'For people.' })
  title!: string

  @Field(() => DateTime, { nullable: true, description: 'When it was done; null where it is not.' })
  doneAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Who did it, where that is known.' })
  doneBy!: string | null

  @Field(() => String, { nullable: true, description: 'For people: whom or what it waits for; null where it is done.' })
  waitingFor!: string | null
}

@ObjectType({ description: 'What the merchant agrees to. Those of one survey are under one agreement.' })
export class Agreement {
  @Field(() => AgreementStatus, { description: 'What has become of it.' })
  status!: Status

  @Field(() => String, { description: 'Who has it signed: `built-in` or `docusign`.' })
  provider!: string

  @Field(() => String, { nullable: true, description: 'Why it was declined or voided, for people.' })
  statusReason!: string | null

  @Field(() => String, { nullable: true, description: 'Who signs for the merchant.' })
  signerName!: string | null

  @Field(() => EmailAddress, { nullable: true, description: "That person's address." })
  signerEmail!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it went out.' })
  sentAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it was signed.' })
  signedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'SHA-256 of the exact PDF that is signed, in hexadecimal: `signAgreement` takes it.' })
  documentSha256!: string | null
}

@ObjectType({ description: "A connection's way from survey to live." })
export class Onboarding {
  @Field(() => OnboardingStage, { description: 'The first step that is not done.' })
  stage!: Stage

  @Field(() => [OnboardingStep], { description: 'Every step, in order.' })
  steps!: Step[]

  @Field(() => Int, { description: 'Set-up is due 24 to 48 hours after everything needed has arrived; the operator can lengthen the promise. Hours of business days.' })
  turnaroundHours!: number

  @Field(() => DateTime, { nullable: true, description: "Until when the warehouse has promised its next part: the agreement, or the set-up. Null while it is the merchant's turn, or nobody's." })
  dueAt!: Date | null

  @Field(() => Boolean, { description: 'Whether that has passed.' })
  overdue!: boolean
}

@InputType()
export class SendAgreementInput {
  @Field(() => ID, { description: 'One that has no agreement, or whose last one was declined or voided. Others of its survey without one are in it.' })
  connectionId!: string

  @Field(() => String, { description: 'Who signs for the merchant, in Latin, Greek or Cyrillic letters.' })
  signerName!: string

  @Field(() => EmailAddress, { description: 'Where that person is asked.' })
  signerEmail!: string
}

@InputType()
export class SignAgreementInput {
  @Field(() => ID, { description: 'One whose agreement waits for its signature.' })
  connectionId!: string

  @Field(() => String, { description: "The signer's name as they type it; case and accents are forgiven." })
  signature!: string

  @Field(() => Boolean, { description: 'True: they have read it, and agree to sign electronically.' })
  accepted!: boolean

  @Field(() => String, { nullable: true, description: 'Of the document that they have read: of another one the signature is refused.' })
  documentSha256?: string | null
}

@InputType()
export class VoidAgreementInput {
  @Field(() => ID, { description: 'One whose agreement waits for its signature.' })
  connectionId!: string

  @Field(() => String, { description: 'Why, for people; at most 200 characters.' })
  reason!: string
}

@InputType({ description: 'The integration survey.' })
export class RequestConnectionsInput {
  @Field(() => ID, { description: 'The merchant whose connections they are.' })
  customerId!: string

  @Field(() => ID, { description: 'The warehouse that ships their orders.' })
  warehouseId!: string

  @Field(() => [ID], { description: "The marketplaces' own identifiers, e.g. ATVPDKIKX0DER: 1 to 50, each once." })
  marketplaceIds!: string[]

  @Field(() => String, { description: 'Whom to ask at the merchant.' })
  contactName!: string

  @Field(() => EmailAddress, { description: "That person's address." })
  contactEmail!: string

  @Field(() => String, { nullable: true, description: "The merchant's seller account, as they give it: then no other can be authorized. Left out, the authorization tells it." })
  merchantId?: string | null

  @Field(() => Int, { nullable: true, description: 'Of all the marketplaces together; 0 or more.' })
  expectedOrdersPerDay?: number | null

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Whether the marketplace is told what is in stock.' })
  inventorySync?: boolean | null

  @Field(() => Date, { nullable: true, description: 'Orders bought before this instant are skipped: now if left out, at most two years ago.' })
  importFrom?: Date | null

  @Field(() => [NotificationContactInput], { nullable: true, description: 'Who is told of what, on each of the connections.' })
  notify?: NotificationContactInput[] | null

  @Field(() => String, { nullable: true, description: 'Whatever else the warehouse should know; at most 4000 characters.' })
  notes?: string | null
}

@ObjectType({ simpleResolvers: true })
export class RequestConnectionsPayload {
  @Field(() => [Connection], { description: 'One for each marketplace asked for, in that order; none where anything was refused.' })
  connections!: ConnectionRow[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

export const SetupLinkStatus = enumOf('SetupLinkStatus', ['OPEN', 'USED', 'EXPIRED', 'REVOKED'], 'What a set-up link is good for.', {
  OPEN: 'It waits to be opened.',
  USED: 'It was opened; the browser that did goes on with it.',
  EXPIRED: 'It is too old.',
  REVOKED: 'Somebody took it back.',
})
export type SetupLinkState = 'OPEN' | 'USED' | 'EXPIRED' | 'REVOKED'

@ObjectType({ implements: Node, description: 'A link by which somebody without an account surveys, signs and authorizes for their own connections, and does nothing else.' })
export class SetupLink {
  @Field(() => ID)
  id!: string

  @Field(() => SetupLinkStatus, { description: 'What it is good for.' })
  status!: SetupLinkState

  @Field(() => String, { description: 'Whose it is.' })
  name!: string

  @Field(() => EmailAddress, { description: "That person's address." })
  email!: string

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date

  @Field(() => String, { description: 'Who made it.' })
  createdBy!: string

  @Field(() => DateTime, { description: 'Until then it may be opened, and used.' })
  expiresAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it was opened: good once.' })
  usedAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it was taken back.' })
  revokedAt!: Date | null
}

@InputType({ description: 'Either a connection that is being set up, or a customer and a warehouse: then the link begins with the survey.' })
export class CreateSetupLinkInput {
  @Field(() => ID, { nullable: true, description: 'One that was surveyed, and is being set up.' })
  connectionId?: string | null

  @Field(() => ID, { nullable: true, description: 'The merchant who is to be connected.' })
  customerId?: string | null

  @Field(() => ID, { nullable: true, description: 'The warehouse that will ship their orders.' })
  warehouseId?: string | null

  @Field(() => String, { description: 'Whose link it is.' })
  name!: string

  @Field(() => EmailAddress, { description: "That person's address." })
  email!: string

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Whether it is mailed to them.' })
  send?: boolean | null
}

@ObjectType({ simpleResolvers: true })
export class CreateSetupLinkPayload {
  @Field(() => SetupLink, { nullable: true, description: 'As it is now; null where it was refused.' })
  setupLink!: SetupLinkRow | null

  @Field(() => String, { nullable: true, description: 'The link itself, shown this once.' })
  url!: string | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@InputType()
export class RevokeSetupLinkInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string
}

@ObjectType({ simpleResolvers: true })
export class RevokeSetupLinkPayload {
  @Field(() => SetupLink, { nullable: true, description: 'As it is now; null where it was refused.' })
  setupLink!: SetupLinkRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
