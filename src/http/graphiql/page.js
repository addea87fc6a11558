// Runs in the browser. Everything it needs comes with the page: nothing is fetched from elsewhere.
const { token, tabs } = JSON.parse(document.getElementById('settings').textContent)
const authorization = token === null ? {} : { Authorization: `Bearer ${token}` }
const url = new URL('/graphql', location.href)
const subscriptionUrl = Object.assign(new URL(url), { protocol: url.protocol === 'https:' ? 'wss:' : 'ws:' })
const fetcher = GraphiQL.createFetcher({ url: url.href, subscriptionUrl: subscriptionUrl.href })

// The headers editor is what counts, on either transport; a tab that was restored without its headers still has the token.
const withToken = (parameters, options = {}) => {
  const own = options.headers ?? {}
  const hasOwn = Object.keys(own).some((name) => name.toLowerCase() === 'authorization')
  return fetcher(parameters, { ...options, headers: hasOwn ? own : { ...authorization, ...own } })
}

// A link in a mail has a query of its own: it gets a tab.
const asked = new URL(location.href).searchParams
const query = asked.get('query')

const headers = JSON.stringify(token === null ? { Authorization: 'Bearer ' } : authorization, null, 2)
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher: withToken,
    defaultHeaders: headers,
    ...(query === null ? {} : { query, variables: asked.get('variables') ?? '{}', headers }),
    defaultTabs: tabs.map((tab) => ({ ...tab, headers })),
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
    isHeadersEditorEnabled: true,
  }),
)
