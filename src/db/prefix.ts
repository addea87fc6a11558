// Search by prefix. Both sides go through the database's own upper(): JavaScript's makes SS of ß, PostgreSQL's keeps it.

/** SQL: `column` begins with the parameter `n`, whatever their case. For an index on upper(column) text_pattern_ops. */
export function beginsWith(column: string, n: string): string {
  // As a range, not LIKE: a prepared statement can use it without knowing the value, and no character of it is a wildcard.
  return `upper(${column}) ~>=~ upper(${n}::text) AND upper(${column}) ~<~ (upper(${n}::text) || chr(1114111))`
}

/** What that index is sorted by: named in ORDER BY, it is the index that is read, and no further than the LIMIT. */
export const prefixOrder = (column: string): string => `upper(${column}) USING ~<~`
