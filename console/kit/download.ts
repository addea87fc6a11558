const formula = /^[=+\-@\t\r]/

/** RFC 4180. A cell that a spreadsheet would reckon is made plain text, as a buyer may have written it. */
export const csvLine = (cells: readonly string[]): string => `${cells.map((cell) => {
  const safe = formula.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}).join(',')}\r\n`

export function download(name: string, parts: string[], type = 'text/csv'): void {
  const url = URL.createObjectURL(new Blob(['\uFEFF', ...parts], { type: `${type};charset=utf-8` }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
