// A stand-in for DocuSign over real HTTP, as its eSignature REST API v2.1, its JWT grant and Connect are documented. It knows nothing of our client.
import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, randomUUID, verify } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { PDFDocument } from '@cantoo/pdf-lib'
import { extractText, getDocumentProxy } from 'unpdf'
import type { DocusignConfig } from '../../src/config/env.ts'

export interface Envelope {
  envelopeId: string
  transactionId: string | null
  emailSubject: string
  status: 'sent' | 'completed' | 'declined' | 'voided'
  document: Uint8Array
  signer: { name: string; email: string }
  callbackUrl: string
  events: string[]
  at: Date
  reason: string | null
}

interface Definition {
  transactionId?: string
  emailSubject: string
  status: string
  documents: { documentBase64: string; documentId: string; fileExtension: string; name: string }[]
  recipients: { signers: { name: string; email: string; recipientId: string; tabs: Record<string, { anchorString: string; pageNumber?: string }[]> }[] }
  eventNotification: { url: string; includeHMAC: string; requireAcknowledgment: string; deliveryMode: string; events: string[]; eventData: { version: string; format: string } }
}

/** What is wrong with a request; `answer: null` cuts the connection. */
export interface Trouble {
  /** Whether it is done all the same, and only the answer suffers. */
  done: boolean
  answer: { status: number; body: string } | null
}

export interface StandIn {
  config: DocusignConfig
  envelopes: Envelope[]
  /** Method and path of every call, e.g. "POST /restapi/v2.1/accounts/…/envelopes". */
  calls: string[]
  grants: number
  trouble: ((call: string) => Trouble | null) | null
  /** The user has not consented to the integration. */
  unconsented: boolean
  /** Whether envelopes that are asked for by transaction are answered whole. */
  wholeEnvelopes: boolean
  /** Tokens that were granted are good no more. */
  revokeTokens(): void
  sign(envelope: Envelope): void
  decline(envelope: Envelope, reason: string): void
  void(envelope: Envelope, reason: string): void
  /** Connect's call, as for the envelope's present status, signed by each key of the account; `more` spoils it. */
  tell(envelope: Pick<Envelope, 'envelopeId' | 'status' | 'callbackUrl'>, more?: { keys?: string[]; body?: (signed: string) => string; headers?: Record<string, string> }): Promise<Response>
  stop(): Promise<void>
}

class Refusal extends Error {
  constructor(readonly status: number, readonly errorCode: string) {
    super(errorCode)
  }
}

