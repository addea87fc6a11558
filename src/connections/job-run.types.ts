import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ForwardPageArguments, pageTypeOf } from '../graphql/page.types.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import { jobKinds, type JobKind as Kind, type JobTrigger as Trigger } from '../jobs/cadences.ts'
import type { Refusal } from '../kit/errors.ts'
import type { JobRunRow, JobRunStatus as Status } from './job-runs.store.ts'

export const JobKind = enumOf('JobKind', jobKinds, 'What a cadence does.', {
  IMPORT_ORDERS: 'Imports orders whose payment is confirmed, and what changed on those that are here.',
  SEND_TRACKING: 'Tells the marketplace what was shipped.',
  SYNC_INVENTORY: 'Tells the marketplace what is in stock.',
  SWEEP_ORDERS: 'Searches the last days again, as proof that no import missed anything.',
  CONFIRM_TRACKING: 'Reads back what the marketplace has recorded of the tracking that it was sent.',
})
export const JobRunStatus = enumOf('JobRunStatus', ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED'], 'How far a run is.', {
  QUEUED: 'Asked for; it waits for a worker.',
  RUNNING: 'A worker is at it.',
  SUCCEEDED: 'Done. Single orders may have failed all the same: the receipt counts them.',
  FAILED: 'Ended early; what it did until then stays, and the next run does the rest.',
})
export const JobTrigger = enumOf('JobTrigger', ['CADENCE', 'MANUAL', 'RETRY'], 'What set a run off.', {
  CADENCE: 'Its time had come.',
  MANUAL: 'Somebody asked: `runJobNow`.',
  RETRY: 'The one before it failed, or lost its worker.',
})

@ObjectType({ implements: Node, simpleResolvers: true, description: 'One run of a cadence, with its receipt: what was asked, what came, what became of each.' })
export class JobRun {
  @Field(() => ID)
  id!: string

  @Field(() => JobKind, { description: 'What it did.' })
  kind!: Kind

  @Field(() => JobRunStatus, { description: 'How far it is, and how it ended.' })
  status!: Status

  @Field(() => JobTrigger, { description: 'Who wanted it.' })
  trigger!: Trigger

  @Field(() => Date, { description: 'Of a queued run: when it was asked for.' })
  startedAt!: Date

  @Field(() => Date, { nullable: true, description: 'Null while it runs.' })
  finishedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'Of an import: changes since then were asked for.' })
  windowFrom!: Date | null

  @Field(() => Date, { nullable: true, description: 'And until then.' })
  windowTo!: Date | null

  @Field(() => Int, { description: 'Calls made to the marketplace.' })
  calls!: number

  @Field(() => Int, { description: 'Orders that the marketplace answered with: imported + updated + unchanged + skipped + failed, always.' })
  found!: number

  @Field(() => Int, { description: 'Orders that were new.' })
  imported!: number

  @Field(() => Int, { description: 'Orders that were known and had changed.' })
  updated!: number

  @Field(() => Int, { description: 'Orders that were known as they came.' })
  unchanged!: number

  @Field(() => Int, { description: 'Orders that are not ours to import: `orderTrace` tells why.' })
  skipped!: number

  @Field(() => Int, { description: 'Orders that could not be imported: each is an import failure.' })
  failed!: number

  @Field(() => Int, { description: 'Tracking updates or quantities that the marketplace was told.' })
  sent!: number

  @Field(() => Int, { description: 'Tracking updates or quantities that the marketplace was read to have taken.' })
  accepted!: number

  @Field(() => Int, { description: 'What the marketplace refused of that.' })
  rejected!: number

  @Field(() => String, { nullable: true, description: 'Why it failed, for programs.' })
  errorCode!: string | null

  @Field(() => String, { nullable: true, description: 'Why it failed, for people.' })
  errorMessage!: string | null
}

export const JobRunPage = pageTypeOf(JobRun, 'JobRun')

@InputType({ description: 'Every condition given must hold; of a list, any one.' })
export class JobRunFilter {
  @Field(() => [ID], { nullable: true })
  connectionIds?: string[] | null

  @Field(() => [JobKind], { nullable: true, description: 'Any of these.' })
  kinds?: Kind[] | null

  @Field(() => [JobRunStatus], { nullable: true, description: 'Any of these.' })
  statuses?: Status[] | null
}

@ArgsType()
export class ConnectionJobRunsArguments extends ForwardPageArguments {
  @Field(() => JobKind, { nullable: true, description: 'Runs of this cadence alone.' })
  kind?: Kind | null
}

@InputType()
export class RunJobNowInput {
  @Field(() => ID)
  connectionId!: string

  @Field(() => JobKind, { description: 'What is to be done.' })
  kind!: Kind
}

@ObjectType({ simpleResolvers: true })
export class RunJobNowPayload {
  @Field(() => JobRun, { nullable: true, description: 'The run, queued or under way; null where it was refused.' })
  jobRun!: JobRunRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
