import { BadRequest } from './errors.ts'

/** What to search for, without the blanks around it; null for a blank or absent one. @throws BadRequest */
export function searchText(search: string | null | undefined, ...field: string[]): string | null {
  if (search?.includes('\0')) throw new BadRequest('holds a NUL character', ...field)
  return search?.trim() || null
}
