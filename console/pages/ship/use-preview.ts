import { useEffect, useRef, useState } from 'react'
import { GatewayError } from '../../../src/client/gateway-error.ts'
import { useGateway } from '../../data/ask.ts'
import { PreviewShippingDocument, type PreviewShippingQuery, type ShipAndCloseInput } from '../../generated/documents.ts'

export type Result = PreviewShippingQuery['shipAndClosePreview']['results'][number]
export type Wrong = Result['userErrors'][number]

export interface Preview {
  results: ReadonlyMap<string, Result>
  /** Of the call as a whole. */
  userErrors: readonly Wrong[]
  error: GatewayError | null
  /** Whether it is of what is filled in right now. */
  current: boolean
}

const none: Preview = { results: new Map(), userErrors: [], error: null, current: false }
const PAUSE_MS = 300

/** What the call would do, asked whenever what is filled in has rested for a moment. Null: nothing to ask. */
export function usePreview(input: ShipAndCloseInput | null): Preview {
  const { request, network } = useGateway()
  const key = JSON.stringify(input)
  const latest = useRef(input)
  latest.current = input
  const [preview, setPreview] = useState<{ of: string; preview: Preview }>({ of: '', preview: none })
  useEffect(() => {
    if (latest.current === null) return
    const stop = new AbortController()
    const ask = async (): Promise<void> => {
      try {
        const { shipAndClosePreview: answer } = await request(PreviewShippingDocument, { input: latest.current! }, { signal: stop.signal })
        setPreview({ of: key, preview: { results: new Map(answer.results.map((one) => [one.orderId, one])), userErrors: answer.userErrors, error: null, current: true } })
      } catch (error) {
        if (stop.signal.aborted) return
        const failure = error instanceof GatewayError ? error : new GatewayError({ code: 'BAD_RESPONSE', message: String(error) })
        if (failure.code !== 'NETWORK_ERROR') return setPreview(({ preview: before }) => ({ of: key, preview: { ...before, error: failure, current: true } }))
        network.lost()
        await network.whenReached()
        if (!stop.signal.aborted) await ask()
      }
    }
    const timer = setTimeout(() => void ask(), PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [key, request, network])
  return preview.of === key ? preview.preview : { ...preview.preview, current: false }
}
