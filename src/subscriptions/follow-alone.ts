import type { Answer } from './operation.ts'
import type { Payload, Sink } from './sink.ts'

/** A stream that is nobody else's: any async iterable that a subscription's resolver returns. It is asked for more once the sink has room. */
export function followAlone(stream: AsyncIterable<unknown>, execute: (root: unknown) => Promise<Answer>, sink: Sink): () => void {
  const events = stream[Symbol.asyncIterator]()
  let left = false
  const pass = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await events.next()
      if (left) return
      if (done === true) return sink.complete()
      const payload: Payload = { place: '', ...(await execute(value)) }
      if (left) return
      while (sink.write([payload]) === 0) {
        await new Promise<void>((resolve) => sink.onceDrained(resolve))
        if (left) return
      }
    }
  }
  void pass().catch((error: unknown) => {
    if (!left) sink.fail(error as Error)
  })
  return () => {
    left = true
    events.return?.().catch(() => {}) // nobody is there to be told
  }
}
