import { Button, Checkbox, PasswordInput } from '@mantine/core'
import icon from '../icon.svg'
import { type FormEvent, type ReactElement, useEffect, useState } from 'react'
import type { GatewayError } from '../../src/client/gateway-error.ts'
import { createClient } from '../../src/client/request.ts'
import { keepToken, noteProvider } from '../data/session.ts'
import { settings } from '../data/settings.ts'
import { ViewerDocument } from '../generated/documents.ts'

interface Props {
  /** Why the last session is over. */
  ended: string | null
  onSignedIn: (to?: string) => void
}

export function SignIn({ ended, onSignedIn }: Props): ReactElement {
  const { oidc, embedded } = settings()
  const [token, setToken] = useState('')
  const [remember, setRemember] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  useEffect(() => {
    document.title = 'Sign in · Cartage'
    if (location.pathname !== '/signed-in') return
    import('../data/oidc.ts').then(({ returnFromProvider }) => returnFromProvider()).then((to) => {
      noteProvider()
      onSignedIn(to)
    }, (error: unknown) => {
      history.replaceState(null, '', '/sign-in')
      setProblem(`The identity provider did not sign you in: ${error instanceof Error ? error.message : String(error)}`)
    })
  }, [onSignedIn])

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const given = token.trim()
    if (given === '') return setProblem('Paste the token that you were given.')
    setBusy(true)
    setProblem(null)
    try {
      await createClient({ url: new URL('/graphql', location.href).href, token: given, trusted: settings().trusted }).request(ViewerDocument)
      keepToken(given, remember)
      onSignedIn(location.pathname === '/sign-in' ? '/orders' : undefined)
    } catch (error) {
      const { code, message } = error as GatewayError
      setProblem(code === 'UNAUTHENTICATED' ? 'The gateway does not know this token, or it has ended.' : message)
    } finally {
      setBusy(false)
    }
  }

  async function byProvider(): Promise<void> {
    const { leaveForProvider } = await import('../data/oidc.ts')
    const here = location.pathname + location.search
    await leaveForProvider(/^\/(sign-in|signed-in)/.test(here) ? '/orders' : here).catch((error: unknown) => setProblem(`The identity provider cannot be reached: ${String(error)}`))
  }

  return (
    <div className="sign">
      <main className="stack" style={{ gap: 14 }}>
        <div className="row"><img src={icon} alt="" width={26} height={26} /><h1 style={{ fontSize: 18 }}>Cartage</h1></div>
        {ended === null ? null : <p className="notice warn" role="status">{ended}</p>}
        {oidc === null ? null : (
          <>
            <Button size="sm" onClick={() => void byProvider()}>Sign in with {new URL(oidc.issuer).hostname}</Button>
            <p className="dim" style={{ textAlign: 'center' }}>or by token</p>
          </>
        )}
        <form className="stack" style={{ gap: 12 }} onSubmit={(event) => void submit(event)}>
          <PasswordInput label="Token" size="sm" autoFocus autoComplete="current-password" value={token} onChange={(event) => setToken(event.currentTarget.value)} error={problem} visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }} />
          <Checkbox size="sm" label="Remember on this computer" checked={remember} onChange={(event) => setRemember(event.currentTarget.checked)} />
          <Button type="submit" size="sm" loading={busy} variant={oidc === null ? 'filled' : 'default'}>Sign in</Button>
        </form>
        {embedded ? <p className="dim">The link that the gateway printed when it started signs you in. Its token is kept in <span className="mono">.cartage/admin-token</span>.</p> : null}
      </main>
    </div>
  )
}
