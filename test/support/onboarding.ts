import { randomBytes } from 'node:crypto'
import type { ResolverProcess } from '../../src/app/resolvers.ts'
import { Sealer } from '../../src/auth/seal.ts'
import { Signer } from '../../src/auth/signer.ts'

/** What resolvers need of onboarding, in a gateway that has no agreements signed. */
export function plainOnboarding(key: Uint8Array = randomBytes(32)): ResolverProcess['onboarding'] {
  return {
    signing: { kind: 'none' }, template: null, sealer: new Sealer([key]), signer: new Signer([key]), publicUrl: () => 'https://gateway.example', operators: [], setupLinkDays: 14, turnaroundHours: 48,
    rules: { agreementNeeded: false, holidays: [] },
  }
}
