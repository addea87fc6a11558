import { type ReactElement, useEffect } from 'react'
import { useLocation } from 'wouter'
import { useAsk } from '../../data/ask.ts'
import { Head } from '../../frame/frame.tsx'
import { ShipmentOrderDocument } from '../../generated/documents.ts'

/** A package is shown with its order. */
export default function ShipmentPage({ id }: { id: string }): ReactElement {
  const [, go] = useLocation()
  const { data, error, loading } = useAsk(ShipmentOrderDocument, { id })
  const order = data?.shipment?.order.id
  useEffect(() => {
    if (order !== undefined) go(`/orders/${order}`, { replace: true })
  }, [order, go])
  return <><Head name="Package" /><div className="empty" role="status">{error !== null ? error.message : loading || order !== undefined ? 'Looking…' : 'There is no such package that you may see.'}</div></>
}
