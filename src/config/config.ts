// What a process is configured by, once the environment was read (env.ts).
import type { TelemetryConfig } from './telemetry.ts'

export const roles = ['api', 'worker', 'simulator'] as const
export type ProcessRole = (typeof roles)[number]

/** In days; null: for ever. */
export interface RetentionConfig {
  /** Job runs, and the events that tell of them alone. */
  jobRunDays: number | null
  eventLogDays: number | null
  auditLogDays: number | null
}

export interface Config {
  roles: ReadonlySet<ProcessRole>
  host: string
  port: number
  /** Where people and marketplaces reach this process from outside, without a slash at its end; null: where it listens. */
  publicUrl: string | null
  /** Where a process that works and serves no API tells its health, at `host`. */
  workerPort: number
  simulatorHost: string
  simulatorPort: number
  /** Absolute. */
  dataDir: string
  /** Null: the embedded PostgreSQL. */
  databaseUrl: string | null
  /** PostgreSQL itself, where `databaseUrl` is a pooler in front of it that hands out connections by the transaction. */
  databaseDirectUrl: string | null
  /** Whether statements are prepared once a connection: not every pooler can. */
  preparedStatements: boolean
  databasePoolSize: number
  /** Where the job clock is kept, user and password included; null: in PostgreSQL. */
  mongodbUrl: string | null
  logLevel: string
  /** 32 bytes each, the sealing one first; null: kept in the data folder. */
  encryptionKeys: [Uint8Array, ...Uint8Array[]] | null
  amazon: AmazonConfig
  mail: MailConfig
  onboarding: OnboardingConfig
  /** Networks (CIDR) that webhooks may reach although they are not public. */
  webhookNetworks: string[]
  /** Whose access tokens are taken besides API tokens; null: nobody's. */
  oidc: OidcConfig | null
  /** For how many days histories are kept. */
  retention: RetentionConfig
  /** Buyers' personal data is kept for so long after delivery. */
  personalDataDays: number
  /** Proxies (addresses or CIDR) whose X-Forwarded-For is believed. */
  trustedProxies: string[]
  /** The front end that mails link to, without a slash at its end; null: this process' own pages. */
  consoleUrl: string | null
  /** Job runs at a time in one worker. */
  workerConcurrency: number
  /** Absolute: carriers of one's own (docs/carriers.md); null: the built-in ones alone. */
  carriersFile: string | null
  /** Requests a minute from one address. */
  rateLimit: number
  /** Requests and operations a minute of one token, in this process. */
  tokenRateLimit: number
  /** At a time, in this process; but of trusted proxies. */
  connectionsPerAddress: number
  /** What one operation may cost (docs/limits.md). */
  maxCost: number
  /** How long a query may take before it is ended. */
  requestTimeoutSeconds: number
  /** Absolute: manifests of trusted documents (docs/limits.md). */
  trustedDocuments: string[]
  /** Nothing but trusted documents is taken. */
  trustedDocumentsOnly: boolean
  /** How often a subscriber's connection is given a sign of life, and asked for one. */
  pingSeconds: number
  /** How long a WebSocket may stay without an operation; 0: for ever. */
  socketIdleSeconds: number
  /** How long a WebSocket or stream may stay at all; 0: for ever. */
  socketLifetimeSeconds: number
  operationsPerSocket: number
  /** WebSockets and streams together, in this process. */
  socketsPerToken: number
  graphiql: boolean
  introspection: boolean
  /** Origins that a browser may call from; none by default. */
  corsOrigins: string[]
  /** Where traces and metrics are sent; null: nowhere. */
  telemetry: TelemetryConfig | null
}

export interface OidcConfig {
  /** As it stands in its tokens, and at whose `/.well-known/openid-configuration` it is asked. */
  issuer: string
  /** What tokens for this gateway are issued for: any of these. */
  audience: string[]
  /** Null: as the issuer's discovery says. */
  jwksUrl: string | null
  algorithms: string[]
  /** Claims by name or path: of the role, of the customers' references, of the name that histories show. */
  roleClaim: string
  customersClaim: string
  nameClaim: string
  /** From the claim's values to our roles; null: it has our own names. */
  roles: Record<string, 'ADMIN' | 'OPERATOR' | 'CUSTOMER' | 'VIEWER'> | null
  /** Of the console, for signing in by a browser; null: it asks for tokens alone. */
  clientId: string | null
}

export interface AmazonConfig {
  /** Null: the simulator. */
  app: AmazonApplication | null
  tokenUrl: string
  endpoints: { NORTH_AMERICA: string; EUROPE: string; FAR_EAST: string }
  /** A simulator elsewhere; null: the one of this process. */
  simulatorUrl: string | null
  developerName: string
  /** By country code or region; in place of the built-in ones. */
  legacyDeveloperAccounts: Record<string, string>
}

export interface MailConfig {
  /** smtp:// or smtps://, with user and password; null: what is queued is shown at /mailbox, or waits. */
  smtpUrl: string | null
  /** As in a mail's From: "Riverside <gateway@riverside.example>". */
  from: string
  /** The warehouse's own people, told of surveys, signatures and overdue promises. */
  operators: string[]
}

export interface OnboardingConfig {
  /** How agreements are signed. */
  signing: 'built-in' | 'docusign' | 'none'
  /** Absolute: a Markdown file in place of the built-in agreement; null: that one. */
  agreementTemplate: string | null
  /** In which a connection is set up once everything needed is here: what new ones begin with. Hours of business days. */
  turnaroundHours: number
  /** Dates (2026-12-25) that are no business days. */
  holidays: string[]
  setupLinkDays: number
  /** Null unless signing is docusign. */
  docusign: DocusignConfig | null
}

export interface DocusignConfig {
  /** The REST API's, e.g. https://na4.docusign.net/restapi */
  baseUrl: string
  /** Where access tokens come from, e.g. https://account.docusign.com */
  authUrl: string
  accountId: string
  integrationKey: string
  /** Whom the integration impersonates. */
  userId: string
  /** PEM. */
  privateKey: string
  /** Of Connect: the newest first. */
  hmacKeys: [string, ...string[]]
}

export interface AmazonApplication {
  clientId: string
  /** The newest first; an older one serves until Amazon knows the new one, and while another process does not. */
  clientSecrets: [string, ...string[]]
  /** When the newest secret ends; null where nobody said. */
  secretExpiresAt: Date | null
  /** For consent pages; null: sellers hand over their credentials by hand. */
  applicationId: string | null
  /** Not yet published: consent pages are asked for its draft. */
  draft: boolean
}
