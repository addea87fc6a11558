import type { Scope } from '../auth/scope.ts'
import { ChannelError, type SubmissionState } from '../marketplaces/channel.ts'
import { recordUnsure, recordWaiting, takenSince } from './listing-records.store.ts'
import { recordTold, type Told } from './record-told.ts'
import { openSubmissions, removeSubmission, type SubmissionRow, submittedQuantities } from './submissions.store.ts'
import { fenced, type SyncRun } from './sync-run.ts'
import { GIVE_UP_AFTER } from './sync-times.ts'

/**
 * Asks for the outcome of each open submission. Worked through: what became of each SKU is recorded. Failed as a whole, or given up:
 * it is forgotten, and its SKUs are behind as before.
 * @returns why any failed, for people
 * @throws ChannelError `unauthorized` or `cancelled`
 */
export async function settleSubmissions(scope: Scope, run: SyncRun): Promise<string[]> {
  const failures: string[] = []
  for (const submission of await openSubmissions(scope, run.claim.connectionId)) {
    const told = await submittedQuantities(scope, submission.id)
    const outcome = await outcomeOf(scope, run, submission, told)
    if (outcome.state === 'DONE') await settle(scope, run, submission, told, outcome.refused)
    if (outcome.state === 'FAILED') failures.push(await forget(scope, run, submission, told, outcome.message))
  }
  return failures
}

/** One that cannot be read for now is one in process: the rest of the run need not wait for it. */
async function outcomeOf(scope: Scope, run: SyncRun, { reference, submittedAt }: SubmissionRow, told: readonly Told[]): Promise<SubmissionState> {
  const sellerSkus = told.map(({ sellerSku }) => sellerSku)
  const outcome = await run.channel.readSubmission(run.account, reference, run.signal, sellerSkus).catch((error: unknown): SubmissionState => {
    if (!(error instanceof ChannelError) || error.kind === 'unauthorized' || error.kind === 'cancelled') throw error
    scope.log.warn({ reference, kind: error.kind }, error.message)
    return error.kind === 'rejected' ? { state: 'FAILED', message: error.message } : { state: 'PROCESSING' }
  })
  const late = scope.clock().getTime() - submittedAt.getTime() > GIVE_UP_AFTER
  return outcome.state === 'PROCESSING' && late ? { state: 'FAILED', message: 'The marketplace did not say in hours what became of it.' } : outcome
}

type Refusals = readonly { sellerSku: string; message: string }[]

async function settle(scope: Scope, run: SyncRun, { id, submittedAt }: SubmissionRow, told: readonly Told[], refusals: Refusals): Promise<void> {
  const messages = new Map(refusals.map(({ sellerSku, message }) => [sellerSku, message]))
  const taken = told.filter(({ sellerSku }) => !messages.has(sellerSku))
  const refused = told.flatMap((one) => {
    const message = messages.get(one.sellerSku)
    return message === undefined ? [] : [{ ...one, message }]
  })
  await fenced(scope, run, async (tx) => {
    if (!(await removeSubmission(tx, scope, id))) return
    const overtaken = await takenSince(tx, run.claim, taken.map(({ sellerSku }) => sellerSku), submittedAt)
    await recordTold(tx, run, { taken, refused, at: scope.clock() }, { accepted: taken.length, rejected: refused.length })
    await recordUnsure(tx, run.claim, overtaken)
  })
}

async function forget(scope: Scope, run: SyncRun, { id, reference }: SubmissionRow, told: readonly Told[], message: string): Promise<string> {
  const words = `The submission ${reference} failed: ${message}`
  await fenced(scope, run, async (tx) => {
    if (!(await removeSubmission(tx, scope, id))) return
    await recordWaiting(tx, run.claim, told.map(({ sellerSku }) => sellerSku), `${words} The next sync tells it.`)
  })
  return words
}
