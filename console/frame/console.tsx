// Who is not signed in sees the sign-in page; who is, the pages.
import { Button, Loader } from '@mantine/core'
import { lazy, type ReactElement, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { GatewayContext, useAsk } from '../data/ask.ts'
import { connect } from '../data/gateway.ts'
import { currentSession, forget, type Session } from '../data/session.ts'
import { ViewerDocument } from '../generated/documents.ts'
import { toldOf } from '../kit/told.ts'
import FindOrders, { beginOrders } from '../pages/orders/find-orders.tsx' // what most people open first
import { Frame } from './frame.tsx'
import { SignIn } from './sign-in.tsx'
import { type Viewer, ViewerContext } from './viewer.ts'

const Dashboard = lazy(() => import('../pages/dashboard.tsx'))
const OrderPage = lazy(() => import('../pages/order/order-page.tsx'))
const ShipmentPage = lazy(() => import('../pages/order/shipment-page.tsx'))
const ShipAndClose = lazy(() => import('../pages/ship/ship-and-close.tsx'))
const Imports = lazy(() => import('../pages/imports/imports.tsx'))
const Inventory = lazy(() => import('../pages/inventory/inventory.tsx'))
const StockPage = lazy(() => import('../pages/inventory/stock-page.tsx'))
const Connections = lazy(() => import('../pages/connections/connections.tsx'))
const ConnectionPage = lazy(() => import('../pages/connections/connection-page.tsx'))
const Activity = lazy(() => import('../pages/activity.tsx'))
const Mailbox = lazy(() => import('../pages/mailbox.tsx'))

export function Console(): ReactElement {
  const [session, setSession] = useState<Session | null>(currentSession)
  const [ended, setEnded] = useState<string | null>(null)
  const [path, go] = useLocation()
  const signedIn = useCallback((to?: string) => {
    setEnded(null)
    setSession(currentSession())
    if (to !== undefined) go(to, { replace: true })
  }, [go])
  const leave = useCallback((why: string | null) => {
    forget()
    setEnded(why)
    setSession(null)
  }, [])
  if (session === null || path === '/signed-in') return <SignIn ended={ended} onSignedIn={signedIn} />
  return <SignedIn session={session} onLeave={leave} />
}

function SignedIn({ session, onLeave }: { session: Session; onLeave: (why: string | null) => void }): ReactElement {
  // Made as it is rendered first, so that the first question is on its way while the page is drawn.
  const [gateway] = useState(() => {
    const made = connect(session)
    beginOrders(made)
    return made
  })
  useEffect(() => {
    gateway.live.onEnded = ({ message }) => toldOf({ message: `Nothing is shown live any more (${message}): load the page anew.` }, true)
    gateway.onRefused = () => onLeave('The gateway does not take this token any more. Sign in again.')
    return () => gateway.stop()
  }, [gateway, onLeave])
  return (
    <GatewayContext.Provider value={gateway}>
      <Viewed session={session} onLeave={onLeave} />
    </GatewayContext.Provider>
  )
}

function Viewed({ session, onLeave }: { session: Session; onLeave: (why: string | null) => void }): ReactElement {
  const { data, error, again } = useAsk(ViewerDocument, {}, { policy: 'cache-first' })
  const [chosen, setChosen] = useState(() => localStorage.getItem('cartage.warehouse'))
  const viewer = useMemo<Viewer | null>(() => {
    if (data === undefined) return null
    const warehouse = data.warehouses.find(({ id }) => id === chosen) ?? data.warehouses[0] ?? null
    return {
      name: data.viewer.name, role: data.viewer.role, customers: data.viewer.customers, warehouses: data.warehouses, warehouse,
      zone: warehouse?.timeZone ?? 'UTC',
      works: data.viewer.role === 'ADMIN' || data.viewer.role === 'OPERATOR',
      chooseWarehouse(id) {
        localStorage.setItem('cartage.warehouse', id)
        setChosen(id)
      },
      leave: () => {
        if (session.byProvider) void import('../data/oidc.ts').then(({ leaveProvider }) => leaveProvider())
        onLeave(null)
      },
    }
  }, [data, chosen, session, onLeave])
  if (error !== null) return <div className="sign"><main className="stack"><h1>The gateway does not answer as it should</h1><p>{error.message}</p><Button onClick={again}>Try again</Button></main></div>
  if (viewer === null) return <div className="sign"><Loader size="sm" aria-label="Loading" /></div>
  return (
    <ViewerContext.Provider value={viewer}>
      <Frame>
        <Suspense fallback={<div className="head" />}>
          <Switch>
            <Route path="/orders" component={FindOrders} />
            <Route path="/orders/:id">{({ id }) => <OrderPage key={id} id={id} />}</Route>
            <Route path="/shipments/:id">{({ id }) => <ShipmentPage id={id} />}</Route>
            <Route path="/ship" component={ShipAndClose} />
            <Route path="/imports" component={Imports} />
            <Route path="/inventory" component={Inventory} />
            <Route path="/inventory/:id">{({ id }) => <StockPage key={id} id={id} />}</Route>
            <Route path="/connections" component={Connections} />
            <Route path="/connections/:id">{({ id }) => <ConnectionPage key={id} id={id} />}</Route>
            <Route path="/activity" component={Activity} />
            <Route path="/mail" component={Mailbox} />
            <Route component={Dashboard} />
          </Switch>
        </Suspense>
      </Frame>
    </ViewerContext.Provider>
  )
}
