// Faults on demand: which calls fail, how often, and in which way.
import { z } from 'zod'
import { createRandom, type Random } from './random.ts'
import { type Operation, operations, sellerOperations } from './quota.ts'

/** All but those that answer without a body. */
const answering: readonly Operation[] = operations.filter((one) => one !== 'confirmShipment' && one !== 'uploadFeedDocument')

/** The operations that each kind can befall; `*` means all of them. */
const befalls = {
  latency: operations,
  throttle: operations,
  'throttle-without-header': operations,
  error: operations,
  reset: operations,
  'reset-after': operations,
  truncated: answering,
  malformed: answering,
  'expired-token': sellerOperations,
  'missing-role': sellerOperations,
  revoked: [...sellerOperations, 'token'],
  reject: ['confirmShipment', 'patchListingsItem', 'createFeed'],
  late: ['searchOrders', 'confirmShipment', 'patchListingsItem', 'createFeed'],
  'duplicate-page': ['searchOrders'],
  omit: ['searchOrders'],
  'expired-page-token': ['searchOrders', 'searchListingsItems'],
  fatal: ['createFeed'],
  cancelled: ['createFeed'],
} as const satisfies Record<string, readonly Operation[]>
export type FaultKind = keyof typeof befalls
export const faultKinds = Object.keys(befalls) as [FaultKind, ...FaultKind[]]
/** Not every call of these operations can meet them, so that the work itself counts the calls that can. */
export const countedByWork: readonly FaultKind[] = ['omit', 'expired-page-token']

const when = {
  operation: z.enum([...operations, '*']),
  /** Only calls of this seller. */
  sellerId: z.string().min(1).optional(),
  /** Share of the calls that fail; all of them unless told. */
  rate: z.number().min(0).max(1).optional(),
  /** So many failures, then no more. */
  times: z.int().min(1).optional(),
  /** The first so many calls are spared. */
  afterCalls: z.int().min(0).optional(),
  /** Of the dice that `rate` throws; follows from the simulator's seed and the fault's number unless told. */
  seed: z.int().min(0).optional(),
}

const plain = [
  'throttle',
  'throttle-without-header',
  'reset',
  'reset-after',
  'truncated',
  'expired-token',
  'missing-role',
  'revoked',
  'duplicate-page',
  'expired-page-token',
  'fatal',
  'cancelled',
] as const

export const faultInput = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ ...when, kind: z.literal(plain) }),
      z.strictObject({ ...when, kind: z.literal('latency'), latencyMs: z.int().min(1).max(600_000) }),
      z.strictObject({ ...when, kind: z.literal('error'), status: z.int().min(500).max(599).default(500) }),
      /** `order`: one order of the answer is not of the protocol. `answer`: the whole answer is not. */
      z.strictObject({
        ...when,
        kind: z.literal('malformed'),
        part: z.enum(['order', 'answer']).default('order'),
        orderId: z.string().optional(),
      }),
      /** `sku`: of a patch or a feed, that SKU alone. */
      z.strictObject({
        ...when,
        kind: z.literal('reject'),
        code: z.string().min(1).optional(),
        message: z.string().min(1).optional(),
        sku: z.string().min(1).optional(),
      }),
      z.strictObject({ ...when, kind: z.literal('late'), delaySeconds: z.number().min(1).default(300) }),
      /** Without `orderId`, one of the page's orders, another one each time. */
      z.strictObject({ ...when, kind: z.literal('omit'), orderId: z.string().optional() }),
    ],
    `must be one of ${faultKinds.join(', ')}`,
  )
  .superRefine((fault, context) => {
    const possible: readonly Operation[] = befalls[fault.kind]
    if (fault.operation !== '*' && !possible.includes(fault.operation)) {
      context.addIssue({
        code: 'custom',
        path: ['operation'],
        message: `${fault.kind} can befall ${possible.join(', ')} or *, not ${fault.operation}`,
      })
    }
  })
export type FaultInput = z.infer<typeof faultInput>
export type Fault = FaultInput & { id: string; calls: number; fired: number }
export type FaultOf<Kind extends FaultKind> = Extract<FaultInput, { kind: Kind }>

/** Faults of several kinds at once, each thrown for by itself: a mix for long runs. */
export const chaosInput = z.strictObject({
  ...when,
  /** `*`: every kind that can befall the operation. */
  kind: z.union([z.literal('*'), z.array(z.enum(faultKinds)).min(1)], `must be *, or a list of ${faultKinds.join(', ')}`),
  /** Of those, all but these. */
  except: z.array(z.enum(faultKinds)).default([]),
  latencyMs: z.int().min(1).max(600_000).default(200),
  delaySeconds: z.number().min(1).default(30),
})

