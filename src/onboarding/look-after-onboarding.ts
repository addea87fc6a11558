import { changing } from '../auth/changing.ts'
import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { ProviderError } from '../agreements/provider.ts'
import { customerById } from '../customers/customers.store.ts'
import { warehouseById } from '../customers/warehouses.store.ts'
import { run } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { days, minutes, shifted } from '../kit/clock.ts'
import { toId } from '../kit/ids.ts'
import { queueMail } from '../mail/queue-mail.ts'
import { causes } from '../observability/causes.ts'
import type { Agreeing } from './agreeing.ts'
import { agreementsLeftBehind, agreementsLeftUnsent, agreementsOpen } from './agreements.store.ts'
import { issueSetupLink } from './issue-setup-link.ts'
import { OverdueNote, ReminderLetter } from './letters.tsx'
import { onboardingOf, type OnboardingRules, type OnboardingState } from './onboarding.ts'
import { type OnboardingRow, onboardingUnderWay, tellOverdue } from './onboarding.store.ts'
import { handOver } from './send-agreement.ts'
import { settleAgreement } from './settle-agreement.ts'
import { forgetSetupLinks, isSetupTakenBack, queued } from './setup-links.store.ts'
import { withdrawLeft } from './withdraw-agreement.ts'

export interface OnboardingProcess extends Agreeing {
  rules: Omit<OnboardingRules, 'timeZone'>
}

/** After so many days of the merchant's turn they are reminded, each time once. */
const REMINDED_AFTER_DAYS = [2, 7] as const
const LINKS_KEPT_DAYS = 90

export const stateOf = (row: OnboardingRow, { rules }: Pick<OnboardingProcess, 'rules'>, now: Date): OnboardingState => onboardingOf(row, { ...rules, timeZone: row.timeZone }, now)

/** Connections whose promise is overdue, by their names. */
export async function overdueConnections(scope: Scope, process: Pick<OnboardingProcess, 'rules'>): Promise<string[]> {
  return (await onboardingUnderWay(scope)).filter((row) => stateOf(row, process, scope.clock()).overdue).map(({ name }) => name)
}

/** What somebody must look at every few minutes: tells what is overdue, and reminds merchants whose turn it is; each once, whoever looks. */
export async function lookAfterOnboarding(scope: Scope, process: OnboardingProcess): Promise<void> {
  const now = scope.clock()
  for (const row of await onboardingUnderWay(scope)) {
    const state = stateOf(row, process, now)
    if (state.overdue) await changing(scope, (tx) => tellItIsOverdue(tx, scope, process, row, state))
    else if (state.dueAt === null) await remind(scope, process, row, state)
  }
  await forgetSetupLinks(scope, shifted(now, -days(LINKS_KEPT_DAYS)))
}

const waitedFor = ({ steps }: OnboardingState): string => steps.find(({ waitingFor }) => waitingFor !== null)?.waitingFor ?? 'the warehouse'

async function tellItIsOverdue(tx: Tx, scope: Scope, process: OnboardingProcess, row: OnboardingRow, state: OnboardingState): Promise<void> {
  const { operators, publicUrl } = process
  const { dueAt } = state
  const { connectionId, customerId, name } = row
  if ((await run(tx, tellOverdue, [scope.tenant, connectionId, dueAt])) === 0) return
  const what = waitedFor(state)
  // What somebody wrote when they declined is for the warehouse's people: events stay for good.
  const spoken = waitedFor(stateOf({ ...row, agreementReason: null }, process, scope.clock()))
  await appendEvents(tx, [{ type: 'ONBOARDING_OVERDUE', connectionId, customerId, summary: `${name} is overdue since ${dueAt!.toISOString()}: ${spoken}` }])
  for (const recipient of operators) {
    await queueMail(tx, {
      kind: 'OVERDUE', customerId, connectionId, recipient, subject: `${name} is overdue`, key: `overdue:${connectionId}:${dueAt!.toISOString()}:${recipient}`,
      body: OverdueNote({ connection: name, what, dueAt: dueAt!, url: `${publicUrl()}/open/${toId('Connection', connectionId)}` }),
    })
  }
}

