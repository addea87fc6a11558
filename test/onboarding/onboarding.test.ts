import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { supportedActions, waitingFor } from '../../src/connections/connection.ts'
import { type AgreementStatus, type OnboardingFacts, onboardingOf, type OnboardingRules, type OnboardingStage } from '../../src/onboarding/onboarding.ts'
import { A_DAY, afterBusinessHours } from '../../src/onboarding/promise.ts'

const start = new Date('2026-11-18T15:00:00Z') // a Wednesday morning in Chicago
const hoursOn = (hours: number): Date => new Date(start.getTime() + hours * 3_600_000)
const signing: OnboardingRules = { timeZone: 'America/Chicago', holidays: ['2026-11-26'], agreementNeeded: true }
const passed = [{ name: 'TOKEN', passed: true, message: 'fine' }, { name: 'MARKETPLACE', passed: true, message: 'fine' }] as const
const failed = [{ name: 'ORDERS_ROLE', passed: false, message: 'the application may not read orders' }] as OnboardingFacts['checks']

const asked: OnboardingFacts = {
  status: 'ONBOARDING', createdAt: start, inventorySync: false, surveyedAt: start, surveyedBy: 'Ada', agreementStatus: null, agreementReason: null, signedAt: null, signedBy: null, endedAt: null,
  authorizedAt: null, authorizedBy: null, testedAt: null, testedBy: null, checks: null, liveAt: null, liveBy: null, turnaroundHours: 48,
}
const events = {
  sent: () => ({ agreementStatus: 'SENT', signedBy: 'Ada' }), // whom it was sent to is known before they sign
  declined: (at) => ({ agreementStatus: 'DECLINED', agreementReason: 'too dear', endedAt: at }),
  voided: (at) => ({ agreementStatus: 'VOIDED', agreementReason: null, endedAt: at }),
  signed: (at) => ({ agreementStatus: 'SIGNED', agreementReason: null, endedAt: null, signedAt: at, signedBy: 'Ada' }),
  authorized: (at) => ({ authorizedAt: at, authorizedBy: 'Ada' }),
  tested: (at) => ({ testedAt: at, testedBy: 'Tom', checks: passed }),
  testFailed: (at) => ({ testedAt: at, testedBy: 'Tom', checks: failed }),
} satisfies Record<string, (at: Date) => Partial<OnboardingFacts>>
type Happening = keyof typeof events
const after = (happenings: readonly Happening[], hourEach = 1): OnboardingFacts =>
  happenings.reduce<OnboardingFacts>((facts, what, index) => ({ ...facts, ...events[what](hoursOn((index + 1) * hourEach)) as Partial<OnboardingFacts> }), asked)

const stages: OnboardingStage[] = ['SURVEY', 'AGREEMENT', 'AUTHORIZATION', 'SETUP', 'LIVE']
const happenings = fc.array(fc.constantFrom(...(Object.keys(events) as Happening[])), { maxLength: 10 })
const aRules = fc.record({ timeZone: fc.constant('America/Chicago'), holidays: fc.constantFrom([], ['2026-11-26']), agreementNeeded: fc.boolean() })
const standingOf = (facts: OnboardingFacts, { agreementNeeded }: OnboardingRules) => ({ ...facts, agreed: !agreementNeeded || facts.signedAt !== null, consents: true })
const stepOf = (facts: OnboardingFacts, stage: OnboardingStage, rules = signing) => onboardingOf(facts, rules, start).steps[stages.indexOf(stage)]!

describe('whatever has happened, in whatever order', () => {
  test('the steps are the same five, each done by somebody or waiting for something, and the stage is the first that waits', () => {
    fc.assert(fc.property(happenings, aRules, (happened, rules) => {
      const { stage, steps } = onboardingOf(after(happened), rules, start)
      expect(steps.map((step) => step.stage)).toEqual(stages)
      for (const { stage, doneAt, doneBy, waitingFor } of steps) {
        expect([stage, waitingFor === null]).toEqual([stage, doneAt !== null])
        if (doneAt === null) expect([stage, doneBy]).toEqual([stage, null])
      }
      expect(stage).toBe(steps.find(({ doneAt }) => doneAt === null)!.stage)
    }))
  })

  test('the order makes no difference to what is done', () => {
    fc.assert(fc.property(fc.shuffledSubarray(['signed', 'authorized'] as const, { minLength: 0 }), aRules, (happened, rules) => {
      const done = onboardingOf(after(happened), rules, start).steps.flatMap(({ stage, doneAt }) => (doneAt === null ? [] : [stage]))
      expect(done).toEqual(['SURVEY', ...(!rules.agreementNeeded || happened.includes('signed') ? ['AGREEMENT'] : []), ...(happened.includes('authorized') ? ['AUTHORIZATION'] : [])])
    }))
  })

  test('it may go live exactly when the three steps before it are done: never unauthorized, never unsigned where that is needed', () => {
    fc.assert(fc.property(happenings, aRules, (happened, rules) => {
      const facts = after(happened)
      const { steps } = onboardingOf(facts, rules, start)
      const ready = steps.slice(0, 4).every(({ doneAt }) => doneAt !== null)
      expect(waitingFor(standingOf(facts, rules)).length === 0).toBe(ready)
      expect(supportedActions(standingOf(facts, rules), 'OPERATOR').find(({ action }) => action === 'goLive')!.allowed).toBe(ready)
      if (facts.authorizedAt === null || (rules.agreementNeeded && facts.signedAt === null)) expect(ready).toBe(false)
    }))
  })

  test('the warehouse has promised something exactly while it is its turn, and is overdue once that has passed', () => {
    fc.assert(fc.property(happenings, aRules, fc.integer({ min: -10, max: 400 }), (happened, rules, hours) => {
      const facts = after(happened)
      const { dueAt, overdue } = onboardingOf(facts, rules, hoursOn(hours))
      const agreed = !rules.agreementNeeded || facts.signedAt !== null
      const merchants = agreed ? facts.authorizedAt === null : facts.agreementStatus === 'SENT'
      expect(dueAt === null).toBe(merchants)
      expect(overdue).toBe(dueAt !== null && dueAt < hoursOn(hours))
    }))
  })
})

