import { readFile } from 'node:fs/promises'
import { createDocusign } from '../agreements/docusign/provider.ts'
import type { Signing } from '../agreements/provider.ts'
import { problemsOf } from '../agreements/template.ts'
import { ConfigError, type OnboardingConfig } from '../config/env.ts'

/** How agreements are signed, as configured. */
export function createSigning({ signing, docusign }: OnboardingConfig, publicUrl: () => string): Signing {
  if (signing !== 'docusign' || docusign === null) return { kind: signing === 'none' ? 'none' : 'built-in' }
  return { kind: 'remote', provider: createDocusign({ ...docusign, callbackUrl: () => `${publicUrl()}/agreements/docusign/callback` }) }
}

/** The operator's own agreement; null: the built-in one. @throws ConfigError */
export async function readTemplate(file: string | null): Promise<string | null> {
  if (file === null) return null
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError([`AGREEMENT_TEMPLATE cannot be read (${error.code})`])
  })
  const problems = problemsOf(text)
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `AGREEMENT_TEMPLATE: ${problem}`))
  return text
}