/** When it became the merchant's turn, and what is theirs to do. One reminder for all connections of a survey; of another agreement there are others. */
function turnOf({ agreementStatus, agreementId, sentAt, signedAt, surveyedAt, createdAt }: OnboardingRow, { steps }: OnboardingState): { since: Date; what: string; step: string } | null {
  if (agreementStatus === 'SENT' && sentAt !== null) return { since: sentAt, what: 'the agreement waits for your signature', step: `sign:${agreementId}` }
  const authorization = steps.find(({ stage }) => stage === 'AUTHORIZATION')
  if (authorization?.doneAt !== null) return null
  return { since: signedAt ?? surveyedAt ?? createdAt, what: 'the gateway waits to be authorized at the marketplace', step: 'authorize' }
}

async function remind(scope: Scope, process: OnboardingProcess, row: OnboardingRow, state: OnboardingState): Promise<void> {
  const { requestId, customerId, connectionId, warehouseId, signerName, signerEmail, contactName, contactEmail } = row
  const turn = turnOf(row, state)
  const [name, email] = [signerName ?? contactName, signerEmail ?? contactEmail]
  if (turn === null || requestId === null || name === null || email === null) return
  const waited = (scope.clock().getTime() - turn.since.getTime()) / days(1)
  const due = REMINDED_AFTER_DAYS.findLast((after) => waited >= after)
  if (due === undefined) return
  const key = `reminder:${requestId}:${turn.step}:${due}`
  if ((await queued(scope.db.pool, key)) || (await isSetupTakenBack(scope.db.pool, requestId))) return
  const customer = await loadExisting(scope, customerById, customerId)
  const warehouse = await load({ ...scope, tenant: null }, warehouseById, warehouseId)
  await changing(scope, async (tx) => {
    const { link, url } = await issueSetupLink(tx, scope, process, { customerId, warehouseId, requestId, name, email })
    await queueMail(tx, {
      kind: 'REMINDER', key, customerId, connectionId, recipient: email, subject: `${warehouse?.name ?? 'The warehouse'}: ${turn.what}`,
      body: ReminderLetter({ name, customer: customer.name, warehouse: warehouse?.name ?? 'the warehouse', what: turn.what, url, expiresAt: link.expiresAt }),
    })
  })
}

/** Hands over what was left in between, after so long that nobody else can be at it. */
const LEFT_MS = minutes(2)

/** What somebody must look at now and then where agreements are signed elsewhere: withdraws those that connections left behind, and hands over what was not. */
export async function lookAfterAgreements(scope: Scope, process: Agreeing): Promise<void> {
  if (process.signing.kind !== 'remote') return
  const { code } = process.signing.provider
  for await (const id of each((after) => agreementsLeftBehind(scope, code, after))) if (!(await withdrawLeft(scope, process, id))) return
  for await (const id of each((after) => agreementsLeftUnsent(scope, code, shifted(scope.clock(), -LEFT_MS), after))) await handOver(scope, process, id)
}

/** Asks after each agreement that is signed elsewhere, so that a lost callback loses nothing. Seldom: providers count how often. */
export async function askAfterAgreements(scope: Scope, process: Agreeing): Promise<void> {
  if (process.signing.kind !== 'remote') return
  const { code } = process.signing.provider
  for await (const id of each((after) => agreementsOpen(scope, code, after))) {
    try {
      await settleAgreement(scope, process, id)
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      scope.log.warn({ causes: causes(error), agreement: id }, 'what has become of an agreement cannot be asked now')
      if (error.kind === 'unavailable') return
    }
  }
}

/** All, page by page: one that can never be done keeps none behind it waiting. */
async function* each(read: (after: string | null) => Promise<string[]>): AsyncGenerator<string> {
  for (let after: string | null = null; ;) {
    const ids = await read(after)
    if (ids.length === 0) return
    yield* ids
    after = ids.at(-1)!
  }
}
