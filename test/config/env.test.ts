import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config/env.ts'

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64')

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).problems
  }
  return []
}

test('nothing set: everything here, on this machine alone', () => {
  const config = readConfig({})
  expect(config).toMatchObject({ host: '127.0.0.1', port: 4000, workerPort: 4001, simulatorPort: 4010, databaseUrl: null, encryptionKeys: null, graphiql: true, corsOrigins: [], maxCost: 50_000, requestTimeoutSeconds: 30, trustedDocuments: [], trustedDocumentsOnly: false })
  expect([...config.roles]).toEqual(['api', 'worker', 'simulator'])
  expect(config.dataDir).toBe(path.resolve('.cartage'))
})

test('an empty variable is one that is not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '', AMAZON_CLIENT_ID: '', AMAZON_CLIENT_SECRET: '' })).toEqual(readConfig({}))
})

test('every problem is told at once, in words, by its name and without its value', () => {
  const values = { PORT: 'port-value', LOG_LEVEL: 'level-value', DATABASE_URL: 'mysql://user:password-value@host/db', CARTAGE_ROLES: 'api,role-value', ENCRYPTION_KEY: 'key-value', WORKER_CONCURRENCY: '0', AMAZON_CLIENT_SECRET: 'secret-value', RATE_LIMIT: '1.5', MAX_COST: '0', REQUEST_TIMEOUT_SECONDS: 'time-value', TRUSTED_DOCUMENTS_ONLY: 'only-value' }
  const problems = problemsOf(values)
  const named = ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'CARTAGE_ROLES', 'ENCRYPTION_KEY', 'WORKER_CONCURRENCY', 'AMAZON_CLIENT_ID', 'RATE_LIMIT', 'MAX_COST', 'REQUEST_TIMEOUT_SECONDS', 'TRUSTED_DOCUMENTS_ONLY']
  for (const name of named) expect(problems.filter((problem) => problem.startsWith(`${name} `))).toHaveLength(1)
  expect(problems).toHaveLength(named.length)
  expect(problems.join('\n')).not.toMatch(/-value|mysql|1\.5/)
})

test('a MongoDB is named by a connection string, which may name several hosts', () => {
  const url = 'mongodb://cartage:password-value@one:27017,two:27017/clock?replicaSet=rs0'
  expect(readConfig({ MONGODB_URL: url }).mongodbUrl).toBe(url)
  expect(readConfig({ MONGODB_URL: 'mongodb+srv://clock.example' }).mongodbUrl).toBe('mongodb+srv://clock.example')
  expect(readConfig({}).mongodbUrl).toBeNull()
  expect(problemsOf({ MONGODB_URL: 'postgresql://cartage:password-value@db/clock' })).toEqual(['MONGODB_URL must be a mongodb:// or mongodb+srv:// connection string'])
})

test('a secret may stand in a file; what is wrong with that is told without what stands in it', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-secrets-'))
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(path.join(folder, name), text)
    return path.join(folder, name)
  }
  const [url, keys] = [await file('url', 'postgresql://cartage:password-value@db/cartage\n'), await file('keys', `${key(1)},${key(2)}\n`)]
  expect(readConfig({ DATABASE_URL_FILE: url, ENCRYPTION_KEY_FILE: keys })).toMatchObject({ databaseUrl: 'postgresql://cartage:password-value@db/cartage', encryptionKeys: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)] })
  expect(readConfig({ DATABASE_URL: 'postgresql://db/cartage', ENCRYPTION_KEY_FILE: keys, ENCRYPTION_KEY: '' }).encryptionKeys).toHaveLength(2)
  expect(problemsOf({ ENCRYPTION_KEY: key(1), ENCRYPTION_KEY_FILE: keys })).toEqual(['ENCRYPTION_KEY_FILE must not be set together with ENCRYPTION_KEY'])
  expect(problemsOf({ DATABASE_URL: 'postgresql://db/cartage', ENCRYPTION_KEY_FILE: path.join(folder, 'none') })).toEqual(['ENCRYPTION_KEY_FILE must be a file that can be read (ENOENT)'])
  expect(problemsOf({ SMTP_URL_FILE: await file('empty', '\n') })).toEqual(['SMTP_URL_FILE must not be an empty file'])
  const wrong = problemsOf({ DATABASE_URL_FILE: url, ENCRYPTION_KEY_FILE: await file('short', 'secret-value') })
  expect(wrong).toEqual([expect.stringMatching(/^ENCRYPTION_KEY must be 32 bytes/)])
  expect(wrong.join()).not.toMatch(/secret-value|password-value/)
  await rm(folder, { recursive: true })
})

