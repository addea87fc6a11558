import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { PageArguments, pageTypeOf } from '../graphql/page.types.ts'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, Node } from '../graphql/shared.types.ts'
import { type AuditChange as Change, auditChanges } from './audit.store.ts'

export const AuditChange = enumOf('AuditChange', auditChanges, 'What became of a record.', {
  CREATED: 'It was made.',
  CHANGED: 'Something of it is another.',
  REMOVED: 'It is gone.',
})

@ObjectType({ simpleResolvers: true, description: 'What a property of a record was, and became. What is secret or personal is shown as "***".' })
export class AuditedProperty {
  @Field(() => String, { description: "The property's name." })
  name!: string

  @Field(() => String, { nullable: true, description: 'As JSON; null where there was none.' })
  before!: string | null

  @Field(() => String, { nullable: true, description: 'As JSON; null where there is none.' })
  after!: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'What somebody changed in one record. Nobody changes or removes an entry: the database refuses it.' })
export class AuditEntry {
  @Field(() => ID)
  id!: string

  @Field(() => DateTime, { description: 'When.' })
  at!: Date

  @Field(() => String, { description: "Who, as a stable id: of an API token's holder the token's; `oidc:` with the identity provider's subject; `setup-link:`; `database:` for whoever changed it by SQL." })
  actorId!: string

  @Field(() => String, { description: 'Who, as they were called then.' })
  actorName!: string

  @Field(() => String, { nullable: true, description: 'Their role then; null for who has none.' })
  role!: string | null

  @Field(() => String, { nullable: true, description: 'The network address that it came from.' })
  address!: string | null

  @Field(() => String, { nullable: true, description: "The request's id, as the log and errors have it." })
  requestId!: string | null

  @Field(() => String, { description: 'What they did: the mutation, or what else changes something by hand.' })
  action!: string

  @Field(() => AuditChange, { description: 'What became of the record.' })
  change!: Change

  @Field(() => String, { description: 'What kind of record, e.g. Order or OrderHold.' })
  record!: string
}

export const AuditEntryPage = pageTypeOf(AuditEntry, 'AuditEntry')

@InputType({ description: 'Which entries of the audit log.' })
export class AuditFilter {
  @Field(() => [String], { nullable: true, description: 'By who: `actorId` as entries have it, or the id of an API token.' })
  actorIds?: string[] | null

  @Field(() => ID, { nullable: true, description: 'About one object, e.g. an order, with all that belongs to it.' })
  subjectId?: string | null

  @Field(() => [ID], { nullable: true })
  customerIds?: string[] | null

  @Field(() => [String], { nullable: true, description: 'Mutations by name.' })
  actions?: string[] | null

  @Field(() => DateTime, { nullable: true, description: 'Inclusive.' })
  from?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' })
  before?: Date | null
}

@ArgsType()
export class AuditLogArguments extends PageArguments {
  @Field(() => AuditFilter, { nullable: true })
  filter?: AuditFilter | null
}
