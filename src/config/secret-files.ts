// Secrets as files, as Docker and Kubernetes hand them over: NAME_FILE names one in place of NAME.
import { readFileSync } from 'node:fs'

export const secretNames = [
  'DATABASE_URL', 'DATABASE_DIRECT_URL', 'MONGODB_URL', 'ENCRYPTION_KEY', 'AMAZON_CLIENT_SECRET', 'SMTP_URL', 'DOCUSIGN_PRIVATE_KEY', 'DOCUSIGN_HMAC_KEYS',
  'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_METRICS_HEADERS',
] as const

/** The environment with what the files hold, and what is wrong with them: never what stands in them. */
export function readSecretFiles(env: Record<string, string | undefined>): { env: Record<string, string | undefined>; problems: string[] } {
  const read: Record<string, string | undefined> = { ...env }
  const problems: string[] = []
  for (const name of secretNames) {
    const file = env[`${name}_FILE`] ?? ''
    if (file === '') continue
    if ((env[name] ?? '') !== '') {
      problems.push(`${name}_FILE must not be set together with ${name}`)
      continue
    }
    try {
      read[name] = readFileSync(file, 'utf8').trim()
      if (read[name] === '') problems.push(`${name}_FILE must not be an empty file`)
    } catch (error) {
      problems.push(`${name}_FILE must be a file that can be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
    }
  }
  return { env: read, problems }
}
