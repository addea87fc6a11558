// Agreements signed at DocuSign, by its eSignature REST API v2.1 (https://developers.docusign.com/docs/esign-rest-api/reference/).
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { type AgreementOutcome, type AgreementToSign, ProviderError, type RemoteProvider } from '../provider.ts'
import { type DocusignAccount, DocusignClient } from './client.ts'

export interface DocusignOptions extends DocusignAccount {
  /** Of Connect, the newest first: while one is replaced both are good. */
  hmacKeys: readonly string[]
  /** Where Connect tells what has become of an envelope. */
  callbackUrl: () => string
}

const LONGEST_SUBJECT = 100
/** Where its anchor stands, on whichever page. */
const tabOf = (anchorString: string) => ({ anchorString, anchorUnits: 'pixels', anchorXOffset: '0', anchorYOffset: '-6', documentId: '1' })

const reference = z.object({ envelopeId: z.string().min(1) })
/** Asked by transaction ids it answers their statuses, or the envelopes themselves. */
const found = z.object({ envelopes: z.array(reference).nullish(), envelopeTransactionStatuses: z.array(reference.partial()).nullish() })
const ended = 'ENVELOPE_CANNOT_VOID_INVALID_STATE'
const envelope = z.object({
  status: z.string(),
  completedDateTime: z.string().optional(),
  declinedDateTime: z.string().optional(),
  voidedDateTime: z.string().optional(),
  voidedReason: z.string().optional(),
  recipients: z.object({ signers: z.array(z.object({ status: z.string().optional(), declinedReason: z.string().optional() })).optional() }).optional(),
})
const connectMessage = z.object({ data: z.object({ envelopeId: z.string().min(1) }) })

export function createDocusign(options: DocusignOptions): RemoteProvider {
  const client = new DocusignClient(options)
  return {
    code: 'docusign',

    async send(agreement, signal) {
      // The envelope is asked for by our id first: an answer that was lost, or a process that died, leaves no second one.
      return (await referenceOf(agreement.id, signal)) ?? read(reference, await client.json('POST', 'envelopes', definitionOf(agreement), signal)).envelopeId
    },

    referenceOf,

    async outcomeOf(reference, signal): Promise<AgreementOutcome> {
      const path = `envelopes/${encodeURIComponent(reference)}`
      const { status, ...rest } = read(envelope, await client.json('GET', `${path}?include=recipients`, undefined, signal))
      switch (status) {
        case 'completed':
          return { status: 'SIGNED', at: instant(rest.completedDateTime), document: await client.bytes(`${path}/documents/combined?certificate=true`, signal) }
        case 'declined': {
          const reason = rest.recipients?.signers?.find((signer) => signer.status === 'declined')?.declinedReason
          return { status: 'DECLINED', at: instant(rest.declinedDateTime), reason: reason?.slice(0, 500) || 'no reason was given' }
        }
        case 'voided':
        case 'deleted':
          return { status: 'VOIDED', at: instant(rest.voidedDateTime), reason: rest.voidedReason?.slice(0, 500) || 'no reason was given' }
        default: // created, sent, delivered, signed by some
          return { status: 'SENT' }
      }
    },

    async voidAgreement(reference, reason, signal) {
      return (await client.json('PUT', `envelopes/${encodeURIComponent(reference)}`, { status: 'voided', voidedReason: reason }, signal, [ended])) !== ended
    },

    referenceOfCallback(body, headers) {
      // One signature for each key of Connect: X-DocuSign-Signature-1, -2 and so on, base64 of HMAC-SHA256 over the body as it came.
      const given = Object.entries(headers).flatMap(([name, value]) => (/^x-docusign-signature-\d+$/i.test(name) && typeof value === 'string' ? [Buffer.from(value, 'base64')] : []))
      const proven = options.hmacKeys.some((key) => {
        const expected = createHmac('sha256', key).update(body).digest()
        return given.some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected))
      })
      if (!proven) return null
      const message = connectMessage.safeParse(parsed(body))
      return message.success ? message.data.data.envelopeId : null
    },
  }

  async function referenceOf(id: string, signal: AbortSignal): Promise<string | null> {
    const { envelopes, envelopeTransactionStatuses } = read(found, await client.json('GET', `envelopes?transaction_ids=${encodeURIComponent(id)}`, undefined, signal))
    return [...(envelopes ?? []), ...(envelopeTransactionStatuses ?? [])].find(({ envelopeId }) => envelopeId !== undefined)?.envelopeId ?? null
  }

  function definitionOf({ id, title, document, signer }: AgreementToSign): object {
    return {
      transactionId: id,
      emailSubject: `Please sign: ${title}`.slice(0, LONGEST_SUBJECT),
      status: 'sent',
      documents: [{ documentBase64: Buffer.from(document).toString('base64'), name: 'Agreement', fileExtension: 'pdf', documentId: '1' }],
      recipients: { signers: [{ email: signer.email, name: signer.name, recipientId: '1', routingOrder: '1', tabs: { signHereTabs: [tabOf('/sig1/')], dateSignedTabs: [tabOf('/date1/')] } }] },
      customFields: { textCustomFields: [{ name: 'cartageAgreement', value: id, show: 'false', required: 'false' }] },
      eventNotification: {
        url: options.callbackUrl(), requireAcknowledgment: 'true', loggingEnabled: 'true', includeHMAC: 'true', deliveryMode: 'SIM',
        events: ['envelope-completed', 'envelope-declined', 'envelope-voided'], eventData: { version: 'restv2.1', format: 'json', includeData: [] },
      },
    }
  }
}

/** @throws ProviderError where it is not what DocuSign documents: some proxy's page, or half of an answer */
function read<T>(shape: z.ZodType<T>, answer: unknown): T {
  const { success, data } = shape.safeParse(answer)
  if (!success) throw new ProviderError('unavailable', 'DocuSign answered something that cannot be read')
  return data
}

function instant(text: string | undefined): Date {
  const at = new Date(text ?? '')
  return Number.isNaN(at.getTime()) ? new Date() : at
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return null
  }
}

