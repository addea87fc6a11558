// Who is told: a mail server and receivers of webhooks, both real, which note what came and when, and go away on demand.
import { setTimeout as sleep } from 'node:timers/promises'
import { type ReceivedMessage, startReceiver, type TestReceiver } from '../test/support/receiver.ts'
import { startSmtp, type TestSmtp } from '../test/support/smtp.ts'

/** As programs that do something with what they are told, at most. */
const [MAIL_TAKES_MS, WEBHOOK_TAKES_MS] = [2000, 100]

export interface Arrival {
  /** The Message-ID's, or the webhook's. */
  id: string
  /** Milliseconds since 1970. */
  at: number
}

/** What came before already: at the instant when it came first, as what was done then has parted it from its record. */
export function repeats(arrivals: readonly Arrival[]): Arrival[] {
  const before = new Map<string, Arrival>()
  return arrivals.flatMap((one) => {
    const first = before.get(one.id)
    before.set(one.id, one)
    return first === undefined ? [] : [first]
  })
}

export class MailSink {
  readonly arrivals: (Arrival & { to: string; subject: string })[] = []
  readonly #smtp: TestSmtp

  static async start(): Promise<MailSink> {
    return new MailSink(await startSmtp())
  }

  private constructor(smtp: TestSmtp) {
    this.#smtp = smtp
    // Right after the mail was kept, a while before that is said: whoever sends it may be gone by then.
    smtp.behaviour.taken = async () => {
      const { to, headers } = smtp.mails.pop()!
      this.arrivals.push({ id: /<([^@]+)@/.exec(headers['message-id'] ?? '')![1]!, at: Date.now(), to: to[0]!, subject: headers['subject'] ?? '' })
      await sleep(Math.random() * MAIL_TAKES_MS)
    }
  }

  get url(): string {
    return this.#smtp.url
  }

  /** Refuses every message for now. */
  goAway(): void {
    this.#smtp.behaviour.answer = () => ({ code: 451, message: '4.3.2 come back later' })
  }

  comeBack(): void {
    delete this.#smtp.behaviour.answer
  }

  async stop(): Promise<void> {
    await this.#smtp.stop()
  }
}

export class WebhookSink {
  /** By the webhook's name, which is the last part of its URL. */
  readonly arrivals = new Map<string, Arrival[]>()
  /** Of each webhook, once it is known. */
  readonly secrets = new Map<string, string>()
  /** Messages whose signature was not good. */
  unsigned = 0
  readonly #receiver: TestReceiver
  #away = false

  static async start(): Promise<WebhookSink> {
    return new WebhookSink(await startReceiver())
  }

  private constructor(receiver: TestReceiver) {
    this.#receiver = receiver
    receiver.behaviour = async (message, response) => {
      const status = this.#away ? 503 : this.#take(message) ? 204 : 400
      await sleep(Math.random() * WEBHOOK_TAKES_MS)
      response.writeHead(status).end()
      return true
    }
  }

  #take(message: ReceivedMessage): boolean {
    const name = message.path.slice(1)
    try {
      this.#receiver.verify(message, this.secrets.get(name)!)
    } catch {
      this.unsigned++
      return false
    }
    const arrivals = this.arrivals.get(name) ?? []
    this.arrivals.set(name, arrivals)
    arrivals.push({ id: message.id, at: Date.now() })
    return true
  }

  urlOf(name: string): string {
    return `${this.#receiver.url}/${name}`
  }

  goAway(): void {
    this.#away = true
  }

  comeBack(): void {
    this.#away = false
  }

  async stop(): Promise<void> {
    await this.#receiver.stop()
  }
}
