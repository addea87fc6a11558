import type { ExecutionResult } from 'graphql'

const none: IteratorReturnResult<undefined> = { done: true, value: undefined }

/**
 * The one answer of a query as graphql-ws takes a stream: of a stream it ends the operation as soon as its client completes it, of a bare
 * promise only once that has settled.
 */
export function singleAnswer(answer: Promise<ExecutionResult>): AsyncIterableIterator<ExecutionResult, undefined> {
  let leave!: () => void
  const left = new Promise<typeof none>((resolve) => (leave = () => resolve(none)))
  let asked = false
  return {
    async next() {
      if (asked) return none
      asked = true
      return Promise.race([left, answer.then((value) => ({ done: false as const, value }))])
    },
    async return() {
      leave()
      return none
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
