// Faults on demand: which calls fail, how often, and in which way.
import { z } from 'zod'
import type { Random } from './random.ts'
import { type Operation, operations, sellerOperations } from './quota.ts'

/** The operations that each kind can befall; `*` means all of them. */
const befalls = {
  latency: operations,
  throttle: operations,
  'throttle-without-header': operations,
  error: operations,
  reset: operations,
  'reset-after': operations,
  truncated: ['searchOrders', 'getOrder', 'patchListingsItem', 'getListingsItem', 'token'],
  malformed: ['searchOrders', 'getOrder', 'patchListingsItem', 'getListingsItem', 'token'],
  'expired-token': sellerOperations,
  'missing-role': sellerOperations,
  revoked: operations,
  reject: ['confirmShipment', 'patchListingsItem'],
  late: ['searchOrders', 'confirmShipment', 'patchListingsItem'],
  'duplicate-page': ['searchOrders'],
} as const satisfies Record<string, readonly Operation[]>
export type FaultKind = keyof typeof befalls
export const faultKinds = Object.keys(befalls) as FaultKind[]

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
      z.strictObject({ ...when, kind: z.literal('reject'), code: z.string().min(1).optional(), message: z.string().min(1).optional() }),
      z.strictObject({ ...when, kind: z.literal('late'), delaySeconds: z.number().min(1).default(300) }),
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

/** The faults that one call meets, at most one of each kind. */
export class Fired {
  readonly #faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    this.#faults = faults
  }

  get kinds(): FaultKind[] {
    return this.#faults.map((fault) => fault.kind)
  }

  has(kind: FaultKind): boolean {
    return this.#faults.some((fault) => fault.kind === kind)
  }

  find<Kind extends FaultKind>(kind: Kind): FaultOf<Kind> | undefined {
    return this.#faults.find((fault): fault is Fault & FaultOf<Kind> => fault.kind === kind)
  }
}

export class Faults {
  #faults: Fault[] = []
  #made = 0
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
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
  }

  /** Counts the call (or, with `late` orders, the new order) against every fault that fits, and tells which befall it. */
  fire(operation: Operation, sellerId: string | null, kind: (kind: FaultKind) => boolean = () => true): Fired {
    if (this.#faults.length === 0) return new Fired([])
    return new Fired(this.#faults.filter((fault) => kind(fault.kind) && this.#fits(fault, operation, sellerId) && this.#strikes(fault)))
  }

  #fits(fault: Fault, operation: Operation, sellerId: string | null): boolean {
    const possible: readonly Operation[] = befalls[fault.kind]
    if (fault.operation === '*' ? !possible.includes(operation) : fault.operation !== operation) return false
    return fault.sellerId === undefined || fault.sellerId === sellerId
  }

  #strikes(fault: Fault): boolean {
    fault.calls++
    if (fault.calls <= (fault.afterCalls ?? 0)) return false
    if (fault.times !== undefined && fault.fired >= fault.times) return false
    if (fault.rate !== undefined && !this.#random.chance(fault.rate)) return false
    fault.fired++
    return true
  }
}
