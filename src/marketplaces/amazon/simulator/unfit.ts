import type { z } from 'zod'
import { parseJson } from './parse.ts'

/** A request of the control API that cannot be done as it stands; the message says why. */
export class Unfit extends Error {
  readonly statusCode: 400 | 404 | 409

  constructor(statusCode: 400 | 404 | 409, message: string) {
    super(message)
    this.name = 'Unfit'
    this.statusCode = statusCode
  }
}

/** The input of that shape. @throws Unfit with all problems in words. */
export function fit<Shape extends z.ZodType>(shape: Shape, input: unknown): z.output<Shape> {
  const read = shape.safeParse(input)
  if (read.success) return read.data
  throw new Unfit(
    400,
    read.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; '),
  )
}

/** As fit, of a body's JSON; no body is an empty object. */
export const fitBody = <Shape extends z.ZodType>(shape: Shape, body: string | undefined): z.output<Shape> => fit(shape, jsonOf(body))

/** A body's JSON; no body is an empty object. @throws Unfit where it is none. */
export function jsonOf(body: string | undefined): unknown {
  if (body === undefined || body.trim() === '') return {}
  const json = parseJson(body)
  if (json === undefined) throw new Unfit(400, 'the body is not JSON')
  return json
}
