// What every provider of signatures keeps. Features see this alone; only app/ names a provider.

/** An agreement that is to be signed. */
export interface AgreementToSign {
  /** Its row's UUID: handed over twice it is one agreement. */
  id: string
  /** For people, e.g. "Harbor & Kiln: fulfillment agreement". */
  title: string
  /** A PDF. */
  document: Uint8Array
  signer: { name: string; email: string }
}

/** What has become of an agreement at its provider. */
export type AgreementOutcome =
  | { status: 'SENT' }
  /** `document`: the PDF with the signature on it. */
  | { status: 'SIGNED'; at: Date; document: Uint8Array }
  /** By the signer. `reason` is for people. */
  | { status: 'DECLINED'; at: Date; reason: string }
  /** By us, or at the provider. */
  | { status: 'VOIDED'; at: Date; reason: string }

/** A provider that cannot be asked now, or refuses us. The message is for people, and holds neither secrets nor personal data. */
export class ProviderError extends Error {
  /** - `unavailable`: the same may succeed later. - `refused`: it will not, until somebody mends the configuration or the input. */
  readonly kind: 'unavailable' | 'refused'
  constructor(kind: ProviderError['kind'], message: string) {
    super(message)
    this.name = 'ProviderError'
    this.kind = kind
  }
}

/** One that people sign at elsewhere, and which tells us what became of it. */
export interface RemoteProvider {
  code: string
  /**
   * Hands an agreement over, which asks its signer by e-mail; one that was handed over already is only found.
   * @returns the provider's own id of it
   * @throws ProviderError
   */
  send(agreement: AgreementToSign, signal: AbortSignal): Promise<string>
  /** The provider's own id of one that was handed over, also where its answer was lost; null where none was. @throws ProviderError */
  referenceOf(id: string, signal: AbortSignal): Promise<string | null>
  /** @throws ProviderError */
  outcomeOf(reference: string, signal: AbortSignal): Promise<AgreementOutcome>
  /** Ends one that is not signed yet; false where it had ended before, signed or not. @throws ProviderError */
  voidAgreement(reference: string, reason: string, signal: AbortSignal): Promise<boolean>
  /**
   * The agreement that a callback of the provider speaks of; null where it is not proven to come from there. What has become of it is
   * then asked (outcomeOf), not believed.
   * @param body exactly as it came
   */
  referenceOfCallback(body: Buffer, headers: Readonly<Record<string, string | string[] | undefined>>): string | null
}

/** How agreements are signed: here by the built-in signature, elsewhere by a remote provider, or not at all. */
export type Signing = { kind: 'built-in' } | { kind: 'remote'; provider: RemoteProvider } | { kind: 'none' }
