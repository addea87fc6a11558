// Sign-in by an OpenID Connect provider: authorization code with PKCE. Loaded where it is used.
import { UserManager, WebStorageStateStore } from 'oidc-client-ts'
import { settings } from './settings.ts'

let made: UserManager | undefined

function manager(): UserManager {
  const { issuer, clientId, scope } = settings().oidc!
  return (made ??= new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${location.origin}/signed-in`,
    post_logout_redirect_uri: `${location.origin}/sign-in`,
    response_type: 'code',
    scope,
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false, // a token is renewed when it is asked for
    monitorSession: false,
  }))
}

/** Leaves for the provider; it sends back to /signed-in. */
export const leaveForProvider = (back: string): Promise<void> => manager().signinRedirect({ state: back })

/** Where the person was going. @throws where the provider refused */
export async function returnFromProvider(): Promise<string> {
  const user = await manager().signinCallback()
  return typeof user?.state === 'string' ? user.state : '/'
}

/** Within a minute of its end a token is renewed by the refresh token. @throws where there is none, or it is refused: sign in anew */
export async function accessToken(): Promise<string> {
  const user = await manager().getUser()
  if (user !== null && (user.expires_in ?? Infinity) > 60) return user.access_token
  if (user?.refresh_token !== undefined) {
    const renewed = await manager().signinSilent()
    if (renewed !== null) return renewed.access_token
  }
  return user?.access_token ?? ''
}

export async function leaveProvider(): Promise<void> {
  await manager().removeUser()
}
