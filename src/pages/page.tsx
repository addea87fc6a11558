// Pages that the gateway itself shows to people: one frame, one style, no scripts, nothing from elsewhere.
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { ReactElement, ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'

const style = `:root{color-scheme:light dark;--mark:#5b6b7d;--ink:light-dark(#1b1f24,#e6edf3);--paper:light-dark(#fff,#161b22);--line:light-dark(#d5dae0,#3a424c);--soft:light-dark(#f4f6f8,#1f2630);--dim:light-dark(#59636e,#9aa5b1);--blue:light-dark(#1f5fbf,#7db3ff);--red:light-dark(#b42318,#ff8a7d)}
.done{--mark:#1a7f37}.refused{--mark:#b42318}.unavailable{--mark:#9a6700}.plain{--mark:#1f5fbf}
*{box-sizing:border-box}body{font:1.05rem/1.55 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--paper)}
main{max-width:44rem;margin:8vh auto 4rem;padding:0 1.25rem}.wide main{max-width:72rem;margin-top:2rem}
.card{border-left:.3rem solid var(--mark);padding:.1rem 0 .1rem 1.5rem}
h1{font-size:1.5rem;line-height:1.25;margin:.2rem 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}a{color:var(--blue)}p{margin:.6rem 0}
.dim{color:var(--dim);font-size:.92rem}.error{color:var(--red);font-weight:600;margin:.2rem 0}
form{margin:1rem 0}fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:.6rem 1rem 1rem}legend{font-weight:600;padding:0 .4rem}
label{display:block;margin:.7rem 0 .2rem;font-weight:600}label.choice{font-weight:400;display:flex;gap:.6rem;align-items:baseline;margin:.35rem 0}
input:not([type=checkbox]):not([type=radio]),textarea,select{font:inherit;width:100%;padding:.5rem .65rem;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.4rem}
[aria-invalid=true]{border-color:var(--red)!important}
button{font:inherit;font-weight:600;padding:.6rem 1.2rem;border:0;border-radius:.4rem;background:#1f5fbf;color:#fff;cursor:pointer;margin-top:.8rem}
button.quiet{background:none;color:var(--blue);border:1px solid var(--line)}
:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.95rem}th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}th{color:var(--dim);font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem;margin:.8rem 0}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
ol.steps{list-style:none;padding:0;margin:1rem 0}ol.steps li{padding:.45rem 0 .45rem 1.9rem;position:relative;border-bottom:1px solid var(--line)}ol.steps li::before{content:"\\25CB";position:absolute;left:.3rem;color:var(--dim)}ol.steps li.did::before{content:"\\2713";color:#1a7f37;font-weight:700}
iframe{width:100%;height:70vh;border:1px solid var(--line);border-radius:.4rem;background:#fff}pre{white-space:pre-wrap;background:var(--soft);padding:1rem;border-radius:.4rem;overflow-wrap:anywhere}code{overflow-wrap:anywhere}
@media (max-width:40rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}.narrow-off{display:none}}`

const styleHash = createHash('sha256').update(style).digest('base64')

export interface PageContent {
  title: string
  body: ReactNode
  /** The colour of its mark; none: a page without a card. */
  mood?: 'done' | 'refused' | 'unavailable' | 'plain'
  wide?: boolean
  /** Where its forms may lead beside this site, such as a marketplace's consent page that a form is answered with. */
  formsTo?: readonly string[]
  /** No forms at all, unless told. */
  forms?: boolean
  /** Pages of this site may stand in frames of it, and documents that it holds itself. */
  frames?: boolean
  refreshSeconds?: number
}

/** A whole page and the policy that goes with it. Whatever it shows is escaped. */
export function renderPage({ title, body, mood, wide = false, formsTo = [], forms = false, frames = false, refreshSeconds }: PageContent): { html: string; policy: string } {
  const page: ReactElement = (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width" />
        {refreshSeconds === undefined ? null : <meta httpEquiv="refresh" content={String(refreshSeconds)} />}
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body className={[mood, wide ? 'wide' : ''].filter(Boolean).join(' ') || undefined}>
        <main>
          <div className={mood === undefined ? undefined : 'card'}>
            <h1>{title}</h1>
            {body}
          </div>
        </main>
      </body>
    </html>
  )
  const formAction = forms ? ["'self'", ...formsTo].join(' ') : "'none'"
  const policy = `default-src 'none';style-src 'sha256-${styleHash}';form-action ${formAction};base-uri 'none';frame-ancestors ${frames ? "'self'" : "'none'"}${frames ? ";frame-src 'self'" : ''}`
  return { html: `<!doctype html>${renderToStaticMarkup(page)}\n`, policy }
}

/** Answers with a page. Nobody keeps it, and nobody else is told where it was come from. */
export function sendPage(reply: FastifyReply, status: number, content: PageContent): FastifyReply {
  const { html, policy } = renderPage(content)
  // Under no-referrer, browsers send their own site's forms as from nowhere (Origin: null).
  const referrers = content.forms === true ? 'same-origin' : 'no-referrer'
  if (content.frames === true) void reply.header('x-frame-options', 'SAMEORIGIN')
  return reply.code(status).header('content-security-policy', policy).header('cache-control', 'no-store').header('referrer-policy', referrers).type('text/html; charset=utf-8').send(html)
}

/** Paragraphs, one for each. */
export const Words = ({ words }: { words: readonly string[] }): ReactElement => <>{words.map((one) => <p key={one}>{one}</p>)}</>
