/** The LIKE pattern of a prefix search that ignores case, for columns compared in upper case; null for a blank or absent one. */
export function likePrefix(search: string | null | undefined): string | null {
  const trimmed = search?.trim() ?? ''
  return trimmed === '' ? null : `${trimmed.toUpperCase().replace(/[\\%_]/g, '\\$&')}%`
}
