import path from 'node:path'
import { z } from 'zod'
import { type Config, roles } from './config.ts'
import { readSecretFiles } from './secret-files.ts'
import { telemetryOf, telemetryVariables } from './telemetry.ts'

export type * from './config.ts'

const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1')
const port = z.coerce.number().int().min(0).max(65535)
const positive = z.coerce.number().int().min(1)
const list = z.string().transform((value) => value.split(',').map((one) => one.trim()).filter((one) => one !== ''))
const natural = z.coerce.number().int().min(0)
/** Days for which something is kept; 0: for ever. */
const atLeast = (days: number) => natural.refine((value) => value === 0 || value >= days, `must be 0, for ever, or ${days} days at least`)
const url = (protocol: RegExp, words: string) => z.url({ protocol, error: `must be ${words}` })
const httpUrl = url(/^https?$/, 'an http or https URL')

/** RFC 7518 and RFC 8037, asymmetric ones alone: a public key must never verify an HMAC. */
const asymmetric = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const
const ourRoles = ['ADMIN', 'OPERATOR', 'CUSTOMER', 'VIEWER'] as const
/** Without TLS whoever stands between could hand out keys. */
const isGuarded = (address: string): boolean => address.startsWith('https:') || !URL.canParse(address) || ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname)
const guardedUrl = httpUrl.refine(isGuarded, 'must be https, unless it is on this machine')

/** As browsers write them in `Origin`: any other spelling would never be the same. `*` is none, as it names nobody. */
const isOrigin = (value: string): boolean => /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@*]+$/.test(value) && (!/^https?:/.test(value) || (URL.canParse(value) && new URL(value).origin === value))

