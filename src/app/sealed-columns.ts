import type { SealedColumn } from '../auth/reseal.ts'
import { sealedCredentials } from '../connections/authorizations.ts'
import { sealedDocuments } from '../onboarding/agreeing.ts'
import { sealedFailures } from '../orders/store-found-orders.ts'
import { sealedSecrets } from '../webhooks/secrets.ts'

/** Every column that has sealed texts. */
export const sealedColumns = [sealedCredentials, sealedFailures, ...sealedDocuments, ...sealedSecrets] as unknown as readonly SealedColumn<{ id: string }>[]