test('traces and metrics go where the variables of OpenTelemetry say, and nowhere unless they do', async () => {
  expect(readConfig({ OTEL_SERVICE_NAME: 'gateway', OTEL_EXPORTER_OTLP_HEADERS: 'key=1' }).telemetry).toBeNull()
  const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp/' }
  expect(readConfig(base).telemetry).toEqual({
    serviceName: 'cartage', attributes: {},
    traces: { url: 'https://collector.example/otlp/v1/traces', protocol: 'http/protobuf', headers: {}, sampler: { parentBased: true, ratio: 1 } },
    metrics: { url: 'https://collector.example/otlp/v1/metrics', protocol: 'http/protobuf', headers: {}, everyMs: 60_000 },
  })
  expect(readConfig({ ...base, OTEL_SDK_DISABLED: 'true' }).telemetry).toBeNull()
  expect(readConfig({
    ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://jaeger:4318/traces', OTEL_METRICS_EXPORTER: 'none', OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YTpi, x-tenant=1', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=2', OTEL_RESOURCE_ATTRIBUTES: 'service.name=gateway,deployment.environment.name=test',
  }).telemetry).toEqual({
    serviceName: 'gateway', attributes: { 'deployment.environment.name': 'test' }, metrics: null,
    traces: { url: 'http://jaeger:4318/traces', protocol: 'http/json', headers: { authorization: 'Basic YTpi', 'x-tenant': '2' }, sampler: { parentBased: false, ratio: 0.25 } },
  })
  const wrong = problemsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector-value', OTEL_EXPORTER_OTLP_HEADERS: 'secret-value', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'jaeger_remote', OTEL_TRACES_SAMPLER_ARG: '2', OTEL_TRACES_EXPORTER: 'zipkin', OTEL_METRIC_EXPORT_INTERVAL: '5' })
  expect(wrong.map((problem) => problem.split(' ')[0])).toEqual(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_TRACES_EXPORTER', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG', 'OTEL_METRIC_EXPORT_INTERVAL'])
  expect(wrong.join()).not.toContain('-value')
})