/** The faults that a mix is made of, as faultInput takes them. */
export function mixed({ kind, except, latencyMs, delaySeconds, ...given }: z.infer<typeof chaosInput>): object[] {
  const { operation } = given
  const possible = (one: FaultKind) => operation === '*' || (befalls[one] as readonly Operation[]).includes(operation)
  return (kind === '*' ? faultKinds.filter(possible) : [...new Set(kind)])
    .filter((one) => !except.includes(one))
    .map((one) => ({
      ...given,
      kind: one,
      ...(one === 'latency' && { latencyMs }),
      ...(one === 'late' && { delaySeconds }),
    }))
}

/** The faults that one call meets. */
export class Fired {
  readonly #faults: Fault[]

  constructor(faults: readonly Fault[]) {
    this.#faults = [...faults]
  }

  get kinds(): FaultKind[] {
    return [...new Set(this.#faults.map((fault) => fault.kind))]
  }

  has(kind: FaultKind): boolean {
    return this.#faults.some((fault) => fault.kind === kind)
  }

  find<Kind extends FaultKind>(kind: Kind): FaultOf<Kind> | undefined {
    return this.all(kind)[0]
  }

  all<Kind extends FaultKind>(kind: Kind): FaultOf<Kind>[] {
    return this.#faults.filter((fault): fault is Fault & FaultOf<Kind> => fault.kind === kind)
  }

  /** Adds what the call met while it was worked on. */
  join(other: Fired): void {
    this.#faults.push(...other.#faults)
  }
}

export class Faults {
  /** For what a fault picks, other than whether it strikes. */
  readonly random: Random
  #faults: Fault[] = []
  #made = 0
  /** By fault, operation and seller: so that the nth call of each meets the same, in whatever order calls of several come. */
  readonly #dice = new Map<string, Random>()
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
    this.random = createRandom(seed)
  }

  add(input: FaultInput): Fault {
    const fault: Fault = { ...input, id: `fault-${++this.#made}`, calls: 0, fired: 0 }
    this.#faults.push(fault)
    return fault
  }

  list(): readonly Fault[] {
    return this.#faults
  }

  remove(id: string): boolean {
    const before = this.#faults.length
    this.#faults = this.#faults.filter((fault) => fault.id !== id)
    return this.#faults.length < before
  }

  clear(): void {
    this.#faults = []
    this.#dice.clear()
  }

  /** Counts the call (or, with `late` orders, the new order) against every fault that fits, and tells which befall it. */
  fire(operation: Operation, sellerId: string | null, fits: (fault: Fault) => boolean = () => true): Fired {
    if (this.#faults.length === 0) return new Fired([])
    return new Fired(
      this.#faults.filter((fault) => this.#meant(fault, operation, sellerId) && fits(fault) && this.#strikes(fault, operation, sellerId)),
    )
  }

  #meant(fault: Fault, operation: Operation, sellerId: string | null): boolean {
    const possible: readonly Operation[] = befalls[fault.kind]
    if (fault.operation === '*' ? !possible.includes(operation) : fault.operation !== operation) return false
    return fault.sellerId === undefined || fault.sellerId === sellerId
  }

  #strikes(fault: Fault, operation: Operation, sellerId: string | null): boolean {
    fault.calls++
    if (fault.calls <= (fault.afterCalls ?? 0)) return false
    if (fault.times !== undefined && fault.fired >= fault.times) return false
    if (fault.rate !== undefined && !this.#diceOf(fault, `${operation} ${sellerId}`).chance(fault.rate)) return false
    fault.fired++
    return true
  }

  #diceOf(fault: Fault, whose: string): Random {
    const key = `${fault.id} ${whose}`
    let dice = this.#dice.get(key)
    if (dice === undefined) {
      dice = createRandom(seedOf(this.#seed + Number(fault.id.slice('fault-'.length)), fault, whose))
      this.#dice.set(key, dice)
    }
    return dice
  }
}

/** A fault's own seed stirred with the words (FNV-1a): near seeds and near words are to give unlike dice. */
function seedOf(fallback: number, { seed, kind }: Fault, whose: string): number {
  let hash = 0x811c9dc5 ^ (seed ?? fallback)
  for (const letter of `${kind} ${whose}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}
