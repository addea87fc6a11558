// A merchant's browser without scripts: it keeps cookies of one site, follows what it is sent to, and fills in forms.
export interface Page {
  status: number
  url: string
  title: string
  html: string
  headers: Headers
}

export interface Browser {
  open(url: string): Promise<Page>
  /** Sends a page's form with what is filled in; arrays are boxes of one name. */
  send(url: string, form?: Record<string, string | string[]>, headers?: Record<string, string>): Promise<Page>
  /** As send, without following where it leads. */
  sendOnly(url: string, form?: Record<string, string | string[]>): Promise<Response>
  cookie: string | null
}

export function newBrowser(origin: string): Browser {
  /** As browsers do: a page without referrers sends its forms as from nowhere. */
  let from = origin
  const browser: Browser = {
    cookie: null,
    open: (url) => follow(new URL(url, origin)),
    async send(url, form = {}, headers = {}) {
      return arrive(new URL(url, origin), await post(url, form, headers))
    },
    sendOnly: (url, form = {}) => post(url, form, {}),
  }
  return browser

  async function follow(url: URL): Promise<Page> {
    return arrive(url, await fetch(url, { redirect: 'manual', headers: cookies(url) }))
  }

  async function arrive(url: URL, response: Response): Promise<Page> {
    keep(url, response)
    const to = response.headers.get('location')
    if (to !== null) return follow(new URL(to, url))
    const html = await response.text()
    from = response.headers.get('referrer-policy') === 'no-referrer' ? 'null' : origin
    return { status: response.status, url: url.href, title: unescaped(/<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? ''), html, headers: response.headers }
  }

  async function post(to: string, form: Record<string, string | string[]>, headers: Record<string, string>): Promise<Response> {
    const url = new URL(to, origin)
    const body = new URLSearchParams(Object.entries(form).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])))
    const response = await fetch(url, { method: 'POST', redirect: 'manual', body, headers: { origin: from, 'sec-fetch-site': 'same-origin', ...cookies(url), ...headers } })
    keep(url, response)
    return response
  }

  function cookies(url: URL): Record<string, string> {
    return browser.cookie !== null && url.origin === origin && url.pathname.startsWith('/setup') ? { cookie: browser.cookie } : {}
  }

  function keep(url: URL, response: Response): void {
    const set = response.headers.get('set-cookie')
    if (set !== null && url.origin === origin) browser.cookie = set.split(';')[0]!
  }
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" }
export const unescaped = (html: string): string => html.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity]!)
