// A connection's way from survey to live: which steps are done, what each waits for, and what the warehouse has promised. Pure.
import { type ConnectionStatus, untested } from '../connections/connection.ts'
import type { AccountCheck } from '../marketplaces/channel.ts'
import { A_DAY, afterBusinessHours, type Calendar } from './promise.ts'

export type OnboardingStage = 'SURVEY' | 'AGREEMENT' | 'AUTHORIZATION' | 'SETUP' | 'LIVE'
export type AgreementStatus = 'NOT_SENT' | 'SENT' | 'SIGNED' | 'DECLINED' | 'VOIDED'

export interface Step {
  stage: OnboardingStage
  title: string
  doneAt: Date | null
  doneBy: string | null
  /** For people; null where it is done. */
  waitingFor: string | null
}

/** What is known of a connection. */
export interface OnboardingFacts {
  status: ConnectionStatus
  createdAt: Date
  inventorySync: boolean
  surveyedAt: Date | null
  surveyedBy: string | null
  agreementStatus: AgreementStatus | null
  agreementReason: string | null
  signedAt: Date | null
  signedBy: string | null
  /** When an agreement was last declined or voided. */
  endedAt: Date | null
  authorizedAt: Date | null
  authorizedBy: string | null
  testedAt: Date | null
  testedBy: string | null
  checks: readonly AccountCheck[] | null
  liveAt: Date | null
  liveBy: string | null
  turnaroundHours: number
}

export interface OnboardingState {
  stage: OnboardingStage
  steps: Step[]
  /** Until when the warehouse has promised its next part; null while it is the merchant's turn, or nobody's. */
  dueAt: Date | null
  overdue: boolean
}

/** How agreements are dealt with in this gateway, and when its people work. */
export interface OnboardingRules extends Calendar {
  agreementNeeded: boolean
}

/** Steps are done in whatever order they come: the stage is the first that is not. */
export function onboardingOf(facts: OnboardingFacts, rules: OnboardingRules, now: Date): OnboardingState {
  const begun = facts.status !== 'ONBOARDING'
  // What was live before steps were kept has done them all.
  const past = (doneAt: Date | null): Date | null => doneAt ?? (begun ? facts.liveAt : null)
  const surveyedAt = facts.surveyedAt ?? facts.createdAt
  const agreedAt = past(rules.agreementNeeded ? facts.signedAt : surveyedAt)
  const authorizedAt = past(facts.authorizedAt)
  const missing = untested(facts)
  const testedAt = past(missing.length === 0 ? facts.testedAt : null)
  const steps: Step[] = [
    { stage: 'SURVEY', title: 'Survey', doneAt: surveyedAt, doneBy: facts.surveyedBy, waitingFor: null },
    { stage: 'AGREEMENT', title: 'Agreement', doneAt: agreedAt, doneBy: facts.signedAt === null ? null : facts.signedBy, waitingFor: agreedAt === null ? forAgreement(facts) : null },
    { stage: 'AUTHORIZATION', title: 'Authorization at the marketplace', doneAt: authorizedAt, doneBy: facts.authorizedBy, waitingFor: authorizedAt === null ? 'the merchant authorizes the gateway at the marketplace' : null },
    { stage: 'SETUP', title: 'Set-up and test', doneAt: testedAt, doneBy: testedAt === null ? null : facts.testedBy, waitingFor: testedAt !== null ? null : facts.authorizedAt === null ? 'the authorization' : missing.join('; ') },
    { stage: 'LIVE', title: 'Live', doneAt: facts.liveAt, doneBy: facts.liveBy, waitingFor: facts.liveAt !== null ? null : 'the warehouse sets it live' },
  ]
  const dueAt = begun ? null : promised(facts, rules, { surveyedAt, agreedAt, authorizedAt })
  return { stage: steps.find(({ doneAt }) => doneAt === null)?.stage ?? 'LIVE', steps, dueAt, overdue: dueAt !== null && dueAt < now }
}

function forAgreement({ agreementStatus, agreementReason }: OnboardingFacts): string {
  const because = agreementReason === null ? '' : ` (${agreementReason})`
  switch (agreementStatus) {
    case 'NOT_SENT': return 'the agreement is being handed to whoever has it signed'
    case 'SENT': return 'the merchant signs the agreement'
    case 'DECLINED': return `the warehouse sends another agreement: the signer declined${because}`
    case 'VOIDED': return `the warehouse sends another agreement: the last one was withdrawn${because}`
    default: return 'the warehouse sends the agreement'
  }
}

/** The agreement goes out within a business day of the survey; set-up is done in the time promised once everything needed is here. */
function promised(facts: OnboardingFacts, rules: OnboardingRules, done: { surveyedAt: Date; agreedAt: Date | null; authorizedAt: Date | null }): Date | null {
  if (done.agreedAt === null) {
    if (facts.agreementStatus === 'SENT') return null
    return afterBusinessHours(latest(done.surveyedAt, facts.endedAt), A_DAY, rules)
  }
  if (done.authorizedAt === null) return null
  return afterBusinessHours(latest(done.surveyedAt, done.agreedAt, done.authorizedAt), facts.turnaroundHours, rules)
}

const latest = (...instants: (Date | null)[]): Date => new Date(Math.max(...instants.map((at) => at?.getTime() ?? 0)))
