// Fixed, so that a seed can connect to them. Invented: they open nothing outside the simulator.
import { catalogueOf, type Product } from './catalogue.ts'

/** The one application that all simulated sellers have authorized. */
export const demoApplication = {
  applicationId: 'amzn1.sp.solution.cartage-simulator',
  clientId: 'amzn1.application-oa2-client.cartage-simulator',
  clientSecret: 'amzn1.oa2-cs.v1.simulated-secret',
} as const

export interface DemoSeller {
  merchantId: string
  name: string
  marketplaceId: string
  clientId: string
  clientSecret: string
  refreshToken: string
  /** Its listings; those fulfilled by AMAZON are not the warehouse's. */
  products: readonly Product[]
}
export type DemoSellers = readonly [DemoSeller, DemoSeller]

const { clientId, clientSecret } = demoApplication

export const demoSellers: DemoSellers = [
  {
    merchantId: 'A2CARTAGEDEMOUS',
    name: 'Harbor & Kiln (amazon.com)',
    marketplaceId: 'ATVPDKIKX0DER',
    clientId,
    clientSecret,
    refreshToken: 'Atzr|demo-seller-amazon-com',
    products: catalogueOf('USD'),
  },
  {
    merchantId: 'A3CARTAGEDEMOUK',
    name: 'Harbour & Kiln (amazon.co.uk)',
    marketplaceId: 'A1F83G8C2ARO7P',
    clientId,
    clientSecret,
    refreshToken: 'Atzr|demo-seller-amazon-co-uk',
    products: catalogueOf('GBP'),
  },
]
