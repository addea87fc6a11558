// Colours and measures of a mail. Inline, as many readers of mail know nothing else; what inline cannot say stands in `sheet`.
const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif'
const ink = '#1b1f24'
const dim = '#5b6570'
const line = '#e3e6ea'

export const styles = {
  body: { backgroundColor: '#f4f5f7', color: ink, fontFamily: sans, margin: 0, padding: '24px 12px' },
  container: { backgroundColor: '#ffffff', borderRadius: '8px', maxWidth: '600px', margin: '0 auto' },
  inside: { padding: '32px' },
  heading: { color: ink, fontSize: '22px', fontWeight: 700, lineHeight: '28px', margin: '0 0 16px' },
  subheading: { color: ink, fontSize: '16px', fontWeight: 700, lineHeight: '22px', margin: '26px 0 8px' },
  text: { color: ink, fontSize: '15px', lineHeight: '23px', margin: '0 0 14px' },
  link: { color: '#1f5fbf', textDecoration: 'underline' },
  button: { backgroundColor: '#1f5fbf', borderRadius: '6px', color: '#ffffff', fontSize: '15px', fontWeight: 600, lineHeight: '20px', margin: '8px 0 4px', padding: '11px 20px', textDecoration: 'none' },
  facts: { borderCollapse: 'collapse', margin: '4px 0 18px' },
  label: { color: dim, fontSize: '14px', fontWeight: 400, lineHeight: '21px', padding: '3px 16px 3px 0', textAlign: 'left', verticalAlign: 'top', whiteSpace: 'nowrap' },
  value: { color: ink, fontSize: '14px', lineHeight: '21px', overflowWrap: 'anywhere', padding: '3px 0', verticalAlign: 'top' },
  entries: { listStyleType: 'none', margin: '0 0 14px', padding: 0 },
  entry: { borderTop: `1px solid ${line}`, color: ink, fontSize: '15px', lineHeight: '22px', margin: 0, overflowWrap: 'anywhere', padding: '9px 0' },
  detail: { color: dim, fontSize: '14px', lineHeight: '20px' },
  quote: { borderLeft: `3px solid ${line}`, color: dim, fontSize: '14px', lineHeight: '21px', margin: '0 0 16px', overflowWrap: 'anywhere', padding: '2px 0 2px 14px' },
  rule: { border: 'none', borderTop: `1px solid ${line}`, margin: '28px 0 16px', width: '100%' },
  small: { color: dim, fontSize: '12px', lineHeight: '18px', margin: '0 0 6px' },
} as const

/** Readers that show mails in the dark have these; others turn colours round by themselves, or do not. */
export const sheet = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.body,.body>table>tbody>tr>td{background-color:#0f1419!important}.paper{background-color:#1a2129!important}
.ink{color:#e6edf3!important}.dim{color:#a0abb7!important}.link{color:#7db3ff!important}.line{border-color:#36404b!important}
.button{background-color:#2f6fd0!important;color:#ffffff!important}}
@media (max-width:480px){.inside{padding:24px 18px!important}.button{display:block!important;text-align:center!important}}`
