import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ForwardPageArguments, pageTypeOf } from '../graphql/page.types.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import { jobKinds, type JobKind as Kind, type JobTrigger as Trigger } from '../jobs/cadences.ts'
import type { Refusal } from '../kit/errors.ts'
import type { JobRunRow, JobRunStatus as Status } from './job-runs.store.ts'

export const JobKind = enumOf('JobKind', jobKinds, 'What a cadence does.', {
  SWEEP_ORDERS: 'Searches the last days again, as proof that no import missed anything.',
  CONFIRM_TRACKING: 'Reads back what the marketplace has recorded of the tracking that it was sent.',
})
export const JobRunStatus = enumOf('JobRunStatus', ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED'], undefined, { QUEUED: 'Asked for; it waits for a worker.' })
export const JobTrigger = enumOf('JobTrigger', ['CADENCE', 'MANUAL', 'RETRY'])

@ObjectType({ implements: Node, simpleResolvers: true, description: 'One run of a cadence, with its receipt: what was asked, what came, what became of each.' })
export class JobRun {
  @Field(() => ID)
  id!: string

  @Field(() => JobKind)
  kind!: Kind

  @Field(() => JobRunStatus)
  status!: Status

  @Field(() => JobTrigger)
  trigger!: Trigger

  @Field(() => Date, { description: 'Of a queued run: when it was asked for.' })
  startedAt!: Date

  @Field(() => Date, { nullable: true })
  finishedAt!: Date | null

  @Field(() => Date, { nullable: true })
  windowFrom!: Date | null

  @Field(() => Date, { nullable: true })
  windowTo!: Date | null

  @Field(() => Int, { description: 'Calls made to the marketplace.' })
  calls!: number

  @Field(() => Int, { description: 'Orders that the marketplace answered with: imported + updated + unchanged + skipped + failed, always.' })
  found!: number

  @Field(() => Int)
  imported!: number

  @Field(() => Int)
  updated!: number

  @Field(() => Int)
  unchanged!: number

  @Field(() => Int)
  skipped!: number

  @Field(() => Int)
  failed!: number

  @Field(() => Int)
  sent!: number

  @Field(() => Int)
  accepted!: number

  @Field(() => Int)
  rejected!: number

  @Field(() => String, { nullable: true })
  errorCode!: string | null

  @Field(() => String, { nullable: true })
  errorMessage!: string | null
}

export const JobRunPage = pageTypeOf(JobRun, 'JobRun')

@InputType()
export class JobRunFilter {
  @Field(() => [ID], { nullable: true })
  connectionIds?: string[] | null

  @Field(() => [JobKind], { nullable: true })
  kinds?: Kind[] | null

  @Field(() => [JobRunStatus], { nullable: true })
  statuses?: Status[] | null
}

@ArgsType()
export class ConnectionJobRunsArguments extends ForwardPageArguments {
  @Field(() => JobKind, { nullable: true })
  kind?: Kind | null
}

@InputType()
export class RunJobNowInput {
  @Field(() => ID)
  connectionId!: string

  @Field(() => JobKind)
  kind!: Kind
}

@ObjectType({ simpleResolvers: true })
export class RunJobNowPayload {
  @Field(() => JobRun, { nullable: true })
  jobRun!: JobRunRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
