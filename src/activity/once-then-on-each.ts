/** `value` at once, and again on each of the `events`; these are to begin before what the value stands for is read. */
export function onceThenOnEach<T>(value: T, events: AsyncIterableIterator<unknown>): AsyncIterableIterator<T> {
  let first = true
  return {
    async next() {
      if (first) {
        first = false
        return { value, done: false }
      }
      const { done } = await events.next()
      return done === true ? { value: undefined, done } : { value, done: false }
    },
    async return() {
      await events.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
