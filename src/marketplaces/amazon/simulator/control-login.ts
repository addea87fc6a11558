import { z } from 'zod'
import { iso } from './clock.ts'
import { sellerOf } from './control-sellers.ts'
import { type Authorization, isGood } from './lwa.ts'
import { parseIso } from './parse.ts'
import type { State } from './state.ts'
import { fit, fitBody, Unfit } from './unfit.ts'

const codeInput = z.strictObject({ redirectUri: z.url().optional() })

/** A code as the consent page would give it: for tests without a browser. */
export function giveCode(state: State, sellerId: string, body: string | undefined): object {
  const seller = sellerOf(state, sellerId)
  const { redirectUri } = fitBody(codeInput, body)
  return { code: state.login.issueCode(seller, state.clock.now(), redirectUri ?? null) }
}

const ofSeller = (state: State, sellerId: string): Authorization[] => {
  const seller = sellerOf(state, sellerId)
  return [...state.login.authorizations.values()].filter((one) => one.seller === seller)
}

/** Oldest first. */
export function listAuthorizations(state: State, sellerId: string): object {
  const now = state.clock.now()
  return {
    authorizations: ofSeller(state, sellerId).map((one) => ({
      refreshToken: one.refreshToken,
      createdAt: iso(one.createdAt),
      expiresAt: iso(one.expiresAt),
      revoked: one.revoked,
      valid: isGood(one, now),
    })),
  }
}

const revokeQuery = z.strictObject({ refreshToken: z.string().optional() })

/** As the seller would in Seller Central: all that it granted, or one of them. */
export function revoke(state: State, sellerId: string, query: unknown): object {
  const { refreshToken } = fit(revokeQuery, query)
  const meant = ofSeller(state, sellerId).filter((one) => (refreshToken ?? one.refreshToken) === one.refreshToken)
  if (meant.length === 0) throw new Unfit(404, `seller ${sellerId} has no such authorization`)
  for (const one of meant) one.revoked = true
  return listAuthorizations(state, sellerId)
}

const moment = z
  .string()
  .transform((text, context) => parseIso(text) ?? context.addIssue({ code: 'custom', message: 'must be an ISO 8601 date-time' }) ?? z.NEVER)
const secret = z.string().min(1).max(500)
const applicationInput = z.strictObject({
  /** All that are valid from now on. */
  clientSecrets: z
    .array(
      z.union([
        secret.transform((only) => ({ secret: only, expiresAt: null })),
        z.strictObject({ secret, expiresAt: moment.nullable().default(null) }),
      ]),
    )
    .min(1)
    .optional(),
  draft: z.boolean().optional(),
  redirectUris: z.array(z.url({ protocol: /^https?$/ })).min(1).nullable().optional(),
})

export function changeApplication(state: State, body: string | undefined): object {
  const { clientSecrets, draft, redirectUris } = fitBody(applicationInput, body)
  const { application } = state.login
  state.login.application = {
    ...application,
    clientSecrets: clientSecrets ?? application.clientSecrets,
    draft: draft ?? application.draft,
    redirectUris: redirectUris === undefined ? application.redirectUris : redirectUris,
  }
  return showApplication(state)
}

export function showApplication(state: State): object {
  const { clientSecrets, ...application } = state.login.application
  return {
    ...application,
    clientSecrets: clientSecrets.map(({ secret: text, expiresAt }) => ({ secret: text, expiresAt: expiresAt === null ? null : iso(expiresAt) })),
  }
}
