// What is known of the steps that a connection takes.
import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { rows, statement } from '../db/sql.ts'
import type { OnboardingFacts } from './onboarding.ts'

export interface OnboardingRow extends OnboardingFacts {
  connectionId: string
  customerId: string
  name: string
  warehouseId: string
  /** Of the warehouse. */
  timeZone: string
  requestId: string | null
  contactName: string | null
  contactEmail: string | null
  /** Null where there is none. */
  agreementId: string | null
  provider: string | null
  signerName: string | null
  signerEmail: string | null
  sentAt: Date | null
  documentSha256: string | null
  signedSha256: string | null
}

const facts = `SELECT connection.id AS connection_id, connection.customer_id, connection.name, connection.warehouse_id, connection.status, connection.created_at, connection.inventory_sync,
     connection.tested_at, connection.tested_by, connection.checks, connection.live_at, connection.live_by, connection.turnaround_hours, warehouse.time_zone,
     survey.at AS surveyed_at, survey.by AS surveyed_by, survey.request_id, survey.contact_name, survey.contact_email,
     held.authorized_at, held.authorized_by,
     agreement.id AS agreement_id, agreement.provider, agreement.status AS agreement_status, agreement.status_reason AS agreement_reason, agreement.signer_name, agreement.signer_email,
     agreement.sent_at, agreement.signed_at, agreement.signer_name AS signed_by, agreement.ended_at, agreement.document_sha256, agreement.signed_sha256
   FROM connections AS connection JOIN warehouses AS warehouse ON warehouse.id = connection.warehouse_id
   LEFT JOIN surveys AS survey ON survey.connection_id = connection.id
   LEFT JOIN authorizations AS held ON held.id = connection.authorization_id
   LEFT JOIN agreements AS agreement ON agreement.id = connection.agreement_id
   WHERE ($1::uuid[] IS NULL OR connection.customer_id = ANY($1))`

const byId = statement('onboardingOfConnections', `${facts} AND connection.id = ANY($2::uuid[])`)
export const onboardingOfConnection = defineLoader<OnboardingRow>('onboardingOfConnection', async (scope, ids) =>
  byKey(await rows<OnboardingRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.connectionId),
)

const underWay = statement('onboardingUnderWay', `${facts} AND connection.status = 'ONBOARDING' ORDER BY connection.id`)
/** Every connection that is being set up. */
export const onboardingUnderWay = (scope: Scope): Promise<OnboardingRow[]> => rows(scope.db.pool, underWay, [scope.tenant])

const ofRequest = statement('onboardingOfRequest', `${facts} AND survey.request_id = $2 AND connection.status <> 'DISCONNECTED' ORDER BY connection.name, connection.id`)
/** The connections of one survey. */
export const onboardingOfRequest = (scope: Scope, requestId: string): Promise<OnboardingRow[]> => rows(scope.db.pool, ofRequest, [scope.tenant, requestId])

export const tellOverdue = statement(
  'tellOverdue',
  `UPDATE connections SET overdue_told_for = $3 WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = $2 AND status = 'ONBOARDING' AND overdue_told_for IS DISTINCT FROM $3`,
)
