import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { requireUuids, toId } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { Connection } from './connection.types.ts'
import { connectionById, type ConnectionRow } from './connections.store.ts'
import {
  JobPause, JobPausePage, JobPausesArguments, JobsEverywherePayload, JobsOfConnectionsPayload, PauseJobsEverywhereInput, PauseJobsInput, ResumeJobsEverywhereInput, ResumeJobsInput,
} from './job-pause.types.ts'
import { jobPauseById, type JobPauseRow, jobPausesCount, jobPausesList, jobPausesPage } from './job-pauses.store.ts'
import { pauseJobsEverywhere, resumeJobsEverywhere } from './pause-jobs-everywhere.ts'
import { pauseJobs } from './pause-jobs.ts'
import { resumeJobs } from './resume-jobs.ts'

@Resolver(() => JobPause)
export class JobPausesResolver {
  @Query(() => JobPausePage, { description: 'What is paused, the latest first.' })
  async jobPauses(@Args(() => JobPausesArguments) args: JobPausesArguments, @Ctx() scope: Scope): Promise<Page<JobPauseRow>> {
    const { everywhere, connectionIds, kinds } = args.filter ?? {}
    const wanted = { everywhere: everywhere ?? null, connectionIds: requireUuids('Connection', connectionIds, 'filter', 'connectionIds'), kinds: kinds ?? null }
    const ordering = orderingOf(jobPausesList, 'PAUSED_DESC')
    const request = parsePage(args, ordering)
    return toPage(request, ordering, await jobPausesPage(scope, request, wanted), (row) => row, () => jobPausesCount(scope, wanted))
  }

  @Mutation(() => JobsOfConnectionsPayload, { description: 'Stops kinds of jobs of some connections until `resumeJobs`. Runs under way end as they would.' })
  async pauseJobs(@Arg('input', () => PauseJobsInput) input: PauseJobsInput, @Ctx() scope: Scope): Promise<JobsOfConnectionsPayload> {
    const result = await pauseJobs(scope, input)
    return 'refusals' in result ? { connections: null, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Mutation(() => JobsOfConnectionsPayload, { description: 'Lets paused kinds of jobs of some connections run again; what fell due meanwhile runs once.' })
  async resumeJobs(@Arg('input', () => ResumeJobsInput) input: ResumeJobsInput, @Ctx() scope: Scope): Promise<JobsOfConnectionsPayload> {
    const result = await resumeJobs(scope, input)
    return 'refusals' in result ? { connections: null, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Mutation(() => JobsEverywherePayload, { description: 'Stops kinds of jobs of the whole gateway until `resumeJobsEverywhere`. Runs under way end as they would; once it is answered, none begins.' })
  async pauseJobsEverywhere(@Arg('input', () => PauseJobsEverywhereInput) input: PauseJobsEverywhereInput, @Ctx() scope: Scope): Promise<JobsEverywherePayload> {
    const result = await pauseJobsEverywhere(scope, input)
    return 'refusals' in result ? { jobPauses: null, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Mutation(() => JobsEverywherePayload, { description: 'Lets paused kinds of jobs of the whole gateway run again; what fell due meanwhile runs once. What is paused for a connection stays so.' })
  async resumeJobsEverywhere(@Arg('input', () => ResumeJobsEverywhereInput) input: ResumeJobsEverywhereInput, @Ctx() scope: Scope): Promise<JobsEverywherePayload> {
    const result = await resumeJobsEverywhere(scope, input)
    return 'refusals' in result ? { jobPauses: null, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Derived<JobPauseRow, 'id'>(() => ID, ['id'], ({ id }) => toId('JobPause', id))
  declare id: string

  @Joined<JobPauseRow, ConnectionRow>(() => Connection, connectionById, 'connectionId', { nullable: true, description: 'Whose job it is; null: the whole gateway\'s.' })
  declare connection: ConnectionRow | null
}

export const jobPauseNodes: NodeSource[] = [{ type: 'JobPause', read: (scope, id) => load(scope, jobPauseById, id) }]
