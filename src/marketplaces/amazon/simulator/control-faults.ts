import { chaosInput, type FaultInput, faultInput, mixed } from './faults.ts'
import type { State } from './state.ts'
import { fit, fitBody, jsonOf, Unfit } from './unfit.ts'

/** One fault, or, where `kind` is a list or `*`, one of each kind. */
export function addFaults(state: State, body: string | undefined): object {
  const { kind } = Object(jsonOf(body)) as { kind?: unknown }
  if (kind !== '*' && !Array.isArray(kind)) return { id: add(state, fitBody(faultInput, body)) }
  const inputs = mixed(fitBody(chaosInput, body)).map((input) => fit(faultInput, input))
  return { ids: inputs.map((input) => add(state, input)) }
}

function add(state: State, input: FaultInput): string {
  if (input.sellerId !== undefined && !state.sellers.has(input.sellerId))
    throw new Unfit(400, `sellerId: there is no seller ${input.sellerId}`)
  return state.faults.add(input).id
}
