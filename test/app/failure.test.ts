import { expect, test } from 'vitest'
import { failureOf } from '../../src/app/jobs.ts'
import { ChannelError } from '../../src/marketplaces/channel.ts'

test('only a refused authorization is UNAUTHORIZED, which stops its connection; a refused application is the gateway\'s own matter', () => {
  expect(failureOf(new ChannelError('unauthorized', 'token: invalid_grant', { code: 'invalid_grant' }))).toMatchObject({ code: 'UNAUTHORIZED', retryInSeconds: null })
  expect(failureOf(new ChannelError('unauthorized', 'token: invalid_client', { code: 'invalid_client' }))).toMatchObject({ code: 'APPLICATION_REFUSED', retryInSeconds: 60 })
  expect(failureOf(new ChannelError('throttled', 'over budget', { retryAfterMs: 90_500 }))).toMatchObject({ code: 'THROTTLED', retryInSeconds: 91 })
  expect(failureOf(new Error('a secret'))).toMatchObject({ code: 'INTERNAL', message: expect.not.stringContaining('secret') })
})
