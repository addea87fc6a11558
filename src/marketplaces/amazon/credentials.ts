import { z } from 'zod'
import { type ChannelAccount, ChannelError } from '../channel.ts'

/** What a seller's consent leaves us with: the refresh token of Login with Amazon. Client id and secret are the application's. */
const credentialsText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' })
      return z.NEVER
    }
  })
  .pipe(z.object({ refreshToken: z.string().trim().min(1) }))

export interface AmazonCredentials {
  refreshToken: string
}

/** @throws ChannelError `unauthorized`: a person must give credentials that can be read. */
export function readCredentials(account: Pick<ChannelAccount, 'credentials'>): AmazonCredentials {
  const parsed = credentialsText.safeParse(account.credentials)
  if (!parsed.success) {
    throw new ChannelError('unauthorized', 'the stored credentials hold no refresh token', { code: 'CredentialsUnreadable' })
  }
  return parsed.data
}

/** The text that ChannelAccount.credentials holds. */
export const writeCredentials = (credentials: AmazonCredentials): string => JSON.stringify({ refreshToken: credentials.refreshToken })
