// What may be done with a connection, by its status and how far its authorization is. Pure.
import { notForRole } from '../auth/permissions.ts'
import type { RoleName } from '../auth/scope.ts'
import type { AccountCheck } from '../marketplaces/channel.ts'

export type ConnectionStatus = 'ONBOARDING' | 'LIVE' | 'PAUSED' | 'NEEDS_ATTENTION' | 'DISCONNECTED'
/** Each with its mutation. */
const mutations = {
  beginAuthorization: 'beginAuthorization', provideCredentials: 'provideCredentials', testConnection: 'testConnection', goLive: 'goLive', pause: 'pauseConnection', resume: 'resumeConnection',
  disconnect: 'disconnectConnection', updateSettings: 'updateConnectionSettings', runJobNow: 'runJobNow', pauseJobs: 'pauseJobs', resumeJobs: 'resumeJobs', mapSkus: 'mapSkus',
} as const
export type ConnectionAction = keyof typeof mutations

const notDisconnected: readonly ConnectionStatus[] = ['ONBOARDING', 'LIVE', 'PAUSED', 'NEEDS_ATTENTION']

/** Where a change of status may start from, and where it ends. `requireAttention` is the jobs' own, for a refused authorization; `reauthorize` undoes it. */
export const transitions = {
  goLive: { from: ['ONBOARDING'], to: 'LIVE' },
  pause: { from: ['LIVE', 'NEEDS_ATTENTION'], to: 'PAUSED' },
  resume: { from: ['PAUSED', 'NEEDS_ATTENTION'], to: 'LIVE' },
  requireAttention: { from: ['LIVE'], to: 'NEEDS_ATTENTION' },
  reauthorize: { from: ['NEEDS_ATTENTION'], to: 'LIVE' },
  disconnect: { from: notDisconnected, to: 'DISCONNECTED' },
} as const satisfies Record<string, { from: readonly ConnectionStatus[]; to: ConnectionStatus }>

const allowedIn: Readonly<Record<ConnectionAction, readonly ConnectionStatus[]>> = {
  beginAuthorization: notDisconnected,
  provideCredentials: notDisconnected,
  testConnection: notDisconnected,
  goLive: transitions.goLive.from,
  pause: transitions.pause.from,
  resume: transitions.resume.from,
  disconnect: transitions.disconnect.from,
  updateSettings: notDisconnected,
  runJobNow: ['LIVE'],
  pauseJobs: notDisconnected,
  resumeJobs: notDisconnected,
  mapSkus: notDisconnected,
}

const states: Readonly<Record<ConnectionStatus, string>> = {
  ONBOARDING: 'is not set up yet',
  LIVE: 'is live',
  PAUSED: 'is paused',
  NEEDS_ATTENTION: 'needs attention',
  DISCONNECTED: 'is disconnected',
}

/** Why not, for people; null where its status allows it. */
export const whyNot = (action: ConnectionAction, status: ConnectionStatus): string | null => (allowedIn[action].includes(status) ? null : `the connection ${states[status]}`)

/** How far a connection is with its authorization. */
export interface Standing {
  status: ConnectionStatus
  inventorySync: boolean
  /** When its present authorization was given; null where there is none. */
  authorizedAt: Date | null
  /** Whether the merchant has signed, or need not. */
  agreed: boolean
  /** When its account was last tested, and what each check said. */
  testedAt: Date | null
  checks: readonly AccountCheck[] | null
  /** Whether its marketplace has a consent page for us. */
  consents: boolean
}

export const notAuthorized = 'the seller has not authorized it yet (beginAuthorization or provideCredentials)'
export const notAgreed = 'the merchant has not signed the agreement yet (sendAgreement)'
export const noConsentPage = 'the application is not configured for consent pages: use provideCredentials'

/** What is still missing before it can go live, for people; empty where nothing is. */
export function waitingFor({ agreed, ...standing }: Omit<Standing, 'status' | 'consents'>): string[] {
  return [...(agreed ? [] : [notAgreed]), ...(standing.authorizedAt === null ? [notAuthorized] : untested(standing))]
}

/** What keeps its account from being put to work; empty where every check that matters has passed. */
export function untested({ inventorySync, authorizedAt, testedAt, checks }: Pick<Standing, 'inventorySync' | 'authorizedAt' | 'testedAt' | 'checks'>): string[] {
  if (authorizedAt === null) return [notAuthorized]
  if (testedAt === null || checks === null || testedAt < authorizedAt) return ['its account was not tested since it was authorized (testConnection)']
  const forgiven = inventorySync ? [] : forgivenChecks(checks)
  return checks.filter(({ name, passed }) => !passed && !forgiven.includes(name)).map(({ message }) => message)
}

/** Only listings tell whether the merchant ID is the seller's: without the right to them, that check cannot pass either. */
const forgivenChecks = (checks: readonly AccountCheck[]): string[] => (checks.some(({ name, passed }) => name === 'LISTINGS_ROLE' && !passed) ? ['LISTINGS_ROLE', 'SELLER'] : [])

/**
 * The failed checks that keep an account from being stored. `named`: the marketplace itself said whose it is, so that the check of
 * the merchant ID may fail where it could not be made.
 */
export function unusable(checks: readonly AccountCheck[], named: boolean): AccountCheck[] {
  const forgiven = named ? forgivenChecks(checks) : []
  return checks.filter(({ name, passed }) => !passed && (name === 'TOKEN' || name === 'MARKETPLACE' || name === 'SELLER') && !forgiven.includes(name))
}

/** A connection of the same customer and channel as one that was just authorized. */
export interface Sibling {
  marketplaceId: string
  merchantId: string | null
  /** Its survey's word for it. */
  claimedMerchantId: string | null
}

/** Whether an authorization serves a sibling too: one on another marketplace that it reaches, of the same merchant or of nobody yet. */
export function shares(sibling: Sibling, authorized: { marketplaceId: string; merchantId: string; marketplaceIds: readonly string[] }): boolean {
  if (sibling.marketplaceId === authorized.marketplaceId || !authorized.marketplaceIds.includes(sibling.marketplaceId)) return false
  return merchantMayBe(sibling, authorized.merchantId)
}

/** Whether a connection may be this merchant's: it is so already, its survey says so, or nobody has said anything. */
export const merchantMayBe = ({ merchantId, claimedMerchantId }: Omit<Sibling, 'marketplaceId'>, wanted: string): boolean => [null, wanted].includes(merchantId ?? claimedMerchantId)

export interface SupportedAction {
  action: string
  allowed: boolean
  reason: string | null
}

/** What somebody can do with a connection now, and if not, why not. */
export function supportedActions(standing: Standing, role: RoleName): SupportedAction[] {
  const { status, authorizedAt, consents } = standing
  return (Object.keys(allowedIn) as ConnectionAction[]).map((action) => {
    const reason = notForRole(role, mutations[action]) ?? whyNot(action, status) ?? missing(action)
    return { action, allowed: reason === null, reason }
  })

  function missing(action: ConnectionAction): string | null {
    if (action === 'beginAuthorization') return consents ? null : noConsentPage
    if (action === 'testConnection') return authorizedAt === null ? notAuthorized : null
    return action === 'goLive' ? waitingFor(standing).join('; ') || null : null
  }
}
