/** What the gateway tells its console: src/console/console.site.ts has the words. */
export interface Settings {
  embedded: boolean
  mailbox: boolean
  graphiql: boolean
  trusted: boolean
  oidc: { issuer: string; clientId: string; scope: string } | null
}

let known: Settings | undefined

export const settings = (): Settings => known!

/** They come with the page; a page that is served by Vite asks for them. */
export async function readSettings(): Promise<void> {
  const text = document.getElementById('settings')?.textContent ?? ''
  known = text.startsWith('{{') ? ((await (await fetch('/console.json')).json()) as Settings) : (JSON.parse(text) as Settings)
}
