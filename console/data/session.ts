// Who is signed in: a token in this tab, or on this computer where that was asked for; or a person by the identity provider.
import { settings } from './settings.ts'

const TOKEN = 'cartage.token'
const OIDC = 'cartage.oidc'

export interface Session {
  /** Asked before each request: an identity provider's are renewed. */
  token: () => string | Promise<string>
  byProvider: boolean
}

/** A link that signs in bears the token in its fragment; nobody who looks at the address bar, or back in the history, sees it. */
export function takeTokenFromAddress(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return
  history.replaceState(null, '', location.pathname + location.search)
  forget()
  keepToken(token, false)
}

export function keepToken(token: string, remember: boolean): void {
  forget()
  const store = remember ? localStorage : sessionStorage
  store.setItem(TOKEN, token)
}

export function currentSession(): Session | null {
  const token = sessionStorage.getItem(TOKEN) ?? localStorage.getItem(TOKEN)
  if (token !== null) return { token: () => token, byProvider: false }
  if (sessionStorage.getItem(OIDC) !== null && settings().oidc !== null) return { token: async () => (await import('./oidc.ts')).accessToken(), byProvider: true }
  return null
}

export function forget(): void {
  sessionStorage.removeItem(TOKEN)
  localStorage.removeItem(TOKEN)
  sessionStorage.removeItem(OIDC)
  for (const key of Object.keys(sessionStorage)) if (key.startsWith('cartage.live')) sessionStorage.removeItem(key)
}

export const noteProvider = (): void => {
  forget()
  sessionStorage.setItem(OIDC, '1')
}