const schema = z.object({
  CARTAGE_ROLES: z
    .string()
    .transform((value) => value.split(',').map((one) => one.trim()).filter((one) => one !== ''))
    .pipe(z.array(z.enum(roles, { error: `must be some of ${roles.join(', ')}, with commas between` })).min(1, 'must name a role'))
    .optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(4000),
  WORKER_PORT: port.default(4001),
  PUBLIC_URL: httpUrl.transform((value) => value.replace(/\/+$/, '')).optional(),
  SIMULATOR_HOST: z.string().min(1).default('127.0.0.1'),
  SIMULATOR_PORT: port.default(4010),
  DATA_DIR: z.string().min(1).default('.cartage'),
  DATABASE_URL: url(/^postgres(ql)?$/, 'a postgresql:// URL').optional(),
  DATABASE_DIRECT_URL: url(/^postgres(ql)?$/, 'a postgresql:// URL').optional(),
  DATABASE_PREPARED_STATEMENTS: flag.default(true),
  DATABASE_POOL_SIZE: positive.max(1000).default(20),
  // No URL that the standard knows: it may name several hosts.
  MONGODB_URL: z.string().regex(/^mongodb(\+srv)?:\/\/[^\s/]+(\/\S*)?$/, 'must be a mongodb:// or mongodb+srv:// connection string').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ENCRYPTION_KEY: z
    .string()
    .transform((value) => value.split(',').map((one) => Buffer.from(one.trim(), 'base64')))
    .refine((keys) => keys.every((key) => key.length === 32), 'must be 32 bytes in base64 (several with commas between, the newest first): openssl rand -base64 32')
    .transform(([first, ...older]): [Uint8Array, ...Uint8Array[]] => [first!, ...older])
    .optional(),
  AMAZON_CLIENT_ID: z.string().min(1).optional(),
  AMAZON_CLIENT_SECRET: z
    .string()
    .transform((value) => value.split(',').map((one) => one.trim()).filter((one) => one !== ''))
    .refine((secrets) => secrets.length > 0, 'must not be blank')
    .transform(([first, ...older]): [string, ...string[]] => [first!, ...older])
    .optional(),
  AMAZON_CLIENT_SECRET_EXPIRES: z.iso.date({ error: 'must be a date such as 2027-03-31' }).transform((value) => new Date(`${value}T00:00:00Z`)).optional(),
  AMAZON_APPLICATION_ID: z.string().regex(/^amzn1\.[\w.-]+$/, 'must be the id of an application, amzn1.sp.solution...').optional(),
  AMAZON_APPLICATION_DRAFT: flag.default(false),
  AMAZON_LEGACY_DEVELOPER_ACCOUNTS: z
    .string()
    .transform((value) => value.split(',').map((one) => one.split('=').map((part) => part.trim())))
    .refine((pairs) => pairs.every((pair) => pair.length === 2 && pair.every((part) => part !== '')), 'must be country or region = account, with commas between: AU=267134821941')
    .transform((pairs) => Object.fromEntries(pairs) as Record<string, string>)
    .default({}),
  CARRIERS_FILE: z.string().min(1).optional(),
  AMAZON_TOKEN_URL: httpUrl.default('https://api.amazon.com/auth/o2/token'),
  AMAZON_ENDPOINT_NA: httpUrl.default('https://sellingpartnerapi-na.amazon.com'),
  AMAZON_ENDPOINT_EU: httpUrl.default('https://sellingpartnerapi-eu.amazon.com'),
  AMAZON_ENDPOINT_FE: httpUrl.default('https://sellingpartnerapi-fe.amazon.com'),
  AMAZON_DEVELOPER_NAME: z.string().min(1).default('3PL Central'),
  SIMULATOR_URL: httpUrl.optional(),
  SMTP_URL: url(/^smtps?$/, 'an smtp:// or smtps:// URL').optional(),
  MAIL_FROM: z.string().regex(/@/, 'must be an address such as "Riverside <gateway@riverside.example>"').default('Cartage <cartage@localhost>'),
  OPERATOR_EMAILS: list.pipe(z.array(z.email({ error: 'must be e-mail addresses, with commas between' }))).default([]),
  CONSOLE_URL: httpUrl.transform((value) => value.replace(/\/+$/, '')).optional(),
  WEBHOOK_NETWORKS: list.pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], { error: 'must be networks such as 10.1.0.0/16, with commas between' }))).default([]),
  TRUSTED_PROXIES: list.pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: 'must be addresses or networks, with commas between' }))).default([]),
  AGREEMENT_SIGNING: z.enum(['built-in', 'docusign', 'none']).default('built-in'),
  AGREEMENT_TEMPLATE: z.string().min(1).optional(),
  ONBOARDING_TURNAROUND_HOURS: z.coerce.number().int().min(24).max(720).default(48),
  BUSINESS_HOLIDAYS: list.pipe(z.array(z.iso.date({ error: 'must be dates such as 2026-12-25, with commas between' }))).default([]),
  SETUP_LINK_DAYS: positive.max(90).default(14),
  PERSONAL_DATA_DAYS: positive.max(30).default(30),
  JOB_RUN_DAYS: atLeast(7).default(90),
  EVENT_LOG_DAYS: atLeast(30).default(0),
  AUDIT_LOG_DAYS: atLeast(365).default(0),
  DOCUSIGN_BASE_URL: httpUrl.transform((value) => value.replace(/\/+$/, '')).optional(),
  DOCUSIGN_AUTH_URL: httpUrl.transform((value) => value.replace(/\/+$/, '')).default('https://account.docusign.com'),
  DOCUSIGN_ACCOUNT_ID: z.string().min(1).optional(),
  DOCUSIGN_INTEGRATION_KEY: z.string().min(1).optional(),
  DOCUSIGN_USER_ID: z.string().min(1).optional(),
  DOCUSIGN_PRIVATE_KEY: z.string().transform((value) => value.replaceAll('\\n', '\n').trim()).refine((value) => /^-----BEGIN (RSA )?PRIVATE KEY-----/.test(value), 'must be a private key in PEM').optional(),
  DOCUSIGN_HMAC_KEYS: list.pipe(z.array(z.string()).min(1, 'must not be blank')).transform(([first, ...older]): [string, ...string[]] => [first!, ...older]).optional(),
  OIDC_ISSUER: guardedUrl.optional(),
  OIDC_AUDIENCE: list.pipe(z.array(z.string()).min(1, 'must not be blank')).optional(),
  OIDC_JWKS_URL: guardedUrl.optional(),
  OIDC_ALGORITHMS: list.pipe(z.array(z.enum(asymmetric, { error: `must be some of ${asymmetric.join(', ')}, with commas between` })).min(1, 'must not be blank')).default(['RS256', 'PS256', 'ES256', 'EdDSA']),
  OIDC_ROLE_CLAIM: z.string().min(1).default('cartage_role'),
  OIDC_ROLES: z
    .string()
    .transform((value) => value.split(',').map((one) => one.split('=').map((part) => part.trim())))
    .refine((pairs) => pairs.every(([claimed, role, ...more]) => claimed !== '' && (ourRoles as readonly (string | undefined)[]).includes(role) && more.length === 0), `must be value=role with commas between, e.g. floor=OPERATOR; roles are ${ourRoles.join(', ')}`)
    .transform((pairs) => Object.fromEntries(pairs) as Record<string, (typeof ourRoles)[number]>)
    .optional(),
  OIDC_CUSTOMERS_CLAIM: z.string().min(1).default('cartage_customers'),
  OIDC_NAME_CLAIM: z.string().min(1).default('name'),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  WORKER_CONCURRENCY: positive.max(1000).default(16),
  RATE_LIMIT: positive.default(6000),
  TOKEN_RATE_LIMIT: positive.default(6000),
  CONNECTIONS_PER_ADDRESS: positive.default(10_000),
  MAX_COST: positive.default(50_000),
  REQUEST_TIMEOUT_SECONDS: positive.max(3600).default(30),
  TRUSTED_DOCUMENTS: list.default([]),
  TRUSTED_DOCUMENTS_ONLY: flag.default(false),
  PING_SECONDS: positive.max(600).default(15),
  SOCKET_IDLE_SECONDS: natural.default(600),
  SOCKET_LIFETIME_SECONDS: natural.default(86_400),
  OPERATIONS_PER_SOCKET: positive.max(10_000).default(100),
  SOCKETS_PER_TOKEN: positive.default(10_000),
  GRAPHIQL: flag.optional(),
  INTROSPECTION: flag.default(true),
  CORS_ORIGINS: list.pipe(z.array(z.string().refine(isOrigin, 'must be origins such as https://console.riverside.example, without a path, with commas between'))).default([]),
  ...telemetryVariables,
})