export async function startDocusign(): Promise<StandIn> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
  const [accountId, userId, integrationKey, hmacKey] = [randomUUID(), randomUUID(), randomUUID(), randomBytes(32).toString('base64')]
  const tokens = new Set<string>()
  const server = createServer((request, response) => {
    void (async () => {
      const call = `${request.method} ${request.url}`
      standIn.calls.push(call)
      const body = await buffer(request)
      const trouble = standIn.trouble?.(call) ?? null
      const { status, content, type } = trouble?.done === false ? { status: 500, content: '', type: '' } : await answered(request, body)
      if (trouble === null) return response.writeHead(status, { 'content-type': type }).end(content)
      if (trouble.answer === null) return request.socket.destroy()
      return response.writeHead(trouble.answer.status, { 'content-type': 'application/json' }).end(trouble.answer.body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const standIn: StandIn = {
    config: { baseUrl: `http://${host}/restapi`, authUrl: `http://${host}`, accountId, integrationKey, userId, privateKey, hmacKeys: [hmacKey] },
    envelopes: [], calls: [], grants: 0, trouble: null, unconsented: false, wholeEnvelopes: false,
    revokeTokens: () => tokens.clear(),
    sign: (envelope) => end(envelope, 'completed', null),
    decline: (envelope, reason) => end(envelope, 'declined', reason),
    void: (envelope, reason) => end(envelope, 'voided', reason),
    tell({ envelopeId, status, callbackUrl }, { keys = [hmacKey], body = (signed: string) => signed, headers } = {}) {
      const uri = `/restapi/v2.1/accounts/${accountId}/envelopes/${envelopeId}`
      const signed = JSON.stringify({ event: `envelope-${status}`, apiVersion: 'v2.1', uri, retryCount: 0, configurationId: 10247, generatedDateTime: new Date().toISOString(), data: { accountId, userId, envelopeId } })
      const signatures = Object.fromEntries(keys.map((key, index) => [`x-docusign-signature-${index + 1}`, createHmac('sha256', key).update(signed).digest('base64')]))
      return fetch(callbackUrl, { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8', 'x-authorization-digest': 'HMACSHA256', ...signatures, ...headers }, body: body(signed) })
    },
    stop: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
  return standIn

  function end(envelope: Envelope, status: Envelope['status'], reason: string | null): void {
    if (envelope.status !== 'sent') throw new Error(`the envelope is ${envelope.status}`)
    Object.assign(envelope, { status, reason, at: new Date() })
  }

  async function answered(request: IncomingMessage, body: Buffer): Promise<{ status: number; content: string | Buffer; type: string }> {
    try {
      const answer = await route(request, body)
      return Buffer.isBuffer(answer) ? { status: 200, content: answer, type: 'application/pdf' } : { status: request.method === 'POST' && request.url !== '/oauth/token' ? 201 : 200, content: JSON.stringify(answer), type: 'application/json; charset=utf-8' }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const said = request.url === '/oauth/token' ? { error: error.errorCode } : { errorCode: error.errorCode, message: 'Something about Ada Smith <ada@merchant.example> that is not to be repeated.' }
      return { status: error.status, content: JSON.stringify(said), type: 'application/json; charset=utf-8' }
    }
  }

  async function route({ method, url, headers }: IncomingMessage, body: Buffer): Promise<object | Buffer> {
    const { pathname, searchParams } = new URL(url!, `http://${host}`)
    if (method === 'POST' && pathname === '/oauth/token') return grant(new URLSearchParams(body.toString()))
    if (!tokens.has(headers.authorization?.replace(/^Bearer /, '') ?? '')) throw new Refusal(401, 'USER_AUTHENTICATION_FAILED')
    if (method === 'GET' && pathname === '/oauth/userinfo') return { sub: userId, name: 'Riverside', email: 'gateway@riverside.example', accounts: [{ account_id: accountId, is_default: true, account_name: 'Riverside', base_uri: `http://${host}` }] }
    const [, account, id, rest = ''] = /^\/restapi\/v2\.1\/accounts\/([^/]+)\/envelopes(?:\/([^/]+))?(\/.*)?$/.exec(pathname) ?? []
    if (account !== accountId) throw new Refusal(401, 'USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT')
    if (id === undefined) return method === 'POST' ? create(JSON.parse(body.toString()) as Definition) : list(searchParams)
    const envelope = standIn.envelopes.find(({ envelopeId }) => envelopeId === id)
    if (envelope === undefined) throw new Refusal(404, 'ENVELOPE_DOES_NOT_EXIST')
    if (method === 'GET' && rest === '/documents/combined') return combined(envelope)
    if (method === 'PUT' && rest === '') return voided(envelope, JSON.parse(body.toString()) as { status?: string; voidedReason?: string })
    if (method === 'GET' && rest === '') return shown(envelope, searchParams.get('include') === 'recipients')
    throw new Refusal(404, 'RESOURCE_NOT_FOUND')
  }

  function grant(form: URLSearchParams): object {
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') throw new Refusal(400, 'unsupported_grant_type')
    const [header, claims, signature] = (form.get('assertion') ?? '').split('.')
    const read = (part: string | undefined): Record<string, unknown> => JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>
    const genuine = read(header)['alg'] === 'RS256' && verify('sha256', Buffer.from(`${header}.${claims}`), createPublicKey(publicKey), Buffer.from(signature ?? '', 'base64url'))
    const { iss, sub, aud, iat, exp, scope } = read(claims)
    const now = Date.now() / 1000
    const timely = typeof iat === 'number' && typeof exp === 'number' && iat <= now + 1 && exp > now && exp - iat <= 3600
    if (!genuine || iss !== integrationKey || aud !== host || !timely) throw new Refusal(400, 'invalid_grant')
    if (sub !== userId) throw new Refusal(400, 'user_not_found')
    if (standIn.unconsented || scope !== 'signature impersonation') throw new Refusal(400, 'consent_required')
    standIn.grants++
    const token = randomBytes(24).toString('base64url')
    tokens.add(token)
    return { access_token: token, token_type: 'Bearer', expires_in: 3600 }
  }

  async function create(definition: Definition): Promise<object> {
    const { documents: [document], recipients: { signers: [signer] }, eventNotification: told, transactionId = null, emailSubject, status } = definition
    const bytes = new Uint8Array(Buffer.from(document?.documentBase64 ?? '', 'base64'))
    const pages = await getDocumentProxy(bytes.slice()).then((pdf) => extractText(pdf, { mergePages: false })).then((read) => read.text, () => null)
    if (status !== 'sent' || pages === null || document?.fileExtension !== 'pdf' || emailSubject.length > 100) throw new Refusal(400, 'INVALID_REQUEST_BODY')
    if (signer === undefined || !/@/.test(signer.email)) throw new Refusal(400, 'INVALID_EMAIL_ADDRESS_FOR_RECIPIENT')
    for (const tab of ['signHereTabs', 'dateSignedTabs']) if (signer.tabs[tab]?.every(({ anchorString, pageNumber }) => pages.some((text, index) => text.includes(anchorString) && [undefined, String(index + 1)].includes(pageNumber))) !== true) throw new Refusal(400, 'ANCHOR_TAB_STRING_NOT_FOUND')
    if (told.includeHMAC !== 'true' || told.eventData.format !== 'json' || told.deliveryMode !== 'SIM') throw new Refusal(400, 'INVALID_REQUEST_PARAMETER')
    const envelope: Envelope = { envelopeId: randomUUID(), transactionId, emailSubject, status, document: bytes, signer: { name: signer.name, email: signer.email }, callbackUrl: told.url, events: told.events, at: new Date(), reason: null }
    standIn.envelopes.push(envelope)
    return { envelopeId: envelope.envelopeId, uri: `/envelopes/${envelope.envelopeId}`, statusDateTime: envelope.at.toISOString(), status }
  }

  function list(query: URLSearchParams): object {
    const ids = query.get('transaction_ids')?.split(',')
    if (ids === undefined) throw new Refusal(400, 'INVALID_REQUEST_PARAMETER')
    const found = standIn.envelopes.filter(({ transactionId }) => transactionId !== null && ids.includes(transactionId))
    const size = { resultSetSize: String(found.length), totalSetSize: String(found.length), startPosition: '0', endPosition: String(Math.max(0, found.length - 1)) }
    if (found.length === 0) return size
    return standIn.wholeEnvelopes ? { ...size, envelopes: found.map((envelope) => shown(envelope, false)) } : { ...size, envelopeTransactionStatuses: found.map(({ transactionId, envelopeId, status }) => ({ transactionId, envelopeId, status })) }
  }

  function shown({ envelopeId, status, emailSubject, at, reason, signer }: Envelope, recipients: boolean): object {
    const { when, of } = { sent: { when: 'sentDateTime', of: 'sent' }, completed: { when: 'completedDateTime', of: 'completed' }, declined: { when: 'declinedDateTime', of: 'declined' }, voided: { when: 'voidedDateTime', of: 'sent' } }[status]
    return {
      envelopeId, status, emailSubject, [when]: at.toISOString().replace('Z', '0000Z'), ...(status === 'voided' ? { voidedReason: reason } : {}),
      ...(recipients ? { recipients: { signers: [{ ...signer, recipientId: '1', status: of, ...(status === 'declined' ? { declinedReason: reason } : {}) }], recipientCount: '1' } } : {}),
    }
  }

  function voided(envelope: Envelope, { status, voidedReason }: { status?: string; voidedReason?: string }): object {
    if (status !== 'voided' || voidedReason === undefined || voidedReason === '' || voidedReason.length > 200) throw new Refusal(400, 'INVALID_REQUEST_PARAMETER')
    if (envelope.status !== 'sent') throw new Refusal(400, 'ENVELOPE_CANNOT_VOID_INVALID_STATE')
    end(envelope, 'voided', voidedReason)
    return { envelopeId: envelope.envelopeId }
  }

  async function combined({ document, status, signer, envelopeId }: Envelope): Promise<Buffer> {
    const pdf = await PDFDocument.load(document)
    pdf.addPage().drawText(`Certificate of completion: ${envelopeId}, ${status}, ${signer.name}`, { x: 40, y: 700, size: 10 })
    return Buffer.from(await pdf.save())
  }
}
