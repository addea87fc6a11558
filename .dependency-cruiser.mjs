// Which way imports point, as docs/house.md draws it. Every rule is a row of this file's tables; `import type` counts.

/** Each room, and those below it that it may import. A room that is not here is a feature. */
const rooms = {
  kit: [],
  config: ['kit'],
  observability: ['config', 'kit'],
  db: ['observability', 'config', 'kit'],
  auth: ['db', 'observability', 'config', 'kit'],
  graphql: ['auth', 'kit'],
  events: ['graphql', 'auth', 'db', 'observability', 'config', 'kit'],
  jobs: ['events', 'graphql', 'auth', 'db', 'observability', 'config', 'kit'],
  marketplaces: ['auth', 'db', 'observability', 'config', 'kit'],
  execution: ['graphql', 'auth', 'observability', 'kit'],
  subscriptions: ['graphql', 'auth', 'observability', 'config', 'kit'],
  pages: ['kit'],
  console: ['config', 'kit'],
  mail: ['pages', 'auth', 'db', 'observability', 'config', 'kit'],
  agreements: ['kit'],
  http: ['pages', 'execution', 'subscriptions', 'graphql', 'auth', 'observability', 'config', 'kit'],
}

/** Each feature, and the features it may import, beside the rooms that all of them may. */
const features = {
  customers: [],
  access: ['customers'],
  connections: ['customers'],
  notifications: ['connections', 'customers'],
  webhooks: ['connections', 'customers'],
  onboarding: ['notifications', 'connections', 'customers'],
  setup: ['onboarding', 'notifications', 'connections', 'customers'],
  inventory: ['connections', 'customers'],
  orders: ['inventory', 'connections', 'customers'],
  shipments: ['orders', 'inventory', 'connections', 'customers'],
  activity: ['webhooks', 'shipments', 'orders', 'inventory', 'connections', 'customers'],
}
const belowFeatures = ['mail', 'pages', 'events', 'jobs', 'graphql', 'auth', 'db', 'observability', 'config', 'kit']
const seam = ['marketplaces/channel\\.ts', 'marketplaces/registry\\.ts', 'agreements/provider\\.ts', 'agreements/document\\.ts']

/** Plain values in, plain answer out: these know neither database nor GraphQL. A new rule file is added by its name. */
const rules = {
  connections: ['connection', 'cadence', 'settings', 'survey', 'expiry', 'authorization-outcome'],
  customers: ['address'],
  jobs: ['room'],
  mail: ['sending'],
  notifications: ['topics', 'due', 'contact'],
  webhooks: ['backoff', 'target', 'message'],
  onboarding: ['onboarding', 'promise'],
  inventory: ['level', 'listing', 'inventory-rule', 'sync-times'],
  orders: ['order', 'plan-import', 'import-codes', 'search-progress', 'charges'],
  shipments: ['routing', 'carriers', 'built-in-carriers', 'carriers-file', 'number-patterns', 'tracking-numbers', 'tracking-times', 'packages', 'plan'],
}

const ours = '^src/'
const inside = (room) => `^src/${room}/`
const only = (name, room, allowed) => ({
  name,
  severity: 'error',
  from: { path: inside(room) },
  to: { path: ours, pathNot: [inside(room), ...allowed] },
})

export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-orphan',
      comment: 'A file that nobody imports and that imports nobody is dead, unless it is started or run by its name.',
      severity: 'error',
      from: { orphan: true, path: ours, pathNot: ['^src/main\\.ts$', '^src/cli\\.ts$', '^src/db/generated/', '^src/client/generated/', '\\.d\\.ts$', '^src/http/graphiql/'] },
      to: {},
    },
    ...Object.entries(rooms).map(([room, below]) => only(`${room}-points-down`, room, below.map(inside))),
    ...Object.entries(features).map(([feature, others]) =>
      only(`${feature}-points-down`, feature, [...[...others, ...belowFeatures].map(inside), ...seam.map((file) => `^src/${file}$`)])),
    {
      name: 'main-composes',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: { path: ours, pathNot: ['app', 'http', 'marketplaces/amazon', 'observability', 'config', 'kit'].map(inside) },
    },
    {
      name: 'only-app-names-a-channel',
      severity: 'error',
      from: { path: ours, pathNot: ['^src/app/', '^src/main\\.ts$', '^src/cli\\.ts$', '^src/marketplaces/amazon/', '^src/agreements/docusign/'] },
      to: { path: ['^src/marketplaces/[^/]+/', '^src/agreements/[^/]+/'] },
    },
    {
      name: 'rules-stay-pure',
      comment: 'A rule file imports neither the database nor GraphQL, nor a file that does by its kind.',
      severity: 'error',
      from: { path: Object.entries(rules).map(([feature, files]) => `^src/${feature}/(${files.join('|')})\\.ts$`) },
      to: { path: ['^src/(db|graphql|http)/', '\\.(store|resolver|types|jobs)\\.ts$', '^node_modules/(pg|@prisma|graphql|type-graphql)'] },
    },
    {
      name: 'simulator-stands-alone',
      comment: 'What plays Amazon must not share its reading of the protocol with what is tested against it.',
      severity: 'error',
      from: { path: '^src/marketplaces/amazon/simulator/' },
      to: { path: ours, pathNot: ['^src/marketplaces/amazon/simulator/', '^src/kit/', '^src/observability/'] },
    },
    {
      name: 'client-stands-alone',
      comment: 'A front end takes the kit without the gateway, and into a browser: its own files, and for subscriptions graphql-ws.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { pathNot: ['^src/client/', '(^|/)node_modules/graphql-ws/'] },
    },
    {
      name: 'client-asks-without-packages',
      comment: 'graphql-ws is wanted by those alone who subscribe.',
      severity: 'error',
      from: { path: '^src/client/', pathNot: '^src/client/subscribe\\.ts$' },
      to: { path: '(^|/)node_modules/' },
    },
    {
      name: 'nobody-imports-the-client',
      comment: 'The kit is what others build on; the gateway itself has no use for it.',
      severity: 'error',
      from: { path: ours, pathNot: '^src/client/' },
      to: { path: '^src/client/' },
    },
    {
      name: 'console-builds-on-the-client-kit-alone',
      comment: 'The pages are a front end like any other: they know the public contract, and the kit that others have too.',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: ours, pathNot: '^src/client/' },
    },
    {
      name: 'product-stands-without-tests',
      severity: 'error',
      from: { path: '^(src|console)/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'no-development-package-in-the-product',
      severity: 'error',
      from: { path: ours },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    // TypeScript 7 has no API to parse with.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '^src/db/generated/'] },
    exclude: { path: ['\\.(css|svg)$', 'vite/client'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
}