const docusignNames = ['DOCUSIGN_BASE_URL', 'DOCUSIGN_ACCOUNT_ID', 'DOCUSIGN_INTEGRATION_KEY', 'DOCUSIGN_USER_ID', 'DOCUSIGN_PRIVATE_KEY', 'DOCUSIGN_HMAC_KEYS'] as const

/** Every problem of the environment at once. Values are never shown: one of them may be a secret. */
export class ConfigError extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(`The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((one) => `  - ${one}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** @throws ConfigError */
export function readConfig(given: Record<string, string | undefined>): Config {
  const { env, problems: ofFiles } = readSecretFiles(given)
  // An empty variable is one that is not set: compose files and CI hand those over.
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== '')))
  const problems = [...ofFiles, ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${words(issue)}`))]
  if ((env['AMAZON_CLIENT_ID'] ?? '') !== '' && (env['AMAZON_CLIENT_SECRET'] ?? '') === '') problems.push('AMAZON_CLIENT_SECRET must be set together with AMAZON_CLIENT_ID')
  if ((env['AMAZON_CLIENT_SECRET'] ?? '') !== '' && (env['AMAZON_CLIENT_ID'] ?? '') === '') problems.push('AMAZON_CLIENT_ID must be set together with AMAZON_CLIENT_SECRET')
  if ((env['DATABASE_URL'] ?? '') !== '' && (env['ENCRYPTION_KEY'] ?? '') === '') {
    problems.push('ENCRYPTION_KEY must be set with DATABASE_URL, the same for every process: openssl rand -base64 32')
  }
  if ((env['DATABASE_DIRECT_URL'] ?? '') !== '' && (env['DATABASE_URL'] ?? '') === '') problems.push('DATABASE_URL must be set with DATABASE_DIRECT_URL: the address of the pooler in front of it')
  if (parsed.data?.TRUSTED_DOCUMENTS_ONLY === true && parsed.data.TRUSTED_DOCUMENTS.length === 0) problems.push('TRUSTED_DOCUMENTS must be set with TRUSTED_DOCUMENTS_ONLY: the manifests of what is trusted')
  if (parsed.data?.AGREEMENT_SIGNING === 'docusign') {
    for (const name of docusignNames) if (parsed.data[name] === undefined) problems.push(`${name} must be set with AGREEMENT_SIGNING=docusign`)
  }
  if ((env['OIDC_ISSUER'] ?? '') !== '' && (env['OIDC_AUDIENCE'] ?? '') === '') problems.push('OIDC_AUDIENCE must be set with OIDC_ISSUER: what the tokens for this gateway are issued for')
  // What a file was to say is not missed besides.
  const told = problems.filter((problem) => !ofFiles.some((one) => one !== problem && one.startsWith(`${problem.split(' ')[0]}_FILE `)))
  if (!parsed.success || told.length > 0) throw new ConfigError([...new Set(told)])
  const values = parsed.data
  const app = values.AMAZON_CLIENT_ID === undefined ? null : {
    clientId: values.AMAZON_CLIENT_ID, clientSecrets: values.AMAZON_CLIENT_SECRET!,
    secretExpiresAt: values.AMAZON_CLIENT_SECRET_EXPIRES ?? null, applicationId: values.AMAZON_APPLICATION_ID ?? null, draft: values.AMAZON_APPLICATION_DRAFT,
  }
  return {
    // With an application of one's own at Amazon, the simulator is started only where asked for by name.
    roles: new Set(values.CARTAGE_ROLES ?? (app === null ? roles : (['api', 'worker'] as const))),
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL ?? null,
    workerPort: values.WORKER_PORT,
    simulatorHost: values.SIMULATOR_HOST,
    simulatorPort: values.SIMULATOR_PORT,
    dataDir: path.resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL ?? null,
    databaseDirectUrl: values.DATABASE_DIRECT_URL ?? null,
    preparedStatements: values.DATABASE_PREPARED_STATEMENTS,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    mongodbUrl: values.MONGODB_URL ?? null,
    logLevel: values.LOG_LEVEL,
    encryptionKeys: values.ENCRYPTION_KEY ?? null,
    amazon: {
      app,
      tokenUrl: values.AMAZON_TOKEN_URL,
      endpoints: { NORTH_AMERICA: values.AMAZON_ENDPOINT_NA, EUROPE: values.AMAZON_ENDPOINT_EU, FAR_EAST: values.AMAZON_ENDPOINT_FE },
      simulatorUrl: values.SIMULATOR_URL ?? null,
      developerName: values.AMAZON_DEVELOPER_NAME,
      legacyDeveloperAccounts: values.AMAZON_LEGACY_DEVELOPER_ACCOUNTS,
    },
    mail: { smtpUrl: values.SMTP_URL ?? null, from: values.MAIL_FROM, operators: values.OPERATOR_EMAILS },
    onboarding: {
      signing: values.AGREEMENT_SIGNING,
      agreementTemplate: values.AGREEMENT_TEMPLATE === undefined ? null : path.resolve(values.AGREEMENT_TEMPLATE),
      turnaroundHours: values.ONBOARDING_TURNAROUND_HOURS,
      holidays: values.BUSINESS_HOLIDAYS,
      setupLinkDays: values.SETUP_LINK_DAYS,
      docusign: values.AGREEMENT_SIGNING !== 'docusign' ? null : {
        baseUrl: values.DOCUSIGN_BASE_URL!, authUrl: values.DOCUSIGN_AUTH_URL, accountId: values.DOCUSIGN_ACCOUNT_ID!, integrationKey: values.DOCUSIGN_INTEGRATION_KEY!,
        userId: values.DOCUSIGN_USER_ID!, privateKey: values.DOCUSIGN_PRIVATE_KEY!, hmacKeys: values.DOCUSIGN_HMAC_KEYS!,
      },
    },
    webhookNetworks: values.WEBHOOK_NETWORKS,
    oidc: values.OIDC_ISSUER === undefined ? null : {
      issuer: values.OIDC_ISSUER, audience: values.OIDC_AUDIENCE!, jwksUrl: values.OIDC_JWKS_URL ?? null, algorithms: values.OIDC_ALGORITHMS,
      roleClaim: values.OIDC_ROLE_CLAIM, customersClaim: values.OIDC_CUSTOMERS_CLAIM, nameClaim: values.OIDC_NAME_CLAIM, roles: values.OIDC_ROLES ?? null, clientId: values.OIDC_CLIENT_ID ?? null,
    },
    personalDataDays: values.PERSONAL_DATA_DAYS,
    retention: { jobRunDays: values.JOB_RUN_DAYS || null, eventLogDays: values.EVENT_LOG_DAYS || null, auditLogDays: values.AUDIT_LOG_DAYS || null },
    trustedProxies: values.TRUSTED_PROXIES,
    consoleUrl: values.CONSOLE_URL ?? null,
    workerConcurrency: values.WORKER_CONCURRENCY,
    carriersFile: values.CARRIERS_FILE === undefined ? null : path.resolve(values.CARRIERS_FILE),
    rateLimit: values.RATE_LIMIT,
    tokenRateLimit: values.TOKEN_RATE_LIMIT,
    connectionsPerAddress: values.CONNECTIONS_PER_ADDRESS,
    maxCost: values.MAX_COST,
    requestTimeoutSeconds: values.REQUEST_TIMEOUT_SECONDS,
    trustedDocuments: values.TRUSTED_DOCUMENTS.map((file) => path.resolve(file)),
    trustedDocumentsOnly: values.TRUSTED_DOCUMENTS_ONLY,
    pingSeconds: values.PING_SECONDS,
    socketIdleSeconds: values.SOCKET_IDLE_SECONDS,
    socketLifetimeSeconds: values.SOCKET_LIFETIME_SECONDS,
    operationsPerSocket: values.OPERATIONS_PER_SOCKET,
    socketsPerToken: values.SOCKETS_PER_TOKEN,
    graphiql: values.GRAPHIQL ?? values.DATABASE_URL === undefined,
    introspection: values.INTROSPECTION,
    corsOrigins: values.CORS_ORIGINS,
    telemetry: telemetryOf(values),
  }
}

// zod's own message can quote what it was given.
function words(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return issue.message.startsWith('must') ? issue.message : `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'must not be blank' : issue.origin === 'array' ? issue.message : `must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  if (issue.code === 'invalid_type') return 'must be a whole number'
  return issue.message
}