describe('the agreement', () => {
  test('is due a business day after the survey, and again after one was declined or withdrawn', () => {
    expect(onboardingOf(asked, signing, start).dueAt).toEqual(hoursOn(24))
    for (const ended of ['declined', 'voided'] as const) {
      const { dueAt } = onboardingOf(after(['sent', ended], 30), signing, start) // 60 hours on it is Friday evening
      expect(dueAt).toEqual(afterBusinessHours(hoursOn(60), A_DAY, signing))
      expect(dueAt!.toISOString()).toBe('2026-11-24T03:00:00.000Z')
    }
  })

  const words: [AgreementStatus | null, RegExp][] = [
    [null, /^the warehouse sends the agreement$/], ['NOT_SENT', /handed to whoever has it signed/], ['SENT', /^the merchant signs/],
    ['DECLINED', /another agreement: the signer declined \(too dear\)/], ['VOIDED', /another agreement: the last one was withdrawn \(too dear\)/],
  ]
  test.each(words)('that is %s says whose turn it is', (agreementStatus, waits) => {
    expect(stepOf({ ...asked, agreementStatus, agreementReason: agreementStatus === 'DECLINED' || agreementStatus === 'VOIDED' ? 'too dear' : null }, 'AGREEMENT').waitingFor).toMatch(waits)
  })

  test('is needed by nobody where the gateway has none signed', () => {
    expect(onboardingOf(after(['authorized']), { ...signing, agreementNeeded: false }, start)).toMatchObject({ stage: 'SETUP', steps: [{}, { stage: 'AGREEMENT', doneAt: start, waitingFor: null }, {}, {}, {}] })
  })
})

describe('set-up', () => {
  test('is due so many hours of business days after the last that was needed, signature or authorization', () => {
    fc.assert(fc.property(fc.constantFrom(['signed', 'authorized'] as const, ['authorized', 'signed'] as const), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 24, max: 96 }), (order, hours, turnaroundHours) => {
      expect(onboardingOf({ ...after(order, hours), turnaroundHours }, signing, start).dueAt).toEqual(afterBusinessHours(hoursOn(2 * hours), turnaroundHours, signing))
    }))
  })

  test('waits for the authorization, then for a test since, then for what failed in it', () => {
    expect(stepOf(after(['signed']), 'SETUP').waitingFor).toBe('the authorization')
    expect(stepOf(after(['signed', 'authorized']), 'SETUP').waitingFor).toMatch(/was not tested/)
    expect(stepOf(after(['tested', 'authorized']), 'SETUP').waitingFor).toMatch(/not tested since it was authorized/)
    expect(stepOf(after(['authorized', 'testFailed']), 'SETUP').waitingFor).toBe('the application may not read orders')
    expect(stepOf(after(['authorized', 'testFailed', 'tested']), 'SETUP')).toMatchObject({ doneAt: hoursOn(3), doneBy: 'Tom', waitingFor: null })
  })
})

describe('once it is live', () => {
  const live: OnboardingFacts = { ...after(['sent', 'signed', 'authorized', 'tested']), status: 'LIVE', liveAt: hoursOn(9), liveBy: 'Tom' }
  test('nothing waits, and nothing is due, however late it is', () => {
    const { stage, steps, dueAt, overdue } = onboardingOf(live, signing, hoursOn(10_000))
    expect([stage, steps.map(({ waitingFor }) => waitingFor), dueAt, overdue]).toEqual(['LIVE', [null, null, null, null, null], null, false])
  })

  test('it has done every step, also where steps were not kept yet', () => {
    const old: OnboardingFacts = { ...asked, surveyedAt: null, surveyedBy: null, status: 'PAUSED', liveAt: hoursOn(3) }
    expect(onboardingOf(old, signing, hoursOn(500))).toMatchObject({ stage: 'LIVE', overdue: false, steps: [{ doneAt: start }, { doneAt: hoursOn(3) }, { doneAt: hoursOn(3) }, { doneAt: hoursOn(3) }, { doneAt: hoursOn(3) }] })
  })
})
