// Whose rows a store may touch is in its signature: who calls it must bring a Scope, whose tenant is the first value of the statement.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '../../src')

/** Functions without one, by file: what is it that they may do without? */
const unscoped: Record<string, Partial<Record<'within' | 'everybody' | 'proof', string[]>>> = {
  // within: rows that the caller has read or locked within its scope, in the same transaction.
  // everybody: workers, pumps, chores and metrics, which no request reaches.
  // proof: the caller holds a secret that names the row.
  'connections/budgets.store.ts': { everybody: ['budgetLedger'] },
  'connections/cadences.store.ts': { within: ['insertCadences', 'deriveCadences', 'setCadenceSeconds', 'makeCadencesDue'] },
  'connections/connections.store.ts': { within: ['insertConnection'] },
  'connections/consents.store.ts': { proof: ['useConsent'] },
  'connections/expiry.store.ts': { everybody: ['authorizationDaysLeft'] },
  'connections/health.store.ts': { everybody: ['importLags', 'scarcestBudgets', 'connectionStatuses', 'wholeBacklog'] },
  'connections/job-runs.store.ts': { within: ['queueJobRun'], everybody: ['jobRunsWatched'] },
  'customers/customers.store.ts': { within: ['nameOfCustomer'] },
  'customers/warehouses.store.ts': { within: ['insertWarehouse', 'timeZoneOfWarehouse'] },
  'inventory/listing-records.store.ts': { within: ['recordTaken', 'takenSince', 'recordUnsure', 'recordRefused', 'recordRead', 'recordWaiting', 'forgetListings'] },
  'inventory/stock.store.ts': { within: ['moveStock', 'lockItems'] },
  'inventory/submissions.store.ts': { within: ['insertSubmission'] },
  'jobs/postgres-clock.store.ts': { everybody: ['postgresClockStore'] },
  'jobs/runs.store.ts': { everybody: ['addToReceipt', 'setWindow'] },
  'mail/mails.store.ts': { everybody: ['claimMails', 'settleMail', 'waitingMails', 'keepMails', 'listMails', 'readMail'] },
  'notifications/contacts.store.ts': { proof: ['stopContactRow', 'contactOfMail', 'forgetPlansOfContact'] },
  'notifications/incidents.store.ts': {
    within: ['forgetOtherTopics', 'waitingNotices', 'moveNotices'],
    everybody: ['readCauses', 'listenedTo', 'raiseIncidents', 'clearSubjects', 'settleIncidents', 'contactsOfIncidents', 'planNotices', 'lockDueContacts', 'dueIncidentsOf', 'markTold', 'forgetIncidents'],
  },
  'onboarding/agreements.store.ts': { proof: ['agreementIdOf'] },
  'onboarding/setup-links.store.ts': { proof: ['useSetupLink', 'setupLinkOfSession', 'bindSetupLink'], within: ['setupLinksSince', 'isSetupTakenBack'], everybody: ['queued'] },
  'orders/import.store.ts': { within: ['insertLines', 'recordSightings', 'lockFailuresByNumber', 'recordFailures', 'resolveFailures'] },
  'webhooks/deliveries.store.ts': { everybody: ['removeDeliveriesBefore'] },
  'webhooks/lanes.store.ts': { everybody: ['wakeWebhooks', 'claimLanes', 'recordDelivered', 'recordFailed', 'endLane', 'claimRedeliveries', 'settleRedelivery', 'connectionName', 'failingWebhooks'] },
}

test('a store function takes a Scope, or is known to do without', async () => {
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.store.ts')).sort()
  const found: Record<string, string[]> = {}
  for (const file of files) {
    const text = await readFile(path.join(root, file), 'utf8')
    const without = [...text.matchAll(/^export (?:async )?(?:function|const) (\w+)([\s\S]*?)(?:\n(?=export|\/\*\*|const|type|interface|\n)|$)/gm)]
      .filter(([whole]) => /(?:function \w+|= (?:async )?)(?:<[^>]*>)?\(/.test(whole) && !/\bScope\b|\bViewer\b|defineLoader/.test(whole.split(/=>|\{\n/)[0]! + (whole.includes('defineLoader') ? 'Scope' : '')) && /\b(Tx|Queryable|Pool)\b/.test(whole))
      .map(([, name]) => name!)
    if (without.length > 0) found[file] = without
  }
  const sorted = (names: readonly string[]): string[] => [...names].sort()
  expect(Object.fromEntries(Object.entries(found).map(([file, names]) => [file, sorted(names)]))).toEqual(Object.fromEntries(Object.entries(unscoped).map(([file, kinds]) => [file, sorted(Object.values(kinds).flat())])))
})

test('no resolver calls one that has none', async () => {
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.resolver.ts'))
  const names = Object.values(unscoped).flatMap((kinds) => Object.values(kinds).flat())
  expect(files.length).toBeGreaterThan(15)
  for (const file of files) {
    const text = await readFile(path.join(root, file), 'utf8')
    expect(names.filter((name) => new RegExp(`\\b${name}\\b`).test(text)), file).toEqual([])
  }
})
