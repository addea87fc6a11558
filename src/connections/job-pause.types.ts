import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { PageArguments, pageTypeOf } from '../graphql/page.types.ts'
import { Node, UserError } from '../graphql/shared.types.ts'
import type { JobKind as Kind } from '../jobs/cadences.ts'
import type { Refusal } from '../kit/errors.ts'
import { Connection } from './connection.types.ts'
import type { ConnectionRow } from './connections.store.ts'
import type { JobPauseRow } from './job-pauses.store.ts'
import { JobKind } from './job-run.types.ts'

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A kind of job that is stopped until it is resumed, of one connection or of the whole gateway.' })
export class JobPause {
  @Field(() => ID)
  id!: string

  @Field(() => JobKind, { description: 'What is not done.' })
  kind!: Kind

  @Field(() => String, { description: 'Why, as it was given.' })
  reason!: string

  @Field(() => Date, { description: 'Since when.' })
  pausedAt!: Date

  @Field(() => String, { description: 'Who paused it.' })
  pausedBy!: string
}

export const JobPausePage = pageTypeOf(JobPause, 'JobPause')

@InputType({ description: 'Every condition given must hold; of a list, any one.' })
export class JobPauseFilter {
  @Field(() => Boolean, { nullable: true, description: 'Of the whole gateway, or of connections.' })
  everywhere?: boolean | null

  @Field(() => [ID], { nullable: true })
  connectionIds?: string[] | null

  @Field(() => [JobKind], { nullable: true, description: 'Any of these.' })
  kinds?: Kind[] | null
}

@ArgsType()
export class JobPausesArguments extends PageArguments {
  @Field(() => JobPauseFilter, { nullable: true })
  filter?: JobPauseFilter | null
}

@InputType()
export class PauseJobsInput {
  @Field(() => [ID], { description: '1 to 500.' })
  connectionIds!: string[]

  @Field(() => [JobKind], { nullable: true, description: 'All of them if left out.' })
  kinds?: Kind[] | null

  @Field(() => String, { description: 'Why, for who wonders.' })
  reason!: string
}

@InputType()
export class ResumeJobsInput {
  @Field(() => [ID], { description: '1 to 500.' })
  connectionIds!: string[]

  @Field(() => [JobKind], { nullable: true, description: 'All that is paused if left out.' })
  kinds?: Kind[] | null
}

@InputType()
export class PauseJobsEverywhereInput {
  @Field(() => [JobKind], { nullable: true, description: 'All of them if left out.' })
  kinds?: Kind[] | null

  @Field(() => String, { description: 'Why, for who wonders.' })
  reason!: string
}

@InputType()
export class ResumeJobsEverywhereInput {
  @Field(() => [JobKind], { nullable: true, description: 'All that is paused if left out.' })
  kinds?: Kind[] | null
}

@ObjectType({ simpleResolvers: true })
export class JobsOfConnectionsPayload {
  @Field(() => [Connection], { nullable: true, description: 'As they are now: `health` says what is paused and when the others run. Null where it was refused.' })
  connections!: ConnectionRow[] | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@ObjectType({ simpleResolvers: true })
export class JobsEverywherePayload {
  @Field(() => [JobPause], { nullable: true, description: 'What is paused for the whole gateway now; null where it was refused.' })
  jobPauses!: JobPauseRow[] | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
