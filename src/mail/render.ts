import { convert } from 'html-to-text'
import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'

const doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'

/** A mail's two forms: HTML, and the same in plain text. Whatever the elements hold is escaped. */
export function renderMail(body: ReactElement): { html: string; text: string } {
  const html = renderToStaticMarkup(body)
  const text = convert(html, {
    wordwrap: 78,
    selectors: [
      { selector: '[data-skip-in-text=true]', format: 'skip' },
      { selector: 'img', format: 'skip' },
      { selector: 'h1', options: { uppercase: false } },
      { selector: 'h2', options: { uppercase: false } },
      { selector: 'ul', options: { itemPrefix: '* ' } },
      { selector: 'table[data-facts=true]', format: 'dataTable', options: { colSpacing: 3, rowSpacing: 0, uppercaseHeaderCells: false, maxColumnWidth: 60 } },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true, linkBrackets: false } },
    ],
  })
  return { html: `${doctype}${html}`, text }
}