test('an identity provider is its issuer and its audience, guarded, by asymmetric algorithms, with roles that there are', () => {
  const env = { OIDC_ISSUER: 'https://login.riverside.example/realms/warehouse', OIDC_AUDIENCE: 'cartage, console' }
  expect(readConfig({}).oidc).toBeNull()
  expect(readConfig({ ...env, OIDC_ROLES: 'floor=OPERATOR,office=ADMIN' }).oidc).toMatchObject({ issuer: env.OIDC_ISSUER, audience: ['cartage', 'console'], jwksUrl: null, roles: { floor: 'OPERATOR', office: 'ADMIN' }, algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'] })
  expect(readConfig({ ...env, OIDC_ISSUER: 'http://127.0.0.1:8080/realms/x' }).oidc?.issuer).toBe('http://127.0.0.1:8080/realms/x')
  expect(problemsOf({ OIDC_ISSUER: env.OIDC_ISSUER })).toEqual([expect.stringMatching(/^OIDC_AUDIENCE must be set/)])
  for (const [name, value] of Object.entries({ OIDC_ISSUER: 'http://login.riverside.example', OIDC_JWKS_URL: 'http://login.riverside.example/keys', OIDC_ALGORITHMS: 'RS256,HS256', OIDC_ROLES: 'floor=ROOT' })) {
    expect(problemsOf({ ...env, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} must`))])
  }
  expect(problemsOf({ ...env, OIDC_ALGORITHMS: 'none' })).toHaveLength(1)
})

test('pages that may call are named one by one, as their browsers name them', () => {
  const origins = ['https://console.riverside.example', 'http://localhost:5173', 'https://[::1]:8443', 'capacitor://localhost']
  expect(readConfig({ CORS_ORIGINS: origins.join(', ') }).corsOrigins).toEqual(origins)
  for (const none of ['*', 'https://*.riverside.example', 'https://console.riverside.example/', 'https://console.riverside.example/app', 'https://Console.riverside.example', 'https://console.riverside.example:443', 'console.riverside.example', 'null', 'https://a@b.example']) {
    expect(problemsOf({ CORS_ORIGINS: `https://fine.example,${none}` }), none).toEqual([expect.stringMatching(/^CORS_ORIGINS must be origins/)])
  }
})

test('an application at Amazon is its id and its secret; with one, no simulator unless asked for', () => {
  expect(problemsOf({ AMAZON_CLIENT_ID: 'id' })).toEqual(['AMAZON_CLIENT_SECRET must be set together with AMAZON_CLIENT_ID'])
  const env = { AMAZON_CLIENT_ID: 'id', AMAZON_CLIENT_SECRET: 'secret' }
  expect(readConfig(env).amazon.app).toEqual({ clientId: 'id', clientSecrets: ['secret'], secretExpiresAt: null, applicationId: null, draft: false })
  expect([...readConfig(env).roles]).toEqual(['api', 'worker'])
  expect([...readConfig({ ...env, CARTAGE_ROLES: 'simulator, api' }).roles]).toEqual(['simulator', 'api'])
})

test('what else an application at Amazon may be told: older secrets, when the newest ends, its id for consent pages', () => {
  const env = { AMAZON_CLIENT_ID: 'id', AMAZON_CLIENT_SECRET: 'new, old', AMAZON_CLIENT_SECRET_EXPIRES: '2027-03-31', AMAZON_APPLICATION_ID: 'amzn1.sp.solution.1', AMAZON_APPLICATION_DRAFT: 'true' }
  expect(readConfig(env).amazon.app).toEqual({ clientId: 'id', clientSecrets: ['new', 'old'], secretExpiresAt: new Date('2027-03-31T00:00:00Z'), applicationId: 'amzn1.sp.solution.1', draft: true })
  expect(readConfig({ AMAZON_LEGACY_DEVELOPER_ACCOUNTS: 'AU=1, EUROPE = 2' }).amazon.legacyDeveloperAccounts).toEqual({ AU: '1', EUROPE: '2' })
  const problems = problemsOf({ ...env, AMAZON_CLIENT_SECRET: ' , ', AMAZON_CLIENT_SECRET_EXPIRES: '31.3.2027', AMAZON_APPLICATION_ID: 'app', AMAZON_LEGACY_DEVELOPER_ACCOUNTS: 'AU', PUBLIC_URL: 'gateway' })
  for (const name of ['AMAZON_CLIENT_SECRET', 'AMAZON_CLIENT_SECRET_EXPIRES', 'AMAZON_APPLICATION_ID', 'AMAZON_LEGACY_DEVELOPER_ACCOUNTS', 'PUBLIC_URL']) {
    expect(problems.filter((problem) => problem.startsWith(`${name} `))).toHaveLength(1)
  }
})

test('a database of one\'s own needs a key of one\'s own, and has no GraphiQL unless asked for', () => {
  const env = { DATABASE_URL: 'postgresql://db.example/cartage' }
  expect(problemsOf(env)).toEqual([expect.stringMatching(/^ENCRYPTION_KEY must be set/)])
  expect(readConfig({ ...env, ENCRYPTION_KEY: key(1) }).graphiql).toBe(false)
  expect(readConfig({ ...env, ENCRYPTION_KEY: key(1), GRAPHIQL: 'true' }).graphiql).toBe(true)
})

test('keys: the newest first; each of 32 bytes', () => {
  expect(readConfig({ ENCRYPTION_KEY: `${key(1)}, ${key(2)}` }).encryptionKeys?.map((one) => one[0])).toEqual([1, 2])
  expect(problemsOf({ ENCRYPTION_KEY: `${key(1)},${Buffer.alloc(16).toString('base64')}` })).toHaveLength(1)
})

test('nothing but trusted documents needs some', () => {
  expect(problemsOf({ TRUSTED_DOCUMENTS_ONLY: 'true' })).toEqual([expect.stringMatching(/^TRUSTED_DOCUMENTS must be set/)])
  const config = readConfig({ TRUSTED_DOCUMENTS_ONLY: 'true', TRUSTED_DOCUMENTS: 'a.json, /b.json' })
  expect(config).toMatchObject({ trustedDocumentsOnly: true, trustedDocuments: [path.resolve('a.json'), '/b.json'] })
})
