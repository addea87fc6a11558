import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { PageArguments } from '../graphql/page.types.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { BadRequest } from '../kit/errors.ts'
import { requireUuid, requireUuids, toId } from '../kit/ids.ts'
import { type Page, type PageArgs, parsePage, toPage } from '../kit/page.ts'
import { Connection } from './connection.types.ts'
import { connectionById, type ConnectionRow } from './connections.store.ts'
import { ConnectionJobRunsArguments, JobRun, JobRunFilter, JobRunPage, RunJobNowInput, RunJobNowPayload } from './job-run.types.ts'
import { jobRunById, type JobRunRow, jobRunsCount, jobRunsList, jobRunsPage, type JobRunsWanted } from './job-runs.store.ts'
import { runJobNow } from './run-job-now.ts'
import { watchJobRun } from './watch-job-run.ts'

@ArgsType()
class JobRunsArguments extends PageArguments {
  @Field(() => JobRunFilter, { nullable: true })
  filter?: JobRunFilter | null
}

@Resolver(() => JobRun)
export class JobRunsResolver {
  @Query(() => JobRunPage, { description: 'The newest first.' })
  async jobRuns(@Args(() => JobRunsArguments) args: JobRunsArguments, @Ctx() scope: Scope): Promise<Page<JobRunRow>> {
    const { connectionIds, kinds, statuses } = args.filter ?? {}
    return readPage(scope, args, {
      connectionIds: requireUuids('Connection', connectionIds, 'filter', 'connectionIds'),
      kinds: kinds ?? null,
      statuses: statuses ?? null,
    })
  }

  @Mutation(() => RunJobNowPayload, { description: "Runs a cadence now, within the marketplace's quota." })
  async runJobNow(@Arg('input', () => RunJobNowInput) input: RunJobNowInput, @Ctx() scope: Scope): Promise<RunJobNowPayload> {
    const result = await runJobNow(scope, input)
    return 'refusals' in result ? { jobRun: null, userErrors: result.refusals } : { jobRun: result.jobRun, userErrors: [] }
  }

  @Subscription(() => JobRun, {
    description: 'A job run as it proceeds: its counts and its end. Its present state first, then again as it changes, and complete once it has ended.',
    subscribe: async ({ args, context }: { args: { id: string }; context: Scope }) => {
      const row = await load(context, jobRunById, requireUuid('JobRun', args.id, 'id'))
      if (row === null) throw new BadRequest('no such job run', 'id')
      return watchJobRun(context, row)
    },
  })
  jobRun(@Root() run: JobRunRow, @Arg('id', () => ID) _id: string): JobRunRow {
    return run
  }

  @Derived<JobRunRow, 'id'>(() => ID, ['id'], ({ id }) => toId('JobRun', id))
  declare id: string

  @Joined<JobRunRow, ConnectionRow>(() => Connection, connectionById, 'connectionId', { description: 'The connection that it ran for.' })
  declare connection: ConnectionRow
}

@Resolver(() => Connection)
export class ConnectionJobRunsResolver {
  @FieldResolver(() => JobRunPage, { description: 'The newest first.' })
  async jobRuns(@Root() connection: ConnectionRow, @Args(() => ConnectionJobRunsArguments) args: ConnectionJobRunsArguments, @Ctx() scope: Scope): Promise<Page<JobRunRow>> {
    return readPage(scope, args, { connectionIds: [connection.id], kinds: args.kind == null ? null : [args.kind], statuses: null })
  }
}

async function readPage(scope: Scope, args: PageArgs, wanted: JobRunsWanted): Promise<Page<JobRunRow>> {
  const ordering = orderingOf(jobRunsList, 'STARTED_DESC')
  const request = parsePage(args, ordering)
  return toPage(request, ordering, await jobRunsPage(scope, request, wanted), (row) => row, () => jobRunsCount(scope, wanted))
}

export const jobRunNodes: NodeSource[] = [{ type: 'JobRun', read: (scope, id) => load(scope, jobRunById, id) }]
