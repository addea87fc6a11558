import { demoApplication } from './demo-sellers.ts'

/** The developer's side at Amazon: one application, as its developer console would set it up. */
export interface Application {
  applicationId: string
  clientId: string
  /** Valid side by side; expiresAt null: until it is taken away. */
  clientSecrets: { secret: string; expiresAt: number | null }[]
  /** Not published: consent pages must be asked for the draft (version=beta). */
  draft: boolean
  /** Where a consent may lead back to; null: anywhere. */
  redirectUris: string[] | null
}

export const createApplication = (): Application => ({
  applicationId: demoApplication.applicationId,
  clientId: demoApplication.clientId,
  clientSecrets: [{ secret: demoApplication.clientSecret, expiresAt: null }],
  draft: false,
  redirectUris: null,
})

export const secretIsValid = ({ clientSecrets }: Application, secret: string, now: number): boolean =>
  clientSecrets.some((one) => one.secret === secret && (one.expiresAt === null || one.expiresAt > now))
