// Agreements signed at DocuSign, by its eSignature REST API v2.1 (https://developers.docusign.com/docs/esign-rest-api/reference/).
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { AgreementOutcome, AgreementToSign, RemoteProvider } from '../provider.ts'
import { type DocusignAccount, DocusignClient } from './client.ts'

export interface DocusignOptions extends DocusignAccount {
  /** Of Connect, the newest first: while one is replaced both are good. */
  hmacKeys: readonly string[]
  /** Where Connect tells what has become of an envelope. */
  callbackUrl: () => string
}

const LONGEST_SUBJECT = 100
const tabOf = (anchorString: string) => ({ anchorString, anchorUnits: 'pixels', anchorXOffset: '0', anchorYOffset: '-6', documentId: '1', pageNumber: '1' })

const created = z.object({ envelopeId: z.string().min(1) })
const found = z.object({ envelopes: z.array(z.object({ envelopeId: z.string().min(1) })).optional() })
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
      const before = found.parse(await client.json('GET', `envelopes?transaction_ids=${encodeURIComponent(agreement.id)}`, undefined, signal))
      const [first] = before.envelopes ?? []
      if (first !== undefined) return first.envelopeId
      return created.parse(await client.json('POST', 'envelopes', definitionOf(agreement), signal)).envelopeId
    },

    async outcomeOf(reference, signal): Promise<AgreementOutcome> {
      const path = `envelopes/${encodeURIComponent(reference)}`
      const { status, ...rest } = envelope.parse(await client.json('GET', `${path}?include=recipients`, undefined, signal))
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
      await client.json('PUT', `envelopes/${encodeURIComponent(reference)}`, { status: 'voided', voidedReason: reason }, signal, ['ENVELOPE_CANNOT_VOID_INVALID_STATE'])
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

