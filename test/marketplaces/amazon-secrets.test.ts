import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { application, grant, json, type Script, type ScriptedAmazon, scriptedAmazon } from './scripted-amazon.ts'

const signal = new AbortController().signal
let amazon: ScriptedAmazon
afterEach(() => amazon.stop())

describe('client secrets', () => {
  /** Login with Amazon that takes one secret. */
  const taking = (secret: () => string): Script => ({ body }) =>
    new URLSearchParams(body).get('client_secret') === secret() ? grant() : json({ error: 'invalid_client', error_description: 'Client authentication failed' }, 401)
  const asked = (): (string | null)[] => amazon.tokensAsked.map(({ body }) => new URLSearchParams(body).get('client_secret'))
  const of = (...clientSecrets: [string, ...string[]]) => ({ application: { ...application, clientSecrets } })
  const tryOut = (channel = amazon.channel): Promise<unknown> => channel.testAccount(amazon.account, signal)
  const get = (): Promise<unknown> => amazon.channel.getOrder(amazon.account, '111-1111111-1111111', signal)
  const marketplaces: Script = () => json({ payload: [] })

  it('are tried from the newest to the oldest, for each new token anew', async () => {
    let current = 'former'
    amazon = await scriptedAmazon(marketplaces, { tokens: taking(() => current), ...of('next', 'former', 'first') })
    await tryOut()
    expect(asked()).toEqual(['next', 'former'])
    current = 'first'
    await tryOut()
    expect(asked().slice(2)).toEqual(['next', 'former', 'first'])
    await tryOut()
    expect(asked().slice(5)).toEqual(['next', 'first'])
    current = 'next'
    await tryOut()
    expect(asked().slice(7)).toEqual(['next'])
    const notes = amazon.logged.map((line) => (JSON.parse(line) as { msg: string }).msg).filter((msg) => /client secret/.test(msg))
    expect(notes).toEqual([
      'Amazon does not take the newest client secret; an older one serves',
      'Amazon does not take the newest client secret; an older one serves',
      'the newest client secret serves',
    ])
    for (const secret of ['former', '"next"', 'first']) expect(amazon.logged.join()).not.toContain(secret)
  })

  it('let one process go first in a rotation, and another last', async () => {
    let current = 'former'
    amazon = await scriptedAmazon(marketplaces, { tokens: taking(() => current) })
    const ahead = amazon.channelWith(of('next', 'former'))
    const behind = amazon.channelWith(of('former'))
    await Promise.all([tryOut(ahead), tryOut(behind)])
    current = 'next'
    await tryOut(ahead)
    expect(await behind.testAccount(amazon.account, signal)).toMatchObject({ checks: [{ name: 'TOKEN', passed: false }, {}, {}, {}, {}, {}] })
  })

  it('are none of them shown where all are refused', async () => {
    const echoing: Script = ({ body }) => json({ error: 'invalid_client', error_description: body }, 401)
    amazon = await scriptedAmazon(marketplaces, { tokens: echoing, ...of('next-secret', 'former-secret') })
    const error: unknown = await get().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'unauthorized', code: 'invalid_client' })
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/next-secret|former-secret/)
    expect(asked()).toEqual(['next-secret', 'former-secret'])
  })

  it('are not all tried for a grant that is refused', async () => {
    amazon = await scriptedAmazon(marketplaces, { tokens: () => json({ error: 'invalid_grant' }, 400), ...of('next', 'former') })
    await expect(get()).rejects.toMatchObject({ kind: 'unauthorized', code: 'invalid_grant' })
    expect(asked()).toEqual(['next'])
  })
})
